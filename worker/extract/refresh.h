/*
 * refresh: where a page redirects its readers by itself: <meta
 * http-equiv=refresh> (HTML, "shared declarative refresh steps") or a script
 * that does nothing else; and whether it shows nothing at all without its
 * scripts.
 */
#ifndef WORKER_EXTRACT_REFRESH_H
#define WORKER_EXTRACT_REFRESH_H

#include "worker/extract/tree.h"

#include <stdbool.h>

/* A longer delay is one of so many seconds. */
#define REFRESH_MOST 100000

/*
 * refresh_read: the content of such a meta, its references decoded.  False:
 * browsers take it for none.  *url is empty where the page itself is meant.
 */
bool refresh_read(struct slice content, int *seconds, struct slice *url);

/*
 * refresh_script: where a script sends the reader on: "location.href = '/a'",
 * "location.replace('/a')" and their like, with the address as a string.
 * Of several the last, as it was written (escapes of slashes undone, in a).
 * "" without one.
 */
const char *refresh_script(struct arena *a, struct slice script);

/* What a page is before its scripts have run. */
struct unscripted_page {
	bool bare;  /* scripts, a few words, hardly a link */
	bool root;  /* it has an empty place for what scripts will write */
	bool shell; /* its text comes with its scripts */
};

struct unscripted_page refresh_unscripted(const struct tree *t);

#endif
