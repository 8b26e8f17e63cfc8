/*
 * page_filter: pages that were read for their links and stand back for another,
 * or are nothing to read.
 */
#ifndef WORKER_CRAWL_RULES_PAGE_FILTER_H
#define WORKER_CRAWL_RULES_PAGE_FILTER_H

#include <stdbool.h>

struct page_visit;
struct visits;

/*
 * page_filter_ends: the page is a further page of a list, the short form of
 * another page for telephones (AMP), or a login, a cart or a search: its
 * disposition is set. Never one that a sitemap lists, nor the home page.
 */
bool page_filter_ends(struct visits *vs, const struct page_visit *v);

/*
 * page_filter_needs_javascript: the page shows its text only with JavaScript,
 * and has no title and description that say what it is.
 */
bool page_filter_needs_javascript(
    struct visits *vs, const struct page_visit *v);

/* page_filter_is_empty: it has no text for another reason. */
bool page_filter_is_empty(struct visits *vs, const struct page_visit *v);

/* page_filter_note_title: what the page is called, for those that are asked
 * after it. */
void page_filter_note_title(struct visits *vs, const struct page_visit *v);

#endif
