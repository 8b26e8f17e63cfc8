/* refreshed: the page only sends its readers on (worker/extract/refresh.h). */
#include "core/arena.h"
#include "worker/crawl/url_rule.h"
#include "worker/crawl/visits.h"

static enum disposition
judge_refreshed(struct url_case *c)
{
	struct visits *vs = c->visits;
	struct frontier *f = vs->c->frontier;
	unsigned depth = frontier_at(f, c->entry)->depth;
	struct url to;

	if (!page_visit_redirects(vs->c->a, c->visit, &to))
		return DISPOSITION_PENDING;
	if (!url_same_site(&to, &vs->c->home)) {
		c->detail = arena_printf(c->arena, "it leads to %s", to.text);
		return DISPOSITION_OTHER_SITE;
	}
	return visits_find_replacement(vs, c->entry,
		   frontier_add(f, to.text, FROM_PAGE, depth), &c->other)
		   ? DISPOSITION_REDIRECT
		   : DISPOSITION_PENDING;
}

const struct url_rule url_rule_refreshed = {
    .name = "refreshed",
    .stage = URL_RULE_REPLACEMENT,
    .order = 10,
    .judge = judge_refreshed,
};
