/* template: templates/NAME.html, compiled into the program. */
#ifndef FCGI_TEMPLATE_H
#define FCGI_TEMPLATE_H

#include "core/arena.h"
#include "core/rc.h"

struct buf;
struct json_object;
struct templates;

struct template_def {
	const char *lang; /* "en", or the language of a file po/LANG.po */
	const char *name; /* "home" of templates/home.html */
	const char *text;
};
extern const struct template_def template_defs[]; /* ended by NULL */

/* static_version: names the text of the style and script files, "?v=". */
extern const char static_version[];

/* templates_load: compiles all; a faulty one is fatal. */
struct templates *templates_load(void);
void templates_free(struct templates *t);

/*
 * templates_render: adds NAME in a language (core/catalog.h), filled in from
 * model, to out.  E_INTERNAL
 * (logged) when it gets too big.  A name nobody defines is our bug.
 */
enum rc templates_render(const struct templates *t, const char *lang,
    const char *name, struct json_object *model, struct buf *out) MUST_CHECK;

#endif
