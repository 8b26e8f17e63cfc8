/* robots_disallowed: robots.txt does not allow the address. */
#include "core/url.h"
#include "worker/crawl/url_rule.h"
#include "worker/fetch/robots.h"

static enum disposition
judge_robots_disallowed(struct url_case *c)
{
	/* The target of "http://a//b" alone would read as a host "b". */
	struct robots_verdict v =
	    robots_check(c->address->robots, c->url->text);

	c->address->steps += v.steps;
	if (v.allowed)
		return DISPOSITION_PENDING;
	c->detail = v.rule;
	return DISPOSITION_ROBOTS;
}

const struct url_rule url_rule_robots_disallowed = {
    .name = "robots_disallowed",
    .stage = URL_RULE_ADDRESS,
    .order = 40,
    .judge = judge_robots_disallowed,
};
