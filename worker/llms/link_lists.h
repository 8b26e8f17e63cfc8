/*
 * lists: descriptions of pages that have no sentence: what they list.
 *
 * Each gives a sentence in the arena, or NULL.
 */
#ifndef WORKER_LLMS_LINK_LISTS_H
#define WORKER_LLMS_LINK_LISTS_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct described_site;
struct described_page;
struct counter;

/*
 * link_lists_headings: "Covers A, B and C." of a page with `least` headings or
 * more that few other pages have: shared counts headings.  NULL there: all
 * count.
 */
const char *link_lists_headings(struct arena *a, const struct counter *shared,
    const struct described_page *p, size_t least);

/*
 * link_lists_members: "Covers A, B and C." of a page that is a list of others.
 * any: "Links to A, B and C." of any page that has links in its text.
 */
const char *link_lists_members(struct arena *a,
    const struct described_site *site, const struct described_page *p,
    bool any);

/*
 * link_lists_items: "Lists A, B and C.", of its lists, tables and pictures,
 * without those of shared that many pages have.
 */
const char *link_lists_items(struct arena *a, const struct counter *shared,
    const struct described_page *p);

#endif
