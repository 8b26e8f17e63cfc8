/* noindex: the page asks not to be indexed. */
#include "worker/crawl/url_rule.h"
#include "worker/crawl/visits.h"

static enum disposition
judge_noindex(struct url_case *c)
{
	return c->visit->doc.noindex ? DISPOSITION_NOINDEX
				     : DISPOSITION_PENDING;
}

const struct url_rule url_rule_noindex = {
    .name = "noindex",
    .stage = URL_RULE_CONTENT,
    .order = 10,
    .judge = judge_noindex,
};
