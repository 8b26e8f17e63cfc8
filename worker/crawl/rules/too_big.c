/* too_big: the page is larger than the limit. */
#include "worker/crawl/url_rule.h"
#include "worker/crawl/visits.h"

static enum disposition
judge_too_big(struct url_case *c)
{
	if (c->visit->error != FETCH_TOO_BIG)
		return DISPOSITION_PENDING;
	c->detail = c->visit->why;
	return DISPOSITION_TOO_BIG;
}

const struct url_rule url_rule_too_big = {
    .name = "too_big",
    .stage = URL_RULE_RESPONSE,
    .order = 30,
    .judge = judge_too_big,
};
