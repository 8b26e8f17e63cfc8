/* crawl_facts: what a crawl found out about a site beside its pages. */
#ifndef WORKER_SITE_CRAWL_FACTS_H
#define WORKER_SITE_CRAWL_FACTS_H

#include "worker/extract/sitemap.h"

#include <stdbool.h>
#include <stddef.h>

/* A sitemap that was asked for. */
struct crawl_sitemap {
	const char *url;
	bool found;      /* it was there and is a sitemap */
	size_t urls;     /* entries */
	const char *why; /* what is wrong with it; NULL: nothing */
	enum sitemap_kind kind;
};

struct crawl_facts {
	const char *origin;     /* "https://example.org" */
	const char *host;       /* "example.org", with a port if unusual */
	const char *moved_from; /* the host that was typed; NULL: the same */
	const char *robots;     /* what came of robots.txt, a sentence */
	long delay_ms;          /* Crawl-delay as obeyed; 0: none */
	bool found_by_links;    /* pages were found by following links */
	const struct crawl_sitemap *sitemaps;
	size_t nsitemaps;
	size_t urls_beyond;     /* in sitemaps; beside ledger.beyond */
	size_t sitemaps_beyond; /* sitemaps that were one too many */
	size_t texts_left_out;  /* pages whose text did not fit the file */
	/* Pages that show nothing without JavaScript: those that are listed by
	 * their titles and descriptions, and those that are not. */
	size_t shells_listed, shells_left_out;
};

#endif
