/* site_gone: the site stopped answering before this page. */
#include "worker/crawl/url_rule.h"
#include "worker/crawl/visits.h"

static enum disposition
judge_site_gone(struct url_case *c)
{
	return c->visits->unanswered >= VISITS_MAX_UNANSWERED
		   ? DISPOSITION_SITE_GONE
		   : DISPOSITION_PENDING;
}

const struct url_rule url_rule_site_gone = {
    .name = "site_gone",
    .stage = URL_RULE_END,
    .order = 20,
    .judge = judge_site_gone,
};
