/* parse_failed: reading the page cost too much or broke the parser. */
#include "worker/crawl/url_rule.h"
#include "worker/crawl/visits.h"

static enum disposition
judge_parse_failed(struct url_case *c)
{
	if (c->visit->error != FETCH_OK || c->visit->status != 200 ||
	    c->visit->parse_why == NULL)
		return DISPOSITION_PENDING;
	c->detail = c->visit->parse_why;
	return DISPOSITION_PARSE_ERROR;
}

const struct url_rule url_rule_parse_failed = {
    .name = "parse_failed",
    .stage = URL_RULE_RESPONSE,
    .order = 50,
    .judge = judge_parse_failed,
};
