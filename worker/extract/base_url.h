/*
 * base_url: makes links absolute (RFC 3986, section 5.2, as browsers do it).
 *
 * The result is not in the canonical form of core/url.h, because people read
 * it in the text; whoever fetches it parses it there.
 */
#ifndef WORKER_EXTRACT_BASE_URL_H
#define WORKER_EXTRACT_BASE_URL_H

#include "core/arena.h"
#include "core/buf.h"
#include "worker/extract/tree.h"

#define BASE_URL_MAX 4096 /* bytes of a URL; longer ones are dropped */

/* A URL taken apart; the slices point into text. */
struct base_url {
	const char *text;
	struct slice scheme;    /* "https" */
	struct slice authority; /* "example.org:8080" */
	struct slice path;      /* "/a/b.html" */
	struct slice query;     /* "?x=1" or empty */
};

/* base_url_parse: false when url is no absolute http(s) one (b is unusable). */
bool base_url_parse(struct base_url *b, const char *url);

/*
 * base_url_resolve: appends ref, made absolute, to out.  False, and nothing
 * appended, when it is empty, too long, or neither http(s) nor mailto.
 * fragment: keep "#part".  b may be unusable: then only absolute ones pass.
 */
bool base_url_resolve(
    const struct base_url *b, struct slice ref, bool fragment, struct buf *out);

/* base_url_resolve_str: the same for http(s) only, in the arena; "" when false.
 */
const char *base_url_resolve_str(
    const struct base_url *b, struct arena *a, struct slice ref, bool fragment);

#endif
