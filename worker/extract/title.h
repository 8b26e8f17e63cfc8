/* title: a page's title without the name of the site. */
#ifndef WORKER_EXTRACT_TITLE_H
#define WORKER_EXTRACT_TITLE_H

#include "worker/extract/meta.h"

/*
 * title_find: the title for people, in m's arena; "" only when the page has
 * no text for it at all.  *site is the part that was cut as the site's name,
 * or "".  home: the page is the site's first, whose title is not cut.
 */
const char *title_find(const struct meta *m, const char *h1, const char *host,
    bool home, const char **site);

#endif
