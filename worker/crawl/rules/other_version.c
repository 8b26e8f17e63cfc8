/*
 * other_version: the page is of another version of the documentation than the
 * one kept.  The first page of each version stays.
 */
#include "worker/crawl/rules/version.h"
#include "worker/crawl/url_rule.h"
#include "worker/crawl/visits.h"

static enum disposition
judge_other_version(struct url_case *c)
{
	const struct frontier_entry *e =
	    frontier_at(c->visits->c->frontier, c->entry);

	if (e->version_stub)
		return DISPOSITION_PENDING;
	c->detail = versions_excluded(c->visits->versions, e->target);
	return c->detail != NULL ? DISPOSITION_VERSION : DISPOSITION_PENDING;
}

const struct url_rule url_rule_other_version = {
    .name = "other_version",
    .stage = URL_RULE_VARIANT,
    .order = 20,
    .judge = judge_other_version,
};
