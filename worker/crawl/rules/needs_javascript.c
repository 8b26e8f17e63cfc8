/*
 * needs_javascript: the page shows its text only with JavaScript, and has no
 * title and description that say what it is.
 */
#include "worker/crawl/rules/self_description.h"
#include "worker/crawl/url_rule.h"
#include "worker/crawl/visits.h"

static enum disposition
judge_needs_javascript(struct url_case *c)
{
	return (c->visit->doc.flags & HTML_PAGE_SHELL) != 0 &&
		       !describes_itself(c->visits, c->visit)
		   ? DISPOSITION_NEEDS_JAVASCRIPT
		   : DISPOSITION_PENDING;
}

const struct url_rule url_rule_needs_javascript = {
    .name = "needs_javascript",
    .stage = URL_RULE_CONTENT,
    .order = 20,
    .judge = judge_needs_javascript,
};
