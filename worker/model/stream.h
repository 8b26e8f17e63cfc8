/*
 * stream: the two framings of model APIs, fed in pieces of any size.
 *
 * NDJSON is one JSON text a line; Server-Sent Events join the "data:" lines
 * up to an empty line (WHATWG HTML, 9.2.6).  A piece may end anywhere, also
 * inside a UTF-8 sequence.  A message over max bytes ends the stream.
 */
#ifndef WORKER_MODEL_STREAM_H
#define WORKER_MODEL_STREAM_H

#include "core/buf.h"

#include <stdbool.h>
#include <stddef.h>

enum stream_kind {
	STREAM_NDJSON,
	STREAM_SSE,
	STREAM_WHOLE /* one message, however many lines it has */
};

/* One message, terminated; false: the caller wants no more. */
typedef bool stream_message_fn(void *ctx, const char *text, size_t n);

struct stream {
	enum stream_kind kind;
	stream_message_fn *message;
	void *ctx;
	struct buf line; /* not ended yet */
	struct buf data; /* of the present event */
	bool has_data;
	bool after_cr; /* a line feed now belongs to the last line */
	bool first;    /* nothing was read: a BOM may come */
	bool failed;   /* a message was too long, or the caller had enough */
};

void stream_init(struct stream *s, enum stream_kind kind, size_t max,
    stream_message_fn *message, void *ctx);

/* stream_feed: false once the stream failed. */
bool stream_feed(struct stream *s, const char *p, size_t n);

/*
 * stream_end: no more bytes come.  A last line without its end counts, and
 * so does a last event without its empty line: servers leave it out, though
 * the standard drops such an event.  So the last message may be half of one.
 */
bool stream_end(struct stream *s);

void stream_release(struct stream *s);

#endif
