/*
 * survey: what a count found out about a host, for the form before an order.
 *
 * What it writes is a struct json_object as core/schema/host_count.h has it.
 */
#ifndef WORKER_CRAWL_SURVEY_H
#define WORKER_CRAWL_SURVEY_H

#include "core/rc.h"

struct arena;
struct crawl;
struct doc;
struct json_object;

/* survey_paths: the count without a quote, after crawl_count; in a. */
struct json_object *survey_paths(struct crawl *c, struct arena *a);

/* One page of the host, as a sample of them all. */
struct survey_sample {
	const char *url;
	const char *path;
	double ms;             /* from one page to the next */
	const struct doc *doc; /* as long as the crawl */
};

/*
 * survey_sample: fetches and reads a page of the host, and, to see how fast
 * they come, some more of them at once; unless the count took count_ms to
 * read enough of them.  E_NOTFOUND: it has none that could be read within a
 * few seconds; E_STOPPED.
 */
MUST_CHECK enum rc survey_sample(
    struct crawl *c, long count_ms, struct survey_sample *out);

#endif
