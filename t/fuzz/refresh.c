/* A line: the content of <meta http-equiv=refresh>; then a script. */
#include "t/fuzz/fuzz.h"

#include "core/arena.h"
#include "worker/extract/refresh.h"

#include <stdlib.h>
#include <string.h>

static void
must(bool holds)
{
	if (!holds)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *s = (const char *)data, *end = memchr(s, '\n', len), *to;
	size_t n = end == NULL ? len : (size_t)(end - s);
	struct slice content, url = {NULL, 0}, script;
	struct arena a;
	int seconds;

	if (len == 0)
		return 0;
	arena_init(&a);
	/* Exactly as long as they are: a byte beyond is seen. */
	content = (struct slice){arena_strndup(&a, s, n), n};
	if (refresh_read(content, &seconds, &url)) {
		must(seconds >= 0 && seconds < 10 * REFRESH_MOST);
		must(url.len == 0 ||
		     (url.s >= content.s && url.s + url.len <= content.s + n));
	}
	script = (struct slice){s + n, len - n};
	to = refresh_script(&a, script);
	must(strlen(to) < len && strchr(to, '\n') == NULL);
	must(
	    *to == '\0' || memmem(script.s, script.len, "location", 8) != NULL);
	arena_release(&a);
	return 0;
}
