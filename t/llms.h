/* llms: an llms.txt of a test's own, parsed. */
#ifndef T_LLMS_H
#define T_LLMS_H

#include "core/arena.h"
#include "core/llms_parse.h"
#include "t/tap.h"

#include <string.h>

/* parse: text, in the arena; what is wrong with it fails the test. */
static struct llms_file *
parse(struct arena *a, const char *text)
{
	struct llms_file *f = arena_alloc(a, sizeof(*f));

	if (llms_parse(a, text, strlen(text), f) != OK)
		tap_ok(0, __FILE__, __LINE__, "line %u: %s", f->issues[0].line,
		    f->issues[0].what);
	return f;
}

#endif
