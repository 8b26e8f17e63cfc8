/*
 * redirected: the server leads to another page of the site, or away from it.
 * A page that only moved to an address nobody knew is judged there.
 */
#include "core/arena.h"
#include "worker/crawl/url_rule.h"
#include "worker/crawl/visits.h"

#include <string.h>

/* judge_refused_redirect: it was not followed, or must not have been. */
static enum disposition
judge_refused_redirect(struct url_case *c)
{
	struct url to;

	if (url_parse(c->arena, c->visit->final_url, &to) == OK &&
	    url_same_site(&to, &c->visits->c->home)) {
		c->detail = arena_printf(c->arena,
		    "it leads to %s, which robots.txt does not allow", to.text);
		return DISPOSITION_ROBOTS;
	}
	c->detail =
	    arena_printf(c->arena, "it leads to %s", c->visit->final_url);
	return DISPOSITION_OTHER_SITE;
}

static enum disposition
judge_redirected(struct url_case *c)
{
	struct visits *vs = c->visits;
	struct frontier *f = vs->c->frontier;
	bool was_stub = visits_is_version_stub(vs, c->entry);
	uint32_t i;

	if (c->visit->error == FETCH_REDIRECT_REFUSED)
		return judge_refused_redirect(c);
	if (!page_visit_is_html(c->visit) ||
	    strcmp(c->visit->url, c->visit->final_url) == 0)
		return DISPOSITION_PENDING;
	i = frontier_move(f, c->entry, c->visit->final_url);
	if (i == FRONTIER_NONE)
		return judge_refused_redirect(c);
	visits_move_version_stub(vs, was_stub, i);
	if (i != c->entry)
		return visits_find_replacement(vs, c->entry, i, &c->other)
			   ? DISPOSITION_REDIRECT
			   : DISPOSITION_PENDING;
	c->detail = frontier_at(f, i)->detail;
	return frontier_at(f, i)->disposition;
}

const struct url_rule url_rule_redirected = {
    .name = "redirected",
    .stage = URL_RULE_RESPONSE,
    .order = 70,
    .judge = judge_redirected,
};
