/*
 * sentence: a sentence for people that can be kept and shown in another
 * language later: the format it was made with, and its arguments as text.
 */
#ifndef CORE_SENTENCE_H
#define CORE_SENTENCE_H

#include "core/arena.h"
#include "core/json.h"
#include "core/rc.h"

#include <stdarg.h>

#define SENTENCE_ARGS 9          /* arguments, at most */
#define SENTENCE_BYTES (8 << 10) /* as JSON, at most */

struct sentence {
	const char *text; /* in English, as printf would make it */
	const char *id;   /* the format: the id in the catalog */
	unsigned n;
	const char *args[SENTENCE_ARGS]; /* each as its conversion makes it */
};

/*
 * sentence_format: as vprintf, in the arena.  fmt is borrowed: a literal.  It
 * may use %s, %.*s, %c, %% and the conversions of int, long, long long, size_t
 * and double with flags, width and precision; another one, or an argument too
 * many, is our bug.
 */
void sentence_format(
    struct sentence *s, struct arena *a, const char *fmt, va_list ap);

/*
 * sentence_text: id, or what its translation is, with the arguments in it: the
 * n-th conversion, or the one written "%n$s", is the n-th argument.  One that
 * is not there is empty.
 */
const char *sentence_text(
    struct arena *a, const char *lang, const struct sentence *s);

/* sentence_json: {"id": ..., "args": [...]}, owned by the arena. */
struct json_object *sentence_json(struct arena *a, const struct sentence *s);

/*
 * sentence_parse: strings are borrowed from o; text is made in the arena.
 * E_INPUT: something else, or too large.
 */
enum rc sentence_parse(
    struct arena *a, struct json_object *o, struct sentence *s) MUST_CHECK;

#endif
