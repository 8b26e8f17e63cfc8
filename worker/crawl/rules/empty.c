/* empty: the page has no text, and no title and description in its place. */
#include "worker/crawl/rules/self_description.h"
#include "worker/crawl/url_rule.h"
#include "worker/crawl/visits.h"

static enum disposition
judge_empty(struct url_case *c)
{
	const struct html_page *d = &c->visit->doc;

	return d->words == 0 && *d->h1 == '\0' &&
		       (d->flags & HTML_PAGE_SHELL) == 0 &&
		       !describes_itself(c->visits, c->visit)
		   ? DISPOSITION_EMPTY
		   : DISPOSITION_PENDING;
}

const struct url_rule url_rule_empty = {
    .name = "empty",
    .stage = URL_RULE_CONTENT,
    .order = 30,
    .judge = judge_empty,
};
