/*
 * site_gave_up: the site was given up before this page, since it asked for a
 * pause or refused.
 */
#include "worker/crawl/url_rule.h"
#include "worker/crawl/visits.h"

static enum disposition
judge_site_gave_up(struct url_case *c)
{
	if (c->visit->error != FETCH_GAVE_UP)
		return DISPOSITION_PENDING;
	c->detail = c->visit->why;
	return DISPOSITION_SITE_GONE;
}

const struct url_rule url_rule_site_gave_up = {
    .name = "site_gave_up",
    .stage = URL_RULE_RESPONSE,
    .order = 20,
    .judge = judge_site_gave_up,
};
