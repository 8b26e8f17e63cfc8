/*
 * pagination: further pages of a list ("/blog/page/2", "/shop?c=3&page=2").
 * Their links lead to what a site says; they themselves say what comes first
 * today.
 */
#ifndef WORKER_CRAWL_RULES_PAGINATION_H
#define WORKER_CRAWL_RULES_PAGINATION_H

#include <stdbool.h>
#include <stdint.h>

struct frontier;

/*
 * is_pagination_page: the page at i, of that title, is a further page of a list
 * whose first is known: by its address, and where that may be any page's by
 * what links to it say ("2", "Next"), its title ("Blog - page 2"), or the
 * title of the first.  Never one that a sitemap lists.
 */
bool is_pagination_page(struct frontier *f, uint32_t i, const char *title);

/* title_hash: a title as struct frontier_entry keeps it in title_hash. */
uint32_t title_hash(const char *title);

#endif
