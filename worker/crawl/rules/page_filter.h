/*
 * second: pages that were read for their links and stand back for another, or
 * are nothing to read.
 */
#ifndef WORKER_CRAWL_RULES_PAGE_FILTER_H
#define WORKER_CRAWL_RULES_PAGE_FILTER_H

#include <stdbool.h>

struct visit;
struct visits;

/*
 * second_ends: the page is a further page of a list, the short form of another
 * page for telephones (AMP), or a login, a cart or a search: its fate is set.
 * Never one that a sitemap lists, nor the home page.
 */
bool second_ends(struct visits *vs, const struct visit *v);

/*
 * second_needs_script: the page shows its text only with JavaScript, and has
 * no title and description that say what it is.
 */
bool second_needs_script(struct visits *vs, const struct visit *v);

/* second_is_empty: it has no text for another reason. */
bool second_is_empty(struct visits *vs, const struct visit *v);

/* second_note: what the page is called, for those that are asked after it. */
void second_note(struct visits *vs, const struct visit *v);

#endif
