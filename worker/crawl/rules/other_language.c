/* other_language: the page is in another language than the one chosen. */
#include "worker/crawl/rules/language.h"
#include "worker/crawl/url_rule.h"
#include "worker/crawl/visits.h"

static enum disposition
judge_other_language(struct url_case *c)
{
	const struct frontier_entry *e =
	    frontier_at(c->visits->c->frontier, c->entry);

	c->detail =
	    languages_excluded(c->visits->languages, e->target, e->lang);
	return c->detail != NULL ? DISPOSITION_LANGUAGE : DISPOSITION_PENDING;
}

const struct url_rule url_rule_other_language = {
    .name = "other_language",
    .stage = URL_RULE_VARIANT,
    .order = 10,
    .judge = judge_other_language,
};
