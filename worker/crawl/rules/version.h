/*
 * version: chooses one version of documentation that a site has in several.
 *
 * A version is recognized by a part of the path: "/3.11/", "/docs/v2.1/",
 * "/en/stable/", "/docs/1.x/".  It counts once two of them have pages of the
 * same name, so dates, ids, a lone "/api/v1/" and the pages of a changelog are
 * no versions.  "stable", "current" or "latest" is kept whole, else the newest
 * number; of each other version the first page is kept.
 */
#ifndef WORKER_CRAWL_RULES_VERSION_H
#define WORKER_CRAWL_RULES_VERSION_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct crawl_globs; /* worker/crawl/options.h */
struct versions;

/*
 * versions_new: nothing is known yet; lives in the arena.  A version that a
 * pattern of include (may be NULL) names was asked for, and is kept.
 */
struct versions *versions_new(
    struct arena *a, const struct crawl_globs *include);

/*
 * versions_note_address: there is a page at target ("/3.11/a.html"); once for
 * each.
 */
void versions_note_address(struct versions *v, const char *target);

/*
 * versions_decide: true if another version is kept than at the last call: what
 * was excluded then may not be now, and the other way round.
 */
bool versions_decide(struct versions *v);

/*
 * versions_excluded: the version ("3.10") of a page that is not of the version
 * kept and not the first page of its own, in the arena; NULL: the page is kept.
 */
const char *versions_excluded(const struct versions *v, const char *target);

/*
 * versions_is_stub: it is the first page of a version that is not kept whole.
 */
bool versions_is_stub(const struct versions *v, const char *target);

/* Where versions_next_stub goes on; it begins with all zero. */
struct versions_cursor {
	size_t family, version;
};

/*
 * versions_next_stub: the first page ("/docs/3.10/") of the next version that
 * is not kept whole, in the arena; NULL: there are no more.
 */
const char *versions_next_stub(
    const struct versions *v, struct versions_cursor *at);

/*
 * versions_drop_empty: a version that is kept whole turned out to have no
 * pages: is_empty was true for its path ("/docs/latest/").  True when one was
 * dropped; then decide again.
 */
bool versions_drop_empty(struct versions *v,
    bool (*is_empty)(void *arg, const char *root), void *arg);

/*
 * is_version_part: n bytes of a path are a version ("3.11", "v2", "stable").
 * Bare numbers count: only what surrounds them can tell.
 */
bool is_version_part(const char *s, size_t n);

#endif
