/*
 * sitemap_xml: the entries of a sitemap in XML, element by element; and struct
 * sitemap, which it fills together with sitemap.c (gzip, plain text, report).
 */
#ifndef WORKER_EXTRACT_SITEMAP_XML_H
#define WORKER_EXTRACT_SITEMAP_XML_H

#include "core/buf.h"
#include "worker/extract/sitemap.h"

struct sitemap_xml;

/* The entry being put together. */
struct sitemap_draft {
	struct buf loc;
	struct buf lastmod;
	struct buf strings; /* of the alternates, each with its NUL */
	struct sitemap_alternate *alternates; /* limits.alternates of them */
	size_t *offsets;                      /* two per alternate */
	size_t alternate_n;
	bool is_index;
};

struct sitemap {
	struct sitemap_limits limits;
	sitemap_entry_fn *fn;
	void *ctx;
	struct sitemap_report report;
	struct sitemap_draft draft;
	struct sitemap_xml *xml; /* NULL: not XML, or not known yet */
	struct inflation *gzip;  /* NULL: not compressed, or not known yet */
	unsigned char head[4];   /* the first bytes, until gzip is known */
	size_t head_n;
	struct buf start; /* the first decoded bytes, until the format is */
	struct buf line;  /* of plain text, so far */
	bool sniffed;     /* the format is known */
	bool wide;        /* plain text in UTF-16 */
	enum rc stop;     /* not OK: no more bytes are wanted */
	char note[500];
};

/* sitemap_draft_clear: for the next entry. */
void sitemap_draft_clear(struct sitemap_draft *d);

/* sitemap_draft_alternate: adds one if its href is a URL and there is room. */
void sitemap_draft_alternate(
    struct sitemap *s, const char *lang, const char *href);

/* sitemap_emit: checks the draft and calls back, or counts why not. */
void sitemap_emit(struct sitemap *s);

/* sitemap_stop: no further bytes; rc is what feed returns from now on. */
void sitemap_stop(struct sitemap *s, enum rc rc);

/* sitemap_xml_new: first holds the first bytes, n of them, at least 4. */
struct sitemap_xml *sitemap_xml_new(
    struct sitemap *s, const char *first, size_t n);
void sitemap_xml_feed(struct sitemap_xml *x, const char *p, size_t n);
void sitemap_xml_end(struct sitemap_xml *x);
void sitemap_xml_free(struct sitemap_xml *x);

#endif
