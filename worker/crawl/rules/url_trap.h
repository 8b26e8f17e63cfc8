/*
 * url_trap: addresses of which a site has no end: the pages of a calendar,
 * filters in every combination, links that nest for ever.  They are recognized
 * by their form and counted; what a sitemap lists is not affected.
 */
#ifndef WORKER_CRAWL_RULES_URL_TRAP_H
#define WORKER_CRAWL_RULES_URL_TRAP_H

#include <stdbool.h>

struct arena;
struct url_trap;
struct url;

/* url_trap_new: without counts; lives in the arena. */
struct url_trap *url_trap_new(struct arena *a);

/*
 * url_trap_check: why the URL is not followed, as the end of a sentence ("more
 * than 20 variations of /shop by its parameters"); NULL: follow it.  The URL is
 * counted, so ask once for each.
 */
const char *url_trap_check(struct url_trap *t, const struct url *u);

/*
 * url_trap_recheck: the same, for a URL that was queued before enough was known
 * about similar ones.  visited: it was fetched and is counted; otherwise
 * nothing changes.
 */
const char *url_trap_recheck(
    struct url_trap *t, const struct url *u, bool visited);

/*
 * url_trap_learn: a page with parameters was visited; its text is that of
 * another page (same), or its own.
 */
void url_trap_learn(struct url_trap *t, const struct url *u, bool same);

#endif
