/* answer_not_html: the answer is no HTML, by its type or by what it holds. */
#include "worker/crawl/url_rule.h"
#include "worker/crawl/visits.h"

static enum disposition
judge_answer_not_html(struct url_case *c)
{
	if (c->visit->error != FETCH_UNWANTED &&
	    !(page_visit_is_parsed(c->visit) && !c->visit->doc.is_html))
		return DISPOSITION_PENDING;
	c->detail = c->visit->type;
	return DISPOSITION_NOT_PAGE;
}

const struct url_rule url_rule_answer_not_html = {
    .name = "answer_not_html",
    .stage = URL_RULE_RESPONSE,
    .order = 10,
    .judge = judge_answer_not_html,
};
