/*
 * frame: bytes ready to be written to a connection, shared by counting.
 *
 * Invariants: what is written never changes after frame_new.  In the LWS_PRE
 * bytes before it stands the WebSocket header: the same one for every client.
 */
#ifndef WS_FRAME_H
#define WS_FRAME_H

#include <libwebsockets.h>

#include <stddef.h>
#include <stdint.h>

/* How a transport writes a message. */
enum frame_shape {
	SHAPE_TEXT,      /* the envelope alone: WebSocket, long-poll */
	SHAPE_SSE,       /* "id:", "event:" and "data:" lines */
	SHAPE_SSE_NO_ID, /* without "id:": the client's cursor stays */
	SHAPE_MAX
};

struct frame {
	uint32_t refs;
	uint32_t len; /* bytes after LWS_PRE */
	unsigned char mem[];
};

/* frame_new: a copy of the len bytes at p; one reference, the caller's. */
struct frame *frame_new(const void *p, size_t len);

/*
 * frame_message: the envelope text in a shape.  type is the SSE event, id its
 * cursor; NULL or "" leaves the line out (the browser keeps the one before).
 */
struct frame *frame_message(enum frame_shape shape, const char *id,
    const char *type, const char *text, size_t len);

struct frame *frame_ref(struct frame *f);
void frame_unref(struct frame *f);

/* frame_data: the bytes; there are LWS_PRE writable ones before them. */
static inline unsigned char *
frame_data(struct frame *f)
{
	return f->mem + LWS_PRE;
}

#endif
