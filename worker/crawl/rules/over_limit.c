/* over_limit: the limit of pages was reached before this one. */
#include "worker/crawl/url_rule.h"
#include "worker/crawl/visits.h"

static enum disposition
judge_over_limit(struct url_case *c)
{
	return c->visits->listed >= c->visits->c->o->limit
		   ? DISPOSITION_OVER_LIMIT
		   : DISPOSITION_PENDING;
}

const struct url_rule url_rule_over_limit = {
    .name = "over_limit",
    .stage = URL_RULE_END,
    .order = 10,
    .judge = judge_over_limit,
};
