/*
 * trap_mix: paths that put the same words in every order, as the filters of a
 * shop do ("/red/xl/new", "/xl/new/red").
 *
 * Two orders of two words are no sign ("/convert/usd/eur"); three orders of
 * one set of words are, once there are several such sets.
 */
#ifndef WORKER_CRAWL_RULES_FACETED_NAV_H
#define WORKER_CRAWL_RULES_FACETED_NAV_H

#include <stdbool.h>

struct arena;
struct trap_mix;
struct url;

/* trap_mix_new: nothing seen, in the arena. */
struct trap_mix *trap_mix_new(struct arena *a);

/*
 * trap_mix_catches: why an address, asked for once, is left alone; NULL:
 * follow it.  The string is static.
 */
const char *trap_mix_catches(struct trap_mix *m, const struct url *u);

/*
 * trap_mix_tires: the same of one that was queued before enough was known.
 * taken: it was visited and counts; else nothing changes.
 */
const char *trap_mix_tires(struct trap_mix *m, const struct url *u, bool taken);

#endif
