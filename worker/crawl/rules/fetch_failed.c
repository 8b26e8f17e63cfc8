/* fetch_failed: no usable answer came, for a reason that no other rule has. */
#include "worker/crawl/url_rule.h"
#include "worker/crawl/visits.h"

static enum disposition
judge_fetch_failed(struct url_case *c)
{
	/* The redirect's own rule says where it leads. */
	if (c->visit->error == FETCH_OK ||
	    c->visit->error == FETCH_REDIRECT_REFUSED)
		return DISPOSITION_PENDING;
	c->detail = c->visit->why;
	return DISPOSITION_FETCH_ERROR;
}

const struct url_rule url_rule_fetch_failed = {
    .name = "fetch_failed",
    .stage = URL_RULE_RESPONSE,
    .order = 60,
    .judge = judge_fetch_failed,
};
