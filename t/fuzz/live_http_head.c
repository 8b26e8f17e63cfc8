/* The head of a request to the sidecar. */
#include "t/fuzz/fuzz.h"

#include "core/text.h"
#include "ws/http_head.h"

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
	const char *p = (const char *)data, *why = NULL;
	size_t n = http_head_length(p, len);
	struct arena a;
	struct http_head h;
	int status;

	must(n <= len);
	arena_init(&a);
	status = http_head_parse(&a, p, n == 0 ? len : n, &h, &why);
	must((status == 0) == (why == NULL));
	must(status == 0 || text_valid(why, strlen(why)));
	must(
	    h.nargs <= HTTP_HEAD_ARGS_MAX && h.nfields <= HTTP_HEAD_FIELDS_MAX);
	must(text_valid(h.path, strlen(h.path)));
	for (int i = 0; i < h.nargs; i++) {
		must(text_valid(h.args[i].name, strlen(h.args[i].name)));
		must(text_valid(h.args[i].value, strlen(h.args[i].value)));
	}
	for (int i = 0; i < h.nfields; i++)
		must(http_head_field(&a, &h, h.fields[i].name) != NULL);
	(void)http_head_has_token(
	    http_head_field(&a, &h, "connection"), "upgrade");
	(void)http_head_first_token(&a, http_head_field(&a, &h, "x"));
	arena_release(&a);
	return 0;
}
