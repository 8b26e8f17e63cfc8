/* further_page: the second or a later page of a list; its links were read. */
#include "worker/crawl/rules/pagination.h"
#include "worker/crawl/url_rule.h"
#include "worker/crawl/visits.h"

static enum disposition
judge_further_page(struct url_case *c)
{
	return is_pagination_page(
		   c->visits->c->frontier, c->entry, c->visit->doc.title)
		   ? DISPOSITION_FURTHER_PAGE
		   : DISPOSITION_PENDING;
}

const struct url_rule url_rule_further_page = {
    .name = "further_page",
    .stage = URL_RULE_CONTENT,
    .order = 40,
    .links_only = true,
    .judge = judge_further_page,
};
