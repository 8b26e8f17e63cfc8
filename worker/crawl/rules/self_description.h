/*
 * self_description: pages that have no text of their own, but say what they
 * are.
 */
#ifndef WORKER_CRAWL_RULES_SELF_DESCRIPTION_H
#define WORKER_CRAWL_RULES_SELF_DESCRIPTION_H

#include <stdbool.h>

struct page_visit;
struct visits;

/*
 * describes_itself: the page has a description, and a title of its own: not
 * the home page's, which a script gives to all pages.
 */
bool describes_itself(const struct visits *vs, const struct page_visit *v);

#endif
