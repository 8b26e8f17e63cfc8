/* too_deep: the page is more links away from the home page than is allowed. */
#include "worker/crawl/url_rule.h"

static enum disposition
judge_too_deep(struct url_case *c)
{
	return c->depth > c->address->max_depth ? DISPOSITION_TOO_DEEP
						: DISPOSITION_PENDING;
}

const struct url_rule url_rule_too_deep = {
    .name = "too_deep",
    .stage = URL_RULE_ADDRESS,
    .order = 70,
    .links_only = true,
    .judge = judge_too_deep,
};
