/* not_page: the path ends as those of files that are no pages do (".pdf"). */
#include "worker/crawl/rules/url_trap.h"
#include "worker/crawl/url_rule.h"

static enum disposition
judge_not_page(struct url_case *c)
{
	c->detail = file_extension_of(c->url);
	return c->detail != NULL ? DISPOSITION_NOT_PAGE : DISPOSITION_PENDING;
}

const struct url_rule url_rule_not_page = {
    .name = "not_page",
    .stage = URL_RULE_ADDRESS,
    .order = 30,
    .judge = judge_not_page,
};
