/*
 * hubs: which page lists another, from the links between them.
 *
 * A hub is a page that is mostly a list of others (a chapter's contents, a
 * category), or one its members link back to from their navigation (a
 * breadcrumb).
 */
#ifndef WORKER_LLMS_HUBS_H
#define WORKER_LLMS_HUBS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct described_site;

/* Which pages list a page in their text: from[at[page]] to at[page + 1]. */
struct backlinks {
	size_t *at;
	uint32_t *from; /* in order; one that does it twice twice */
};

/* backlinks_find: of the whole site, once for all of its sets; lives in a. */
struct backlinks *backlinks_find(
    struct arena *a, const struct described_site *site);

/*
 * hubs_find: for each of the n pages the hub whose group it is in, as an
 * index into site->pages, in hub[] (n of them); SITE_NONE for a page in none.
 * A hub of the set is in its own group.  There are at most `most` groups: the
 * smallest join the group their hub is in.  barred (one per page of the site)
 * says which pages are no hubs.
 */
void hubs_find(const struct described_site *site, const struct backlinks *back,
    const uint32_t *pages, size_t n, size_t most, const bool *barred,
    const uint32_t *above, uint32_t *hub);

#endif
