/* not_included: there are include patterns, and none fits the address. */
#include "worker/crawl/rules/path_pattern.h"
#include "worker/crawl/url_rule.h"

static enum disposition
judge_not_included(struct url_case *c)
{
	struct url_glob **include = c->address->include;

	return *include != NULL && path_pattern_match(include, c->url,
				       &c->address->steps) == NULL
		   ? DISPOSITION_NOT_INCLUDED
		   : DISPOSITION_PENDING;
}

const struct url_rule url_rule_not_included = {
    .name = "not_included",
    .stage = URL_RULE_ADDRESS,
    .order = 20,
    .judge = judge_not_included,
};
