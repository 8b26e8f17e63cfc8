/*
 * crawl: one site, from a typed hostname to its pages.
 *
 * crawl_start finds the scheme, robots.txt, the home page and the sitemaps;
 * crawl_pages visits the pages.  Several fetches are in flight and parsers
 * work beside them, but pages are processed in the order of the frontier, so
 * the result depends on the site alone, not on timing or concurrency.  Memory
 * is bounded: of a page only its digest stays, its Markdown goes to a file.
 *
 * Errors of the site as a whole are told by job_fail, in a sentence.
 */
#ifndef WORKER_CRAWL_CRAWL_H
#define WORKER_CRAWL_CRAWL_H

#include "core/rc.h"
#include "worker/crawl/options.h"
#include "worker/site/crawl_facts.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct cache;
struct crawl;
struct job;
struct crawled_site;

/* Most sitemaps that are read of one site, and how deep indexes may nest. */
#define CRAWL_SITEMAPS 1000
#define CRAWL_SITEMAP_DEPTH 5

/*
 * crawl_open: starts the parsers and the fetcher.  E_UNAVAILABLE: they cannot
 * be started; job_fail has said why.
 */
MUST_CHECK enum rc crawl_open(
    struct job *job, const struct crawl_options *options, struct crawl **out);

/* crawl_close: stops them.  What was read stays in the job's arena. */
void crawl_close(struct crawl *c);

/*
 * crawl_use_cache: requests become conditional on what an earlier run has read,
 * and what is read is stored for the next run.  Call it before crawl_start;
 * cache may be NULL.
 */
void crawl_use_cache(struct crawl *c, struct cache *cache);

/*
 * crawl_start: reads robots.txt, the home page and the sitemaps.  count: only
 * the number of pages is wanted; job_host reports it as it grows.
 */
MUST_CHECK enum rc crawl_start(struct crawl *c, bool count);

/*
 * crawl_pages: visits pages up to the limit and fills in site, except for what
 * worker/llms sets.  The Markdown of the pages is appended to texts.  tick is
 * called now and then with the pages so far, before site->links and
 * site->ledger are set; it may be NULL.
 */
MUST_CHECK enum rc crawl_pages(struct crawl *c, struct crawled_site *site,
    FILE *texts, void (*tick)(void *arg, struct crawled_site *site), void *arg);

/*
 * crawl_count: finds out how many pages there are: a site with a sitemap needs
 * no visits, any other is followed link by link.
 */
MUST_CHECK enum rc crawl_count(struct crawl *c);

/* crawl_facts: what is known so far; valid as long as the job's arena. */
const struct crawl_facts *crawl_facts(struct crawl *c);

#endif
