/*
 * task: the page is called as a login, a cart or a search are, and has no more
 * text than such a page.
 */
#include "worker/crawl/rules/alternate_view.h"
#include "worker/crawl/url_rule.h"
#include "worker/crawl/visits.h"

#include <string.h>

/* has_code_block: as a page about a command has. */
static bool
has_code_block(const struct html_page *d)
{
	return memmem(d->markdown, d->markdown_len, "```", 3) != NULL;
}

static enum disposition
judge_task(struct url_case *c)
{
	const struct html_page *d = &c->visit->doc;

	return frontier_at(c->visits->c->frontier, c->entry)->may_be_task &&
		       is_task_page(d->words, has_code_block(d))
		   ? DISPOSITION_TASK
		   : DISPOSITION_PENDING;
}

const struct url_rule url_rule_task = {
    .name = "task",
    .stage = URL_RULE_CONTENT,
    .order = 50,
    .links_only = true,
    .judge = judge_task,
};
