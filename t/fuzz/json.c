/* JSON from outside: what is taken says the same when it is sent again. */
#include "t/fuzz/fuzz.h"

#include "core/arena.h"
#include "core/json.h"
#include "core/text.h"

#include <stdlib.h>
#include <string.h>

static void
must(bool holds)
{
	if (!holds)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct json_object *o;
	const char *text, *why;

	arena_init(&a);
	o = json_parse(&a, (const char *)data, size, &why);
	must((o == NULL) == (why != NULL));
	if (o != NULL) {
		text = arena_strdup(&a, json_text(o));
		must(text_valid(text, strlen(text)));
		o = json_parse(&a, text, strlen(text), &why);
		must(o != NULL && strcmp(json_text(o), text) == 0);
	} else {
		must(text_valid(why, strlen(why)));
	}
	arena_release(&a);
	return 0;
}
