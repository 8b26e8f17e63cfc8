/*
 * described_site: what the file says of a crawled site.
 *
 * describe puts words to the site and its pages, group sorts the pages into
 * sections, a model and edits by hand change the words; write and report put
 * them down.  Pages are indexed as those of the crawled site.  All strings
 * live in the arena and are never NULL unless said so.
 */
#ifndef WORKER_LLMS_DESCRIBED_SITE_H
#define WORKER_LLMS_DESCRIBED_SITE_H

#include "worker/site/crawled_site.h"

#define SITE_CHAPTERS 128 /* numbers of chapters are below this */

struct described_page {
	const struct crawled_page *crawled;
	const char *name;     /* title of the link */
	const char *own_name; /* before pages of one name were told apart */
	const char *line;     /* description, "" when there is none */
	uint32_t section;     /* index, or SITE_NONE */
	uint8_t chapter; /* "3.2. Tools" and "Chapter 3. Use": 3; 0: none */
	bool is_chapter; /* it is the chapter itself */
};

struct section {
	const char *name;
	const uint32_t *pages; /* indexes, in the order of the file */
	size_t npages;
	const char *part; /* name of the part of the site it was split from */
	bool optional;    /* the last one, "Optional" */
	bool general;     /* that, or what belongs to no part */
};

struct described_site {
	struct arena *arena;
	const struct crawled_site *crawled;
	struct described_page *pages; /* crawled->npages */
	const char *title;
	const char *summary;
	const char **info; /* paragraphs, one line each */
	size_t ninfo;
	struct section *sections;
	size_t nsections;
};

/*
 * described_site_init: nothing is said yet of the site, which is borrowed;
 * what is said later lives in a.
 */
void described_site_init(struct described_site *site, struct arena *a,
    const struct crawled_site *crawled);

#endif
