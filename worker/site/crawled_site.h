/*
 * crawled_site: what the crawl hands over: pages, links, the ledger.
 *
 * Nobody changes it afterwards: worker/llms keeps what it says of a page in
 * arrays of its own (described_site.h).  All strings live in the arena and
 * are never NULL unless said so.
 */
#ifndef WORKER_SITE_CRAWLED_SITE_H
#define WORKER_SITE_CRAWLED_SITE_H

#include "worker/extract/page_reader.h"
#include "worker/site/crawl_facts.h"
#include "worker/site/ledger.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

#define SITE_NONE UINT32_MAX /* no page, no section */
#define SITE_NAV (1U << 31)  /* of a link: it stands in navigation */

struct crawled_page {
	const char *url;  /* absolute, canonical */
	const char *path; /* of url, with its query; starts with "/" */
	const char *title;
	const char *raw_title;
	const char *h1;
	const char *site_name;
	const char *description;
	enum description_source description_from;
	const char *lang;
	const char *lead;     /* first plain paragraphs, a line each */
	const char *headings; /* its first headings, a line each */
	const char *items;    /* of a page without sentences: first entries
				 of its lists, tables and pictures */
	const char *outline;  /* of the home page: see outline.h; may be NULL */
	const char *label;    /* what links to it call it, "" unknown */
	uint32_t words;       /* of the main text */
	uint32_t linked;      /* pages of the site that link to it */
	uint32_t links_at;    /* its own links to pages of the site ... */
	uint32_t nlinks;      /* ... so many of site.links, in its order */
	uint32_t nav;         /* place in the home page's navigation, from 1;
				 0: not there */
	bool has_code;        /* of such a page: it has code */
	bool version_stub;    /* one line for a version that is left out */
	uint32_t entry;       /* of site.ledger */
	uint64_t text_at;     /* its Markdown, in the file of texts */
	uint32_t text_len;
	bool recalled; /* as an earlier run has read it */
};

struct crawled_site {
	struct arena *arena;
	const char *host;   /* "docs.example.org", with a port if unusual */
	const char *origin; /* "https://docs.example.org" */
	struct crawled_page *pages;
	size_t npages;
	const uint32_t *links; /* index of a page, SITE_NAV or'd in */
	size_t nlinks;
	uint32_t home; /* index of the home page, or SITE_NONE */
	/* What the home page says even if it is not one of pages. */
	struct crawled_page front;
	const struct crawl_facts *facts;
	struct ledger ledger; /* set at the end of the crawl */
};

#endif
