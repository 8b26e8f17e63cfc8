/*
 * site_input: what a person types where a hostname is asked for.
 *
 * Takes "example.org", "bücher.example", " https://example.org:8080/docs/ ",
 * "192.0.2.1" in any spelling, "[2001:db8::1]".  Whether the address may be
 * fetched is decided by the address guard, at connect time.
 */
#ifndef CORE_SITE_INPUT_H
#define CORE_SITE_INPUT_H

#include "core/arena.h"
#include "core/rc.h"

/* More is refused before anything looks at it (bytes). */
#define SITE_INPUT_MAX_BYTES 2048

struct site_input {
	const char *scheme;  /* "http" or "https"; NULL: not given */
	const char *host;    /* ASCII, lower case: "xn--bcher-kva.example" */
	const char *display; /* for people: "bücher.example" */
	int port;            /* 0: not given, or the default */
	const char *include; /* "/docs/" + "**", of the path; NULL: none */
	const char *name;    /* host, and ":port" if there is one */
};

/*
 * site_input_parse: fills out, its strings in the arena.  E_INPUT: *why is a
 * sentence that says what is wrong with it and what to type instead.
 */
enum rc site_input_parse(struct arena *a, const char *text,
    struct site_input *out, const char **why) MUST_CHECK;

/*
 * site_input_url: the address of the site's home page.  scheme is used where
 * the person said none ("https" to try first).
 */
const char *site_input_url(
    struct arena *a, const struct site_input *in, const char *scheme);

#endif
