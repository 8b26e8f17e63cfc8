/*
 * digest: what is kept of a page once its text is put away.
 *
 * A page's Markdown may be megabytes; a site has thousands.  The digest is
 * at most a few kilobytes: what titles and descriptions are made from.
 */
#ifndef WORKER_SITE_DIGEST_H
#define WORKER_SITE_DIGEST_H

struct arena;
struct html_page;
struct crawled_page;

/*
 * digest_page: the words of doc as a crawled_page, copied into a.  Sets neither
 * url and path nor what the site as a whole knows of it (links, text).
 */
void digest_page(
    struct arena *a, const struct html_page *doc, struct crawled_page *out);

#endif
