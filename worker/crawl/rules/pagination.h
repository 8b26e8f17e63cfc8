/*
 * pagination: the second and later pages of a list ("/blog/page/2",
 * "/shop?c=3&page=2").  Their links are followed; what stands on them changes
 * with every new entry of the list, so they are not listed.
 */
#ifndef WORKER_CRAWL_RULES_PAGINATION_H
#define WORKER_CRAWL_RULES_PAGINATION_H

#include <stdbool.h>
#include <stdint.h>

struct frontier;

/*
 * is_pagination_page: the page at i, with this title, is a later page of a list
 * whose first page is known.  Its address tells; where that is not certain, the
 * text of links to it ("2", "Next"), its title ("Blog - page 2") or the title
 * of the first page must confirm it.  Never a page that a sitemap lists.
 */
bool is_pagination_page(struct frontier *f, uint32_t i, const char *title);

/* title_hash: of a title, for frontier_entry.title_hash; 0: it is empty. */
uint32_t title_hash(const char *title);

#endif
