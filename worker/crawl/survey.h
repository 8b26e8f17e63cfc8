/*
 * survey: what a count found out about a host, for the form before an order.
 *
 * The detail of a host (column hosts.detail, job_host_detail) is
 *	{"urls":9021,"listed":8900,"paths":[rows of path_tree.h],
 *	 "languages":[{"code":"de","urls":700}],
 *	 "quote":{"at":"2026-01-02T03:04:05Z","path":"/product/item-7",
 *	   "startMs":1200,"pageMs":12.5,"models":{"ollama":{"model":"llama3.2",
 *	     "startMs":800,"pageMs":1500,"batch":16,"cut":false}}}}
 * listed: of urls, those that are not left out for their version or language
 * whatever is ordered.  startMs: until the first page may be fetched.
 * pageMs: from one page to the next, fetched and read by the rules of an
 * order: so many at once, no faster than the host is to be asked.
 * quote is there once something was measured; a model that did not answer is
 * not in it.  A model's startMs: until its first word; its pageMs: for the
 *words on one page after that, at least that much where it was cut off.
 */
#ifndef WORKER_CRAWL_SURVEY_H
#define WORKER_CRAWL_SURVEY_H

#include "core/rc.h"

struct arena;
struct crawl;
struct doc;
struct json_object;

/* survey_paths: the detail without a quote, after crawl_count; in a. */
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
