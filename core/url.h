/*
 * url: one canonical form per http(s) URL.
 *
 * Invariants: a reference is read as browsers read it (WHATWG URL) or
 * refused, so it never names another host than a visitor would reach.
 * text is canonical: scheme and host in lower case, the host in ASCII (IDNA
 * 2008, TR46 mapping), no default port, no user, no fragment, no dot segments,
 * one percent-encoding, no tracking parameter or session id, no empty query. So
 * who connects (curl) reads the same host in it (t/fuzz/url.c holds them
 * together).
 * Strings belong to the arena given; nothing is freed alone.  A crawl that
 * resolves the links of many pages gives a scratch arena and resets it.
 */
#ifndef CORE_URL_H
#define CORE_URL_H

#include "core/arena.h"
#include "core/rc.h"

#include <stdbool.h>
#include <stddef.h>

/* Longer references are refused: no page needs one (bytes). */
#define URL_MAX_BYTES 4096

struct url {
	const char *text;   /* the whole: "https://example.org/a?b=1" */
	const char *scheme; /* "http" or "https" */
	const char *host;   /* "example.org", "192.0.2.1", "[2001:db8::1]" */
	const char *target; /* of the request line: "/a?b=1" (inside text) */
	const char *path;   /* "/a" */
	const char *query;  /* "b=1" (inside text); NULL when there is none */
	int port;           /* always set: 80 and 443 when not written */
};

/*
 * url_parse: takes an absolute http(s) URL apart.  White space around it and
 * line breaks within are dropped, and slashes before the host may be missing
 * or too many, as browsers have it.  E_INPUT: not http(s), a user or
 * password, no or a bad host, too long.
 */
enum rc url_parse(
    struct arena *a, const char *text, struct url *out) MUST_CHECK;

/*
 * url_resolve: the reference of a link on the page base (RFC 3986, section
 * 5).  Takes no parser for a link that stays on the site, so it is cheap.
 * E_INPUT as url_parse, and for "mailto:", "javascript:" and the like.
 */
enum rc url_resolve(struct arena *a, const struct url *base, const char *ref,
    struct url *out) MUST_CHECK;

/*
 * url_is_off_host: a cheap test says that text, an absolute URL, is not on
 * site's host or that url_parse refuses it; false: call url_parse to know.
 */
bool url_is_off_host(const char *text, const struct url *site);

/* url_normalize: the canonical text alone; NULL where url_parse refuses. */
const char *url_normalize(struct arena *a, const char *text);

/* url_port_is_default: it is 80 for http, or 443 for https. */
bool url_port_is_default(const struct url *u);

/*
 * url_same_site: the same host or its "www." twin, and the same port (the two
 * default ports count as one).  The scheme does not matter.
 */
bool url_same_site(const struct url *a, const struct url *b);

/* url_same_host: "www.x" and "x" are one; both in canonical form. */
bool url_same_host(const char *a, const char *b);

/*
 * url_twin_key: equal for two URLs of one page.  Joins http and https, "www.",
 * trailing slash, index.html and its like, doubled slashes, the order of the
 * parameters.  A key is for comparing, not for fetching.
 */
const char *url_twin_key(struct arena *a, const struct url *u);

#endif
