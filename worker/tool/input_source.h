/*
 * input_source: what a command of `platen` reads: a file, stdin ("-") or a URL.
 *
 * A URL is fetched as the crawler fetches pages: the same limits, the same
 * address guard, the same User-Agent; robots.txt is not asked, since it is a
 * person who wants to see this one thing.
 */
#ifndef WORKER_TOOL_INPUT_SOURCE_H
#define WORKER_TOOL_INPUT_SOURCE_H

#include "core/arena.h"
#include "core/buf.h"
#include "core/rc.h"

#include <stdbool.h>
#include <stddef.h>

struct conf;

struct input_source {
	struct buf *bytes;      /* goes with the arena */
	const char *url;        /* after redirects; NULL: no URL */
	const char *type;       /* Content-Type with its charset; NULL */
	const char *robots_tag; /* X-Robots-Tag; NULL */
	int status;             /* of the answer; 0: none, or no URL */
	const char *why;        /* what failed, a sentence */
};

/*
 * input_source_read: at most max bytes of name.  E_TOOBIG: there is more (bytes
 * has the beginning); E_NOTFOUND: the server answered, but not 200;
 * E_UNAVAILABLE: anything else.  With every error why is set.
 */
MUST_CHECK enum rc input_source_read(struct arena *a, const struct conf *conf,
    const char *name, size_t max, struct input_source *out);

/* input_source_is_url: name begins with "http://" or "https://". */
bool input_source_is_url(const char *name);

#endif
