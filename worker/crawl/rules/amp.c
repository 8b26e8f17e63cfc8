/* amp: the short form of another page for telephones, "/a/b/amp". */
#include "core/arena.h"
#include "worker/crawl/rules/alternate_view.h"
#include "worker/crawl/rules/pagination.h"
#include "worker/crawl/url_rule.h"
#include "worker/crawl/visits.h"

/*
 * amp_original: the page at /a/b of the one at /a/b/amp, if both have one
 * title: an amplifier's page has its own.
 */
static uint32_t
amp_original(struct frontier *f, const struct page_visit *v)
{
	uint32_t page = FRONTIER_NONE;
	const struct frontier_entry *e;
	const char *target;
	struct arena a;
	struct url u, to;

	arena_init(&a);
	if (url_parse(&a, frontier_url(f, v->entry, &a), &u) == OK &&
	    (target = amp_page_target(&a, &u)) != NULL &&
	    url_resolve(&a, &u, target, &to) == OK)
		page = frontier_find(f, to.text);
	arena_release(&a);
	if (page != FRONTIER_NONE)
		page = frontier_canonical(f, page);
	if (page == FRONTIER_NONE || page == v->entry)
		return FRONTIER_NONE;
	e = frontier_at(f, page);
	if (e->disposition == DISPOSITION_LISTED &&
	    e->title_hash == title_hash(v->doc.title))
		return page;
	return FRONTIER_NONE;
}

static enum disposition
judge_amp(struct url_case *c)
{
	c->other = amp_original(c->visits->c->frontier, c->visit);
	return c->other != FRONTIER_NONE ? DISPOSITION_VIEW
					 : DISPOSITION_PENDING;
}

const struct url_rule url_rule_amp = {
    .name = "amp",
    .stage = URL_RULE_CONTENT,
    .order = 60,
    .links_only = true,
    .judge = judge_amp,
};
