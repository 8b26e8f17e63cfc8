/*
 * mustache: logic-less templates over json-c models.
 *
 * The language is the Mustache specification 1.x without lambdas: comments,
 * set-delimiter tags, variables (escaped for HTML; {{{x}}} and {{&x}} are
 * not), sections, inverted sections, partials.  Dotted names, the implicit
 * iterator "." and the rules for standalone lines are as specified.
 *
 * What the specification leaves open:
 * - false, as in JavaScript, are: what is missing, null, false, 0, NaN, "" and
 *   the empty list.  An empty object is true.
 * - an integer is written in full; any other number as the shortest decimal
 *   that reads back as the same double; a list or an object as nothing.
 * - a name holds no white space, and no part of a dotted name is empty.
 *
 * Invariants: a compiled template never changes, so any number of threads may
 * render it at once, each with a model of its own.  Rendering allocates
 * nothing but the room in the output.
 */
#ifndef CORE_MUSTACHE_H
#define CORE_MUSTACHE_H

#include "core/rc.h"

#include <stddef.h>

struct buf;
struct json_object;
struct mustache;

/*
 * mustache_html: a text for a model that {{x}} writes as it is: n bytes of
 * HTML that their maker has made safe.  Any other text of a model is escaped,
 * copies of this one included.  The caller owns it.  Only fcgi/markdown.c may
 * call this (make lint looks).
 */
struct json_object *mustache_html(const char *html, size_t n);

/* Where {{>name}} comes from. */
struct mustache_partials {
	/* The template called name, or NULL: then it renders as nothing. */
	const struct mustache *(*find)(void *arg, const char *name);
	void *arg;
};

/*
 * mustache_compile: the template in the len bytes at text, which need not
 * live on.  OK: *m is the caller's, for mustache_free.  E_INPUT: *m is NULL,
 * and a sentence is added to why: "line 3: the section '{{#a}}' is never
 * closed".  Sections nest up to 64 deep.
 */
MUST_CHECK enum rc mustache_compile(
    const char *text, size_t len, struct mustache **m, struct buf *why);

/* mustache_free: takes what mustache_compile made, or NULL. */
void mustache_free(struct mustache *m);

/*
 * mustache_render: adds the template, filled in from model, to out.  The
 * model stays the caller's and is only read; partials may be NULL.
 *
 * E_INTERNAL, with a sentence added to why and out cut back to what it held:
 * out reached its ceiling, sections and partials nested over 256 deep (a
 * partial includes itself without end), or lists in lists took too many steps.
 */
MUST_CHECK enum rc mustache_render(const struct mustache *m,
    struct json_object *model, const struct mustache_partials *partials,
    struct buf *out, struct buf *why);

#endif
