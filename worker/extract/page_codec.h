/*
 * frame: the frames between a slot and its parser.
 *
 * A frame is a struct frame_head and len bytes.  Numbers are the machine's own
 * (both ends are the same program); a string is its length, its bytes and a
 * NUL.  A reader trusts nothing: it is sticky like struct buf, and a string
 * that is not clean UTF-8 fails it.
 */
#ifndef WORKER_EXTRACT_PAGE_CODEC_H
#define WORKER_EXTRACT_PAGE_CODEC_H

#include "core/arena.h"
#include "core/buf.h"
#include "worker/parser/parser.h"

#include <stdint.h>

struct sitemap_report;

enum frame_type {
	FRAME_BEGIN = 1, /* to the child: an order; kind, url, headers */
	FRAME_DATA,      /* its next bytes */
	FRAME_END,       /* no more */
	FRAME_START,     /* from the child: now working on this one */
	FRAME_DOC,       /* a page, the only answer */
	FRAME_ENTRIES,   /* some entries of a sitemap */
	FRAME_REPORT,    /* the sitemap's end */
	FRAME_TYPE_MAX
};

struct frame_head {
	uint32_t type; /* enum frame_type */
	uint32_t id;   /* of the order */
	uint32_t len;  /* bytes that follow */
};

#define FRAME_MAX (48u << 20)   /* bytes of one frame */
#define FRAME_CHUNK (64u << 10) /* bytes of one FRAME_DATA */
#define FRAME_PORTION 500       /* entries in one FRAME_ENTRIES */

struct frame_reader {
	char *p;
	char *end;
	bool failed;
};

/* frame_open: starts a frame in b; frame_shut writes its length. */
size_t frame_open(struct buf *b, enum frame_type type, uint32_t id);
void frame_shut(struct buf *b, size_t at);

void frame_put32(struct buf *b, uint32_t n);
void frame_put64(struct buf *b, uint64_t n);

/* frame_puts: NULL is kept apart from "". */
void frame_puts(struct buf *b, const char *s);

uint32_t frame_get32(struct frame_reader *r);
uint64_t frame_get64(struct frame_reader *r);

/* frame_gets: a string in place, or NULL.  Control characters fail it. */
const char *frame_gets(struct frame_reader *r);

/* frame_put_doc, frame_get_doc: strings stay in the frame, arrays are in a. */
void frame_put_doc(struct buf *b, const struct doc *d);
bool frame_get_doc(struct frame_reader *r, struct arena *a, struct doc *d);

void frame_put_entry(struct buf *b, const struct sitemap_entry *e);
const struct sitemap_entry *frame_get_entries(
    struct frame_reader *r, struct arena *a, size_t *n);

void frame_put_report(struct buf *b, const struct sitemap_report *rep);
bool frame_get_report(struct frame_reader *r, struct sitemap_report *rep);

#endif
