/*
 * crawl: one site, from a typed hostname to its pages.
 *
 * crawl_start finds the scheme, robots.txt, the home page and the sitemaps;
 * crawl_pages visits the pages.  Several fetches are in flight and parsers
 * work beside them, but pages are taken in the order of the frontier, so the
 * result depends on the site alone, not on timing or concurrency.  Memory is
 * bounded: of a page only its digest stays, its Markdown goes to a file.
 *
 * Errors of the site as a whole are told by job_fail, in a sentence.
 */
#ifndef WORKER_CRAWL_CRAWL_H
#define WORKER_CRAWL_CRAWL_H

#include "core/rc.h"
#include "worker/crawl/options.h"
#include "worker/extract/sitemap.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct cache;
struct crawl;
struct frontier;
struct job;
struct site;

/* Sitemaps read of one site, and how deep indexes may nest. */
#define CRAWL_SITEMAPS 1000
#define CRAWL_SITEMAP_DEPTH 5

/* A sitemap that was asked for, for the report. */
struct crawl_sitemap {
	const char *url;
	bool found;      /* it was there and is a sitemap */
	size_t urls;     /* entries */
	const char *why; /* what is wrong with it; NULL: nothing */
	enum sitemap_kind kind;
};

/* What the crawl found out about the site, for the report. */
struct crawl_facts {
	const char *origin;     /* "https://example.org" */
	const char *host;       /* "example.org", with a port if unusual */
	const char *moved_from; /* the host that was typed; NULL: the same */
	const char *robots;     /* what came of robots.txt, a sentence */
	long delay_ms;          /* Crawl-delay as obeyed; 0: none */
	bool found_by_links;    /* pages were found by following links */
	const struct crawl_sitemap *sitemaps;
	size_t nsitemaps;
	size_t urls_beyond;     /* in sitemaps; beside frontier_beyond */
	size_t sitemaps_beyond; /* sitemaps that were one too many */
	size_t texts_left_out;  /* pages whose text did not fit the file */
	/* Pages that show nothing without JavaScript: those that are listed by
	 * their titles and descriptions, and those that are not. */
	size_t shells_listed, shells_left_out;
};

/* crawl_open: starts the parsers and the fetcher; E_UNAVAILABLE when not. */
MUST_CHECK enum rc crawl_open(
    struct job *job, const struct crawl_options *options, struct crawl **out);

/* crawl_close: stops them.  What was read stays in the job's arena. */
void crawl_close(struct crawl *c);

/*
 * crawl_use_cache: what an earlier run knows is asked for conditionally, and
 * what is read is kept for the next.  Before crawl_start; cache may be NULL.
 */
void crawl_use_cache(struct crawl *c, struct cache *cache);

/*
 * crawl_start: all that comes before pages.  count: only the number of pages
 * is wanted; it is told by job_host as it grows.
 */
MUST_CHECK enum rc crawl_start(struct crawl *c, bool count);

/*
 * crawl_pages: visits pages up to the limit and fills in site (but for what
 * describe and group set).  Markdown is appended to texts.  tick is called
 * now and then with the pages so far (site->links is not set then).
 */
MUST_CHECK enum rc crawl_pages(struct crawl *c, struct site *site, FILE *texts,
    void (*tick)(void *arg, struct site *site), void *arg);

/*
 * crawl_count: visits pages only as far as needed to know how many there
 * are: not at all with a sitemap, else following links.  They are in the
 * frontier then.
 */
MUST_CHECK enum rc crawl_count(struct crawl *c);

struct frontier *crawl_frontier(struct crawl *c);

/* crawl_facts: valid as long as the job's arena. */
const struct crawl_facts *crawl_facts(struct crawl *c);

#endif
