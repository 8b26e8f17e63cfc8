/* http_error: the server answered with another status than 200. */
#include "core/arena.h"
#include "worker/crawl/url_rule.h"
#include "worker/crawl/visits.h"

static enum disposition
judge_http_error(struct url_case *c)
{
	if (c->visit->error != FETCH_OK || c->visit->status == 200)
		return DISPOSITION_PENDING;
	c->detail = arena_strdup(
	    c->arena, fetch_status_text(c->visit->status, (char[48]){0}));
	return DISPOSITION_HTTP_ERROR;
}

/* Another spelling of the address may be the one that works. */
static void
retry_http_error(struct url_case *c)
{
	(void)frontier_retry_alias(c->visits->c->frontier, c->entry);
}

const struct url_rule url_rule_http_error = {
    .name = "http_error",
    .stage = URL_RULE_RESPONSE,
    .order = 40,
    .judge = judge_http_error,
    .decided = retry_http_error,
};
