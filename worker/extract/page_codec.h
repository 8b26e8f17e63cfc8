/*
 * page_codec: the frames between a slot and its parser.
 *
 * A frame is a struct codec_head and len bytes.  Numbers are the machine's own
 * (both ends are the same program); a string is its length, its bytes and a
 * NUL.  A reader trusts nothing: after the first bad value it stays failed,
 * like struct buf.  A string that is not UTF-8, or holds control characters, is
 * bad.
 */
#ifndef WORKER_EXTRACT_PAGE_CODEC_H
#define WORKER_EXTRACT_PAGE_CODEC_H

#include "core/arena.h"
#include "core/buf.h"
#include "worker/extract/page_reader.h"
#include "worker/extract/sitemap.h"

#include <stdint.h>

enum codec_type {
	CODEC_BEGIN = 1, /* to the child: a request; kind, url, headers */
	CODEC_DATA,      /* its next bytes */
	CODEC_END,       /* no more */
	CODEC_START,     /* from the child: now working on this one */
	CODEC_PAGE,      /* a page, the only answer */
	CODEC_ENTRIES,   /* some entries of a sitemap */
	CODEC_REPORT,    /* the sitemap's end */
	CODEC_TYPE_MAX
};

struct codec_head {
	uint32_t type; /* enum codec_type */
	uint32_t id;   /* of the request */
	uint32_t len;  /* bytes that follow */
};

#define CODEC_MAX (48u << 20)   /* bytes of one frame */
#define CODEC_CHUNK (64u << 10) /* bytes of one CODEC_DATA */
#define CODEC_PORTION 500       /* entries in one CODEC_ENTRIES */

struct codec_reader {
	char *p;     /* the next byte; strings are ended in place */
	char *end;   /* of the frame */
	bool failed; /* sticky: every later value is 0 or NULL */
};

/* codec_open: starts a frame in b; codec_shut writes its length. */
size_t codec_open(struct buf *b, enum codec_type type, uint32_t id);
void codec_shut(struct buf *b, size_t at);

void codec_put32(struct buf *b, uint32_t n);

/* codec_puts: NULL is kept apart from "". */
void codec_puts(struct buf *b, const char *s);

uint32_t codec_get32(struct codec_reader *r);

/* codec_gets: a string in place, or NULL.  Control characters fail it. */
const char *codec_gets(struct codec_reader *r);

/* codec_put_page, codec_get_page: strings stay in the frame, arrays are in a.
 */
void codec_put_page(struct buf *b, const struct html_page *d);
bool codec_get_page(
    struct codec_reader *r, struct arena *a, struct html_page *d);

void codec_put_entry(struct buf *b, const struct sitemap_entry *e);
const struct sitemap_entry *codec_get_entries(
    struct codec_reader *r, struct arena *a, size_t *n);

void codec_put_report(struct buf *b, const struct sitemap_report *rep);
bool codec_get_report(struct codec_reader *r, struct sitemap_report *rep);

#endif
