/*
 * trap: addresses that are not worth following, told by their looks.
 *
 * A breadth-first crawl meets calendars without end, filters in every
 * combination and links that nest for ever.  These rules bound them; they do
 * not apply to what a sitemap lists.
 */
#ifndef WORKER_CRAWL_RULES_URL_TRAP_H
#define WORKER_CRAWL_RULES_URL_TRAP_H

#include <stdbool.h>

struct arena;
struct trap;
struct url;

/* trap_new: empty counts, in the arena. */
struct trap *trap_new(struct arena *a);

/*
 * trap_catches: why the URL is left alone, as the end of a sentence ("more
 * than 20 variations of /shop by its parameters"); NULL: follow it.  Counts
 * the URL, so ask once for each.
 */
const char *trap_catches(struct trap *t, const struct url *u);

/*
 * trap_tires: the same of one that was queued before enough was known of its
 * like.  taken: it was visited and counts; else nothing changes.
 */
const char *trap_tires(struct trap *t, const struct url *u, bool taken);

/*
 * trap_learn: what became of a visited page with parameters: it says what
 * another page says (same), or has a text of its own.
 */
void trap_learn(struct trap *t, const struct url *u, bool same);

/*
 * trap_not_page: the ending of a path that is no page (".pdf"), or NULL.  The
 * string is static.
 */
const char *trap_not_page(const struct url *u);

#endif
