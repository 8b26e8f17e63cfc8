/*
 * ledger: every URL a crawl has heard of, in the order in which it was found,
 * and what became of it.  Made at the end of the crawl; nothing changes it.
 */
#ifndef WORKER_SITE_LEDGER_H
#define WORKER_SITE_LEDGER_H

#include "worker/site/disposition.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

#define LEDGER_NONE UINT32_MAX /* no entry */

struct ledger_entry {
	const char *target; /* "/a?b", or a whole URL */
	const char *detail; /* the rule, status or pattern that decided; NULL */
	const char *lastmod; /* as a sitemap says; NULL */
	uint32_t other;      /* entry of the page that stands for this one */
	bool is_whole_url;   /* target is one */
	enum disposition disposition;
};

struct ledger {
	const char *origin; /* "https://example.org", before each target */
	const struct ledger_entry *entry; /* n of them */
	size_t n;
	size_t beyond; /* URLs that were one too many and are only counted */
	/* find: see ledger_find; index is the crawl's own, in its arena. */
	uint32_t (*find)(const void *index, const char *url);
	const void *index;
};

/* ledger_url: the whole URL of an entry, in a. */
const char *ledger_url(const struct ledger *l, uint32_t i, struct arena *a);

/*
 * ledger_find: the entry of the page at url, however it is spelled; LEDGER_NONE
 * for what the crawl has not heard of and what is no page of the site.
 */
uint32_t ledger_find(const struct ledger *l, const char *url);

/*
 * ledger_is_shown: the entry says something new: not a spelling that became the
 * page's own address.
 */
bool ledger_is_shown(const struct ledger *l, uint32_t i, struct arena *scratch);

#endif
