/* The encoding of any bytes, and their text: always good UTF-8. */
#include "t/fuzz/fuzz.h"

#include "worker/extract/charset.h"

#include <stdlib.h>
#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data, *name;
	struct arena a;
	char *text;
	size_t len;
	bool bad;

	arena_init(&a);
	name = charset_find(NULL, bytes, size);
	text = charset_decode(&a, name, bytes, size, &len, &bad);
	if (utf8_valid(text, len) != len || memchr(text, 0, len) != NULL)
		abort();
	arena_release(&a);
	return 0;
}
