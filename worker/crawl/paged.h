/*
 * paged: further pages of a list ("/blog/page/2", "?paged=2").  Their links
 * lead to what a site says; they themselves say what comes first today.
 */
#ifndef WORKER_CRAWL_PAGED_H
#define WORKER_CRAWL_PAGED_H

#include <stdbool.h>
#include <stdint.h>

struct frontier;

/*
 * paged_further: the page at i, of that title, is a further page of a list
 * whose first is known.  Never one that a sitemap lists.
 */
bool paged_further(struct frontier *f, uint32_t i, const char *title);

#endif
