/*
 * paths: the parts of a site as rows to tick, and what an order makes of them.
 *
 * A row's value names it in a form: a pattern ("/docs/" + "**"), or "+" and a
 * pattern for what is under that one and in no other row.  A row belongs to
 * the one whose path it lies in; what lies in an unticked row is out, ticked
 * or not.
 */
#ifndef FCGI_PATHS_H
#define FCGI_PATHS_H

#include "core/arena.h"
#include "core/json.h"

#include <stdbool.h>
#include <stddef.h>

struct params;

#define PATHS_MAX 60

struct path_row {
	const char *value;
	const char *pattern;
	size_t prefix; /* bytes of pattern before its stars */
	bool rest;
	unsigned level;
	long urls;   /* with the rows that belong to it */
	long listed; /* of them are not left out for version or language */
	bool ticked;
	int parent; /* index, or -1 */
};

struct paths {
	struct path_row row[PATHS_MAX];
	int n; /* 0: nothing is known */
};

/*
 * paths_read: from the detail of a host (may be NULL), all ticked; where
 * there are include patterns, a line each, only what they may fit is.
 */
void paths_read(struct arena *a, struct json_object *detail,
    const char *include, struct paths *out);

/* paths_form: from a form's fields "shown" (each row) and "path" (ticked). */
void paths_form(const struct params *form, struct paths *out);

/* paths_tick: ticks the rows of p as they are in from; others stay. */
void paths_tick(struct paths *p, const struct paths *from);

/* paths_pages: pages in what is chosen. */
long paths_pages(const struct paths *p);

/* paths_any: something is chosen. */
bool paths_any(const struct paths *p);

/*
 * paths_globs: what is chosen as patterns, added to two JSON arrays; all
 * chosen adds none.
 */
void paths_globs(const struct paths *p, struct json_object *include,
    struct json_object *exclude);

#endif
