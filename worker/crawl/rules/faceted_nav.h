/*
 * faceted_nav: paths that put the same words in every order, as the filters of
 * a shop do ("/red/xl/new", "/xl/new/red").
 *
 * Two orders of two words prove nothing ("/convert/usd/eur"); three orders
 * of one set of words do, once there are several such sets.
 */
#ifndef WORKER_CRAWL_RULES_FACETED_NAV_H
#define WORKER_CRAWL_RULES_FACETED_NAV_H

#include <stdbool.h>

struct arena;
struct faceted_nav;
struct url;

/* faceted_nav_new: nothing is known yet; lives in the arena. */
struct faceted_nav *faceted_nav_new(struct arena *a);

/*
 * faceted_nav_check: why an address is not followed, a static string; NULL:
 * follow it.  Ask once for each.
 */
const char *faceted_nav_check(struct faceted_nav *m, const struct url *u);

/*
 * faceted_nav_recheck: the same, for an address that was queued before enough
 * was known.  visited: it was fetched and is counted; otherwise nothing
 * changes.
 */
const char *faceted_nav_recheck(
    struct faceted_nav *m, const struct url *u, bool visited);

#endif
