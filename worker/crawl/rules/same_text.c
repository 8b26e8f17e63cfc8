/* same_text: another page has the same title and the same text. */
#include "core/arena.h"
#include "worker/crawl/content_hash.h"
#include "worker/crawl/url_rule.h"
#include "worker/crawl/visits.h"

#include <search.h>

/* A text of the site, known by its hash; a node of visits.content_hashes. */
struct content_hash_entry {
	uint64_t hash;
	uint32_t entry;
};

static int
compare_content_hashes(const void *x, const void *y)
{
	const struct content_hash_entry *a = x, *b = y;

	return (a->hash > b->hash) - (a->hash < b->hash);
}

static enum disposition
judge_same_text(struct url_case *c)
{
	struct visits *vs = c->visits;
	const struct html_page *d = &c->visit->doc;
	struct content_hash_entry *s, **found;
	enum disposition first;

	if (d->markdown_len == 0)
		return DISPOSITION_PENDING;
	s = arena_alloc(vs->c->a, sizeof(*s));
	s->hash = content_hash(d->title, d->markdown, d->markdown_len);
	s->entry = c->entry;
	found = tsearch(s, &vs->content_hashes, compare_content_hashes);
	if (found == NULL || *found == s)
		return DISPOSITION_PENDING;
	/*
	 * The page that had it first has left the list since, or is this one.
	 */
	first = frontier_at(vs->c->frontier, (*found)->entry)->disposition;
	if ((*found)->entry == c->entry || first == DISPOSITION_LANGUAGE ||
	    first == DISPOSITION_VERSION) {
		(*found)->entry = c->entry;
		return DISPOSITION_PENDING;
	}
	c->other = (*found)->entry;
	return DISPOSITION_SAME_TEXT;
}

static void
learn_same_text(struct url_case *c)
{
	frontier_learn_duplicate(c->visits->c->frontier, c->entry, true);
}

const struct url_rule url_rule_same_text = {
    .name = "same_text",
    .stage = URL_RULE_CONTENT,
    .order = 70,
    .judge = judge_same_text,
    .decided = learn_same_text,
};
