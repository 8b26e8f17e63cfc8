/*
 * survey: what a host has, for the form before an order: its pages by path and
 * language, and a sample of how long they take.
 */
#ifndef WORKER_CRAWL_SURVEY_H
#define WORKER_CRAWL_SURVEY_H

#include "core/rc.h"

struct arena;
struct crawl;
struct html_page;
struct json_object;

/*
 * survey_paths: the count of the host (core/schema/host_count.h) without a
 * quote, after crawl_count; in a.
 */
struct json_object *survey_paths(struct crawl *c, struct arena *a);

/* One page of the host, as a sample of them all. */
struct survey_sample {
	const char *url;
	const char *path;
	double ms;                   /* from one page to the next */
	const struct html_page *doc; /* as long as the crawl */
};

/*
 * survey_sample: fetches and reads a page of the host, and then several at once
 * to measure how fast they come.  count_ms is what the count took: where it has
 * read enough pages, its pace is used.  E_NOTFOUND: no page could be read
 * within a few seconds.  E_STOPPED: the job is to stop.
 */
MUST_CHECK enum rc survey_sample(
    struct crawl *c, long count_ms, struct survey_sample *out);

#endif
