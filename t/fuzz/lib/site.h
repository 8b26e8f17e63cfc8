/* site: a site of which hostile lines are the words. */
#ifndef T_FUZZ_LIB_SITE_H
#define T_FUZZ_LIB_SITE_H

#include "worker/llms/described_site.h"

#include <stddef.h>

#define SITE_FUZZ_PAGES 200

/*
 * site_fuzz: the first line is the lead of the home page; each three further
 * ones are a page: its path, its title, its description.  Lines are folded,
 * as the crawl hands them over.  At most SITE_FUZZ_PAGES pages; of two with
 * one page the first.  Everything is in a.
 */
void site_fuzz(
    struct crawled_site *site, struct arena *a, const char *lines, size_t len);

/* site_fuzz_ready: described and grouped, as a model is given it. */
void site_fuzz_ready(struct crawled_site *crawled, struct described_site *site);

/* site_fuzz_check: the file of it passes the checker, with every page. */
void site_fuzz_check(const struct described_site *site);

#endif
