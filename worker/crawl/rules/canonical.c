/*
 * canonical: the page names another one of the site as the one to use.  One
 * that failed is not believed, nor is a template that names the home page for
 * all pages.
 */
#include "worker/crawl/url_rule.h"
#include "worker/crawl/visits.h"
#include "worker/site/text_line.h"

static enum disposition
judge_canonical(struct url_case *c)
{
	struct visits *vs = c->visits;
	struct frontier *f = vs->c->frontier;
	const struct frontier_entry *e = frontier_at(f, c->entry);
	const struct html_page *d = &c->visit->doc;
	enum disposition other;
	uint32_t i;

	if (*d->canonical == '\0' || e->ignores_canonical)
		return DISPOSITION_PENDING;
	i = frontier_add(f, d->canonical, FROM_PAGE, e->depth);
	if (i == FRONTIER_NONE)
		return DISPOSITION_PENDING;
	i = frontier_canonical(f, i);
	other = frontier_at(f, i)->disposition;
	if (other != DISPOSITION_PENDING && other != DISPOSITION_LISTED)
		return DISPOSITION_PENDING;
	if (i == 0 && vs->home != NULL && vs->home->read &&
	    !text_line_same(d->title, vs->home->doc.title))
		return DISPOSITION_PENDING;
	return visits_find_replacement(vs, c->entry, i, &c->other)
		   ? DISPOSITION_CANONICAL
		   : DISPOSITION_PENDING;
}

const struct url_rule url_rule_canonical = {
    .name = "canonical",
    .stage = URL_RULE_REPLACEMENT,
    .order = 20,
    .judge = judge_canonical,
};
