#include "worker/crawl/rules/path_pattern.h"

#include "core/arena.h"
#include "core/url_glob.h"
#include "worker/crawl/options.h"

struct url_glob **
path_pattern_compile(struct arena *a, const struct crawl_globs *g)
{
	struct url_glob **out =
	    arena_array(a, g->n + 1, sizeof(struct url_glob *));

	for (size_t i = 0; i < g->n; i++)
		out[i] = url_glob_new(a, g->pattern[i]);
	return out;
}

const char *
path_pattern_match(struct url_glob **g, const struct url *u, uint64_t *steps)
{
	for (; *g != NULL; g++)
		if (url_glob_matches(*g, u, steps))
			return url_glob_pattern(*g);
	return NULL;
}
