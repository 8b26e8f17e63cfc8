/*
 * explain: what becomes of one page of a site, and why.
 *
 * The site is crawled as for a file, until it is decided for good what becomes
 * of the page.  The page is also visited once by itself, so that there is
 * something to say about it even where the crawl does not get there.
 */
#ifndef WORKER_CRAWL_EXPLAIN_H
#define WORKER_CRAWL_EXPLAIN_H

#include "core/rc.h"
#include "core/url.h"
#include "worker/crawl/crawl.h"
#include "worker/site/disposition.h"
#include "worker/fetch/robots.h"
#include "worker/site/crawled_site.h"

#include <stdbool.h>
#include <stdint.h>

struct page_visit; /* worker/crawl/visits.h */

struct explain {
	/* Set by the caller. */
	const char *text;     /* the URL as typed; a path is of the site */
	bool read_whole_site; /* read the site to its end; site is filled in */

	/* Filled in step by step. */
	struct url url;
	bool same_site;
	struct robots_verdict robots;
	/* By the rules about addresses; DISPOSITION_PENDING: none applies. */
	enum disposition rules;
	const char *rules_detail;
	bool in_sitemap;
	struct page_visit *visit; /* NULL: robots.txt or the site forbids it */
	bool known;               /* the crawl has heard of it */
	enum disposition disposition; /* if known, or if rules apply */
	const char *detail;           /* what goes with the disposition; NULL */
	const char *address;          /* of its page: its own, or another's */
	const char *other;            /* the page that stands for it; NULL */
	uint32_t entry;               /* of the page, when listed */
	struct crawled_site site;

	/* While it crawls. */
	struct crawl *crawl;
	struct job *job;
	bool watching;
};

/*
 * explain_crawl: crawls and fills in e; the stopping() of the job must ask
 * explain_is_decided.  After an error, which job_fail has reported, nothing can
 * be said about the page.  What e points to lives until explain_release.
 */
MUST_CHECK enum rc explain_crawl(
    struct crawl *c, struct job *job, struct explain *e);

/* explain_is_decided: nothing that is read later can change the answer. */
bool explain_is_decided(struct explain *e);

void explain_release(struct explain *e);

#endif
