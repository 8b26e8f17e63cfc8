/* excluded: an exclude pattern of the order fits the address. */
#include "worker/crawl/rules/path_pattern.h"
#include "worker/crawl/url_rule.h"

static enum disposition
judge_excluded(struct url_case *c)
{
	c->detail =
	    path_pattern_match(c->address->exclude, c->url, &c->address->steps);
	return c->detail != NULL ? DISPOSITION_EXCLUDED : DISPOSITION_PENDING;
}

const struct url_rule url_rule_excluded = {
    .name = "excluded",
    .stage = URL_RULE_ADDRESS,
    .order = 10,
    .judge = judge_excluded,
};
