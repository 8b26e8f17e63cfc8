/*
 * Edits of a site that has moved: to https, to its "www." name or back.
 *
 * The crawler takes such addresses for one page (core/url.h), so edits do,
 * too, but only where an address itself is not in the generated file: two
 * twins that are both there stay two lines.
 */
#include "core/arena.h"
#include "core/llms_edits.h"
#include "core/llms_line_match.h"
#include "core/strmap.h"

#include <string.h>
#include <strings.h>

struct rebase {
	const struct llms_file *g;
	struct strmap exact; /* generated links by URL */
	struct strmap twins; /* and by key; the first of those that share it */
	struct strmap old;   /* the edits by the URLs they had */
	bool *taken;         /* of each generated link: an edit is its own */
};

const char *
llms_twin_key(const char *url)
{
	const char *p = strstr(url, "://");

	if (p == NULL)
		return url;
	p += 3;
	return strncasecmp(p, "www.", 4) == 0 ? p + 4 : p;
}

static void
make_maps(struct arena *a, struct rebase *r, const struct llms_edits *e)
{
	strmap_init(&r->exact, a, r->g->nlinks, false);
	strmap_init(&r->twins, a, r->g->nlinks, false);
	strmap_init(&r->old, a, e->nlinks, false);
	r->taken = arena_array(a, r->g->nlinks + 1, sizeof(*r->taken));
	for (uint32_t i = 0; i < r->g->nlinks; i++) {
		const char *url = r->g->links[i].url;

		(void)strmap_add(&r->exact, url, i);
		(void)strmap_add(&r->twins, llms_twin_key(url), i);
	}
	for (uint32_t i = 0; i < e->nlinks; i++) {
		uint32_t at = strmap_get(&r->exact, e->links[i].url);

		(void)strmap_add(&r->old, e->links[i].url, i);
		if (at != STRMAP_NONE)
			r->taken[at] = true;
	}
}

/* The address that the page of an edit has now. */
static const char *
moved_address(struct rebase *r, const struct llms_edit *e)
{
	uint32_t at;

	if (e->alone || strmap_get(&r->exact, e->url) != STRMAP_NONE)
		return e->url;
	at = strmap_get(&r->twins, llms_twin_key(e->url));
	if (at == STRMAP_NONE || r->taken[at])
		return e->url;
	r->taken[at] = true;
	return r->g->links[at].url;
}

/* The line before: a generated one, an edit's, or what became of it. */
static const char *
moved_after(
    const struct rebase *r, const struct llms_edits *out, const char *url)
{
	uint32_t at;

	if (url == NULL || strmap_get(&r->exact, url) != STRMAP_NONE)
		return url;
	if ((at = strmap_get(&r->old, url)) != STRMAP_NONE)
		return out->links[at].url;
	at = strmap_get(&r->twins, llms_twin_key(url));
	return at == STRMAP_NONE ? url : r->g->links[at].url;
}

void
llms_edits_rebase(struct arena *a, const struct llms_file *generated,
    const struct llms_edits *e, struct llms_edits *out)
{
	struct rebase r = {.g = generated};

	*out = *e;
	make_maps(a, &r, e);
	out->links = arena_array(a, e->nlinks + 1, sizeof(*out->links));
	for (size_t i = 0; i < e->nlinks; i++) {
		out->links[i] = e->links[i];
		out->links[i].url = moved_address(&r, &e->links[i]);
	}
	for (size_t i = 0; i < e->nlinks; i++)
		out->links[i].after = moved_after(&r, out, e->links[i].after);
}
