/* trap: one of endless variations of a page. */
#include "worker/crawl/rules/url_trap.h"
#include "worker/crawl/url_rule.h"

static enum disposition
judge_trap(struct url_case *c)
{
	c->detail = url_trap_check(c->address->url_trap, c->url);
	return c->detail != NULL ? DISPOSITION_TRAP : DISPOSITION_PENDING;
}

static enum disposition
recheck_trap(struct url_case *c, bool visited)
{
	c->detail = url_trap_recheck(c->address->url_trap, c->url, visited);
	return c->detail != NULL ? DISPOSITION_TRAP : DISPOSITION_PENDING;
}

const struct url_rule url_rule_trap = {
    .name = "trap",
    .stage = URL_RULE_ADDRESS,
    .order = 60,
    .links_only = true,
    .judge = judge_trap,
    .recheck = recheck_trap,
};
