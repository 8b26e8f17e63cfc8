/*
 * alternate_view: addresses that show a page another way, or are for doing
 * something.
 *
 * A site links to its pages sorted, for printing, as they were last year; and
 * to its login, its cart, the results of a search.  No reader of a list of
 * pages wants them.  They are told by their parameters and names; these rules
 * do not apply to what a sitemap lists.
 */
#ifndef WORKER_CRAWL_RULES_ALTERNATE_VIEW_H
#define WORKER_CRAWL_RULES_ALTERNATE_VIEW_H

#include "worker/site/disposition.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct url;

struct alternate_view {
	enum disposition disposition; /* DISPOSITION_VIEW, DISPOSITION_TASK;
					 DISPOSITION_PENDING: a page */
	const char *why;              /* detail of the disposition; NULL */
	const char *page; /* of DISPOSITION_VIEW: the target ("/shop?c=3") of
			     the page that is shown; NULL: not known */
};

/* alternate_view_judge: by the address alone; what is found lives in a. */
void alternate_view_judge(
    struct arena *a, const struct url *u, struct alternate_view *out);

/*
 * may_be_task_address: the page is called as a login, a cart or the like are,
 * and is one if it has little text: a guide to searching is called so, too.
 * Never one of a reference, "/docs/cli/login".
 */
bool may_be_task_address(const struct url *u);

/* is_task_page: of a page that may be one, its words, and if it shows code. */
bool is_task_page(uint32_t words, bool code);

/* amp_page_target: "/a/b/" of "/a/b/amp/"; NULL of others. */
const char *amp_page_target(struct arena *a, const struct url *u);

#endif
