/*
 * alternate_view: addresses that show a page in another way, and pages for
 * doing something.
 *
 * A site links to its pages sorted, for printing, and as they were last year;
 * and to its login, its cart and its search results.  A list of pages needs
 * none of them.  They are recognized by their parameters and names.
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

/* alternate_view_judge: by the address alone; strings of out live in a. */
void alternate_view_judge(
    struct arena *a, const struct url *u, struct alternate_view *out);

/*
 * may_be_task_address: the page has the name of a login, a cart or the like. It
 * is one if it has little text (is_task_page), since a guide to searching may
 * have such a name, too.  Never a page of a reference, "/docs/cli/login".
 */
bool may_be_task_address(const struct url *u);

/* is_task_page: a page that may be one is one, by its words and its code. */
bool is_task_page(uint32_t words, bool code);

/* amp_page_target: "/a/b/" for "/a/b/amp/"; NULL for other paths. */
const char *amp_page_target(struct arena *a, const struct url *u);

#endif
