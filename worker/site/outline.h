/*
 * outline: how the home page itself arranges the pages it lists: below which
 * heading, and in nested lists below which other page.
 */
#ifndef WORKER_SITE_OUTLINE_H
#define WORKER_SITE_OUTLINE_H

#include <stddef.h>
#include <stdint.h>

struct arena;
struct crawled_site;

/*
 * outline_note: the headings and lists of links of n bytes of Markdown, in a:
 * lines "indent TAB url" and "# TAB heading".  "" when it has none.
 */
const char *outline_note(struct arena *a, const char *md, size_t n);

struct outline {
	uint32_t *parent;     /* by page: the page it is listed below; the
				 home page for those with others below and
				 none above; SITE_NONE for all else */
	const char **heading; /* by page: that above it, NULL for none */
	size_t headings;      /* pages that have one */
};

/* outline_find: what the note of the site's home page says, in a. */
void outline_find(
    struct arena *a, const struct crawled_site *site, struct outline *o);

#endif
