/* route: which page answers a path and a method. */
#ifndef FCGI_ROUTE_H
#define FCGI_ROUTE_H

#include "core/arena.h"
#include "core/rc.h"
#include "fcgi/page.h"

/* What the pattern took out of the path; NULL where it has no such part. */
struct route_values {
	const char *id;   /* a UUID in lower case */
	const char *name; /* of an artifact */
};

struct route {
	const struct page *page; /* NULL unless OK */
	struct route_values value;
	unsigned allow; /* methods of all pages with this path */
};

/*
 * route_find: path is decoded and starts with "/".  E_NOTFOUND: no pattern
 * takes it; E_METHOD: one does, for the methods in allow.  Values are in the
 * arena.
 */
enum rc route_find(struct arena *a, const struct page *const *table,
    const char *path, enum method method, struct route *out) MUST_CHECK;

/* route_allow: "GET, HEAD, OPTIONS" of methods, in the arena. */
const char *route_allow(struct arena *a, unsigned methods);

#endif
