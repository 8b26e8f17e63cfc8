/*
 * url_trap: addresses that are not worth following, told by their looks.
 *
 * A breadth-first crawl meets calendars without end, filters in every
 * combination and links that nest for ever.  These rules bound them; they do
 * not apply to what a sitemap lists.
 */
#ifndef WORKER_CRAWL_RULES_URL_TRAP_H
#define WORKER_CRAWL_RULES_URL_TRAP_H

#include <stdbool.h>

struct arena;
struct url_trap;
struct url;

/* url_trap_new: empty counts, in the arena. */
struct url_trap *url_trap_new(struct arena *a);

/*
 * url_trap_check: why the URL is left alone, as the end of a sentence ("more
 * than 20 variations of /shop by its parameters"); NULL: follow it.  Counts
 * the URL, so ask once for each.
 */
const char *url_trap_check(struct url_trap *t, const struct url *u);

/*
 * url_trap_recheck: the same of one that was queued before enough was known of
 * its like.  taken: it was visited and counts; else nothing changes.
 */
const char *url_trap_recheck(
    struct url_trap *t, const struct url *u, bool taken);

/*
 * url_trap_learn: what became of a visited page with parameters: it says what
 * another page says (same), or has a text of its own.
 */
void url_trap_learn(struct url_trap *t, const struct url *u, bool same);

/*
 * file_extension_of: the ending of a path that is no page (".pdf"), or NULL.
 * The string is static.
 */
const char *file_extension_of(const struct url *u);

#endif
