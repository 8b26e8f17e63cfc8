/*
 * sitemap_repair: each "&" that begins no reference is escaped before the XML
 * parser sees it: the commonest fault of sitemaps, which the parser would
 * turn into another URL.  Names become numbers, for after a fault of any kind
 * libxml2 goes on but drops what is named.  CDATA stays as it is.
 */
#ifndef WORKER_EXTRACT_SITEMAP_REPAIR_H
#define WORKER_EXTRACT_SITEMAP_REPAIR_H

#include "core/buf.h"

#include <stdbool.h>
#include <stddef.h>

/* The longest name of HTML with "&" and ";", or a number with zeros. */
#define SITEMAP_HELD_BYTES 40

/* All zero before the first bytes. */
struct sitemap_repair {
	char held[SITEMAP_HELD_BYTES]; /* "&..." cut by the end of the bytes */
	size_t held_n;
	size_t matched; /* bytes of the mark that begins or ends CDATA */
	bool in_cdata;
	bool repaired; /* a "&" that began none of XML's references was */
	int lines;     /* that have ended */
	int line;      /* of the first that was repaired */
};

/*
 * sitemap_repair: adds n bytes of XML in UTF-8, or in an encoding that agrees
 * on ASCII, to out, mended.  A "&" too near the end to judge waits for the
 * next bytes, unless final.
 */
void sitemap_repair(struct sitemap_repair *r, struct buf *out, const char *p,
    size_t n, bool final);

/*
 * sitemap_unescape: undoes references that are still in an address, which was
 * escaped twice or stands in CDATA: "&amp;" and all names of HTML with ";".
 */
void sitemap_unescape(struct buf *b);

#endif
