/* A page's words, a NUL, a line of a model that is to be held against them. */
#include "t/fuzz/fuzz.h"

#include "core/arena.h"
#include "worker/extract/charset.h"
#include "worker/llms/grounding.h"

#include <stdlib.h>
#include <string.h>

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
check(struct arena *a, const char *page, size_t n, const char *line)
{
	struct grounding *g = grounding_new(a, page, n);
	const char *why = grounding_check(g, line), *again;

	again = grounding_check(g, line);
	must((why == NULL) == (again == NULL));
	must(why == NULL || strcmp(why, again) == 0);
	must(why == NULL || utf8_valid(line, strlen(line)) != strlen(line) ||
	     utf8_valid(why, strlen(why)) == strlen(why));
	/* What the page says itself holds. */
	grounding_add(g, line, strlen(line));
	must(grounding_check(g, line) == NULL);
	must(grounding_title(g, line) == NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *page = (const char *)data;
	const char *nul = memchr(page, '\0', len);
	size_t n = nul == NULL ? len : (size_t)(nul - page);
	struct arena a;

	arena_init(&a);
	check(&a, page, n,
	    nul == NULL ? "" : arena_strndup(&a, nul + 1, len - n - 1));
	arena_release(&a);
	return 0;
}
