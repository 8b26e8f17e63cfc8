/* links: where a page leads, for the crawler. */
#ifndef WORKER_EXTRACT_LINKS_H
#define WORKER_EXTRACT_LINKS_H

#include "worker/extract/base_url.h"
#include "worker/extract/measure.h"

/*
 * links_read: fills out->links, at most max.  Marks the nodes of navigation
 * MARK_NAV on the way.  Hidden menus count: they open for readers, too.
 */
void links_read(struct measured_page *p, const struct base_url *base,
    size_t max, struct html_page *out);

#endif
