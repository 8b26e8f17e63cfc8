/*
 * base: links made absolute (RFC 3986, section 5.2, as browsers do it).
 *
 * Resolves as written, without the canonical form of core/url.h, which a
 * text for people does not want; whoever fetches the result parses it there.
 */
#ifndef WORKER_EXTRACT_BASE_H
#define WORKER_EXTRACT_BASE_H

#include "core/arena.h"
#include "core/buf.h"
#include "worker/extract/tree.h"

#define BASE_URL_MAX 4096 /* bytes of a URL; longer ones are dropped */

/* A URL taken apart; the slices point into text. */
struct base {
	const char *text;
	struct slice scheme;    /* "https" */
	struct slice authority; /* "example.org:8080" */
	struct slice path;      /* "/a/b.html" */
	struct slice query;     /* "?x=1" or empty */
};

/* base_init: false when url is no absolute http(s) one (b is unusable). */
bool base_init(struct base *b, const char *url);

/*
 * base_join: appends ref, made absolute, to out.  False, and nothing
 * appended, when it is empty, too long, or neither http(s) nor mailto.
 * fragment: keep "#part".  b may be unusable: then only absolute ones pass.
 */
bool base_join(
    const struct base *b, struct slice ref, bool fragment, struct buf *out);

/* base_join_str: the same for http(s) only, in the arena; "" when false. */
const char *base_join_str(
    const struct base *b, struct arena *a, struct slice ref, bool fragment);

#endif
