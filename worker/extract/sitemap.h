/*
 * sitemap: the URLs of a sitemap, entry by entry, as the bytes arrive.
 *
 * Takes XML (urlset, sitemapindex, RSS, Atom; any or no namespace) and plain
 * text, gzipped or not, told apart by content.  Invariants: no I/O of its
 * own, so it runs in the parser child; its memory does not grow with the
 * file; entities are never expanded beyond the five of XML.
 */
#ifndef WORKER_EXTRACT_SITEMAP_H
#define WORKER_EXTRACT_SITEMAP_H

#include "core/rc.h"

#include <stdbool.h>
#include <stddef.h>

enum sitemap_kind {
	SITEMAP_UNKNOWN, /* too little was read */
	SITEMAP_URLSET,
	SITEMAP_INDEX,
	SITEMAP_RSS,
	SITEMAP_ATOM,
	SITEMAP_TEXT,
	SITEMAP_NONE, /* something else: an HTML page, an image, ... */
	SITEMAP_KIND_MAX
};

struct sitemap_limits {
	size_t bytes;      /* decoded; 50 MiB by the protocol */
	size_t urls;       /* entries; 50,000 by the protocol */
	size_t url_bytes;  /* of one location; 2,048 by the protocol */
	size_t alternates; /* kept per entry */
};

struct sitemap_alternate {
	const char *lang; /* hreflang: "de", "en-GB", "x-default" */
	const char *href; /* absolute */
};

/* One entry; the strings are valid during the callback only. */
struct sitemap_entry {
	const char *loc;     /* absolute http(s) URL, white space trimmed */
	const char *lastmod; /* as written (RSS: an RFC 822 date); NULL */
	const struct sitemap_alternate *alternates;
	size_t alternate_n;
	bool is_index; /* loc is a sitemap, not a page */
};

typedef void sitemap_entry_fn(void *ctx, const struct sitemap_entry *e);

struct sitemap_report {
	enum sitemap_kind kind;
	size_t urls;      /* entries given to the callback */
	size_t bad;       /* locations that are no http(s) URL, skipped */
	size_t missing;   /* entries without a location, skipped */
	size_t relative;  /* locations without a host, skipped */
	size_t bytes;     /* decoded */
	bool gzip;        /* it was compressed */
	bool truncated;   /* it ends in the middle; what parsed is kept */
	bool malformed;   /* not well-formed XML; what parsed is kept */
	bool doctype;     /* refused: it has a DOCTYPE */
	bool over_bytes;  /* stopped at limits.bytes */
	bool over_urls;   /* stopped at limits.urls */
	int line;         /* of the first error in the XML; 0 */
	const char *note; /* sentences about the worst of these; NULL */
};

struct sitemap;

/* sitemap_new: owned by the caller (sitemap_free); fn gets ctx. */
struct sitemap *sitemap_new(
    const struct sitemap_limits *limits, sitemap_entry_fn *fn, void *ctx);

/*
 * sitemap_feed: the next bytes, split anywhere.  E_LIMIT, E_TYPE: no more is
 * needed (a limit was reached; it is no sitemap or refused), stop
 * reading.
 */
enum rc sitemap_feed(struct sitemap *s, const void *data, size_t n) MUST_CHECK;

/* sitemap_end: no more bytes; fills the report.  Callbacks may still come. */
void sitemap_end(struct sitemap *s, struct sitemap_report *out);

void sitemap_free(struct sitemap *s);

/* sitemap_kind_name: "urlset", "index", "rss", "atom", "text", "none". */
const char *sitemap_kind_name(enum sitemap_kind kind);

#endif
