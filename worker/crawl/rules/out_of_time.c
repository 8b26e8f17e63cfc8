/* out_of_time: the time of the crawl was over before this page. */
#include "worker/crawl/url_rule.h"
#include "worker/crawl/visits.h"

static enum disposition
judge_out_of_time(struct url_case *c)
{
	return crawl_time_is_up(c->visits->c) ? DISPOSITION_OUT_OF_TIME
					      : DISPOSITION_PENDING;
}

const struct url_rule url_rule_out_of_time = {
    .name = "out_of_time",
    .stage = URL_RULE_END,
    .order = 30,
    .judge = judge_out_of_time,
};
