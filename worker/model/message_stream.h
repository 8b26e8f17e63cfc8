/*
 * message_stream: the two framings of model APIs, fed in pieces of any size.
 *
 * NDJSON is one JSON text a line; Server-Sent Events join the "data:" lines
 * up to an empty line (WHATWG HTML, 9.2.6).  A piece may end anywhere, also
 * inside a UTF-8 sequence.  A message over max bytes ends the stream.
 */
#ifndef WORKER_MODEL_MESSAGE_STREAM_H
#define WORKER_MODEL_MESSAGE_STREAM_H

#include "core/buf.h"

#include <stdbool.h>
#include <stddef.h>

enum message_framing {
	FRAMING_NDJSON,
	FRAMING_SSE,
	FRAMING_WHOLE /* one message, however many lines it has */
};

/* One message, terminated; false: the caller wants no more. */
typedef bool message_stream_fn(void *ctx, const char *text, size_t n);

struct message_stream {
	enum message_framing kind;
	message_stream_fn *message;
	void *ctx;
	struct buf line; /* not ended yet */
	struct buf data; /* of the present event */
	bool has_data;
	bool after_cr; /* a line feed now belongs to the last line */
	bool first;    /* nothing was read: a BOM may come */
	bool failed;   /* a message was too long, or the caller had enough */
};

void message_stream_init(struct message_stream *s, enum message_framing kind,
    size_t max, message_stream_fn *message, void *ctx);

/* message_stream_feed: false once the stream failed. */
bool message_stream_feed(struct message_stream *s, const char *p, size_t n);

/*
 * message_stream_end: no more bytes come.  A last line without its end counts,
 * and so does a last event without its empty line: servers leave it out, though
 * the standard drops such an event.  So the last message may be half of one.
 */
bool message_stream_end(struct message_stream *s);

void message_stream_release(struct message_stream *s);

#endif
