/*
 * view: addresses that show a page another way, or are for doing something.
 *
 * A site links to its pages sorted, for printing, as they were last year; and
 * to its login, its cart, the results of a search.  No reader of a list of
 * pages wants them.  They are told by their parameters and names; these rules
 * do not apply to what a sitemap lists.
 */
#ifndef WORKER_CRAWL_RULES_ALTERNATE_VIEW_H
#define WORKER_CRAWL_RULES_ALTERNATE_VIEW_H

#include "worker/crawl/disposition.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct url;

struct view {
	enum fate fate;   /* FATE_VIEW, FATE_TASK; FATE_PENDING: a page */
	const char *why;  /* detail of the fate; NULL */
	const char *page; /* of FATE_VIEW: the target ("/shop?c=3") of the page
			     that is shown; NULL: not known */
};

/* view_judge: by the address alone; what is found lives in a. */
void view_judge(struct arena *a, const struct url *u, struct view *out);

/*
 * view_may_be_task: the page is called as a login, a cart or the like are, and
 * is one if it has little text: a guide to searching is called so, too.  Never
 * one of a reference, "/docs/cli/login".
 */
bool view_may_be_task(const struct url *u);

/* view_is_task: of a page that may be one, its words, and if it shows code. */
bool view_is_task(uint32_t words, bool code);

/* view_amp: "/a/b/" of "/a/b/amp/"; NULL of others. */
const char *view_amp(struct arena *a, const struct url *u);

#endif
