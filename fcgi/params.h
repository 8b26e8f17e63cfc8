/*
 * params: names and values of a query, a form or a path, decoded and checked.
 *
 * Invariants: every name and value is UTF-8 without NUL and without control
 * characters but tab, line feed and carriage return.
 */
#ifndef FCGI_PARAMS_H
#define FCGI_PARAMS_H

#include "core/arena.h"
#include "core/rc.h"

#include <stdbool.h>
#include <stddef.h>

/* More pairs than any form of ours has. */
#define PARAMS_MAX 200

struct param {
	const char *name;
	const char *value;
};

struct params {
	struct param *v; /* in the order they came */
	size_t n;
};

/*
 * params_parse: application/x-www-form-urlencoded (WHATWG URL, section 5.1)
 * of len bytes, in the arena.  Empty pairs are dropped.  E_INPUT: a bad
 * %-escape, bytes that are not text, too many; *why is a sentence.
 */
enum rc params_parse(struct arena *a, const char *text, size_t len,
    struct params *out, const char **why) MUST_CHECK;

/* params_get: the first value of that name, or NULL. */
const char *params_get(const struct params *p, const char *name);

/* params_twice: a name that stands twice, or NULL. */
const char *params_twice(const struct params *p);

/*
 * params_decode: one percent-encoded text of len bytes into the arena; plus:
 * '+' is a space.  NULL and a sentence in *why when it is not text.
 */
char *params_decode(
    struct arena *a, const char *text, size_t len, bool plus, const char **why);

/*
 * params_readable: len bytes of a path as people write it: escapes of letters
 * beyond ASCII decoded, unless the path would then show as another.
 */
const char *params_readable(struct arena *a, const char *path, size_t len);

/* params_escape: s as a value inside a query, in the arena. */
const char *params_escape(struct arena *a, const char *s);

#endif
