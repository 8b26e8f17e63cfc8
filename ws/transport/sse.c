/*
 * Server-Sent Events.  The data of each event is the same envelope that a
 * WebSocket gets; "id:" is its cursor, "event:" its type.
 *
 * The cursor moves only with what is complete: of the snapshots only the last
 * has an id.  "event: heartbeat" comes while nothing else does: a page
 * that hears nothing for three of them has lost its connection.  A stream of
 * named generations ends with "event: end" after the last event of all of them;
 * the browser that comes back then gets 204, which tells it to stay away.
 */
#include "ws/transport/held_response.h"
#include "ws/transport/transport.h"

#include "core/clock.h"
#include "core/log.h"
#include "ws/live.h"

#include <stdlib.h>
#include <string.h>

/* Frames are gathered up to so many bytes for one write. */
#define GATHER 16384
/* A client that reads nothing for so long is dropped. */
#define STUCK_MS 60000
/* So old a stream ends and comes back: it may be one that nobody reads. */
#define AGE_MAX_MS 3600000
/* When a client may come back, ms: spread, so that all do not at once. */
#define RETRY_MIN 1000
#define RETRY_SPREAD 4000

static void
sse_begin(struct client *c, const struct subscribe_answer *s)
{
	struct held_response *h = held_response_of(c);

	if (h->state == HELD_WAITING) {
		/* It has had "end" before: it must not come again. */
		if (s->resumed && s->missed == 0 &&
		    filter_all_finished(&c->filter)) {
			held_response_end(c);
			conn_respond(h->conn, 204, "text/event-stream", "", 0);
			return;
		}
		h->state = HELD_BEGUN;
		if (h->heartbeat_ms == 0)
			h->heartbeat_ms =
			    1000 * c->live->conf.live_comment_seconds;
		c->timer_at = clock_ms() + h->heartbeat_ms;
		/* Spread, as those that came at once would leave at once. */
		h->ends_at =
		    clock_ms() + (int64_t)(AGE_MAX_MS * (0.8 + drand48() / 5));
	}
	client_push_subscribed(c, s);
}

static void
sse_fail(struct client *c, enum rc rc, const char *sentence)
{
	if (held_response_fail(c, rc, sentence))
		return;
	held_response_end(c);
}

static int
retry_ms(void)
{
	return RETRY_MIN + (int)(drand48() * RETRY_SPREAD);
}

static void
sse_stop(struct client *c)
{
	struct held_response *h = held_response_of(c);
	char text[64];
	int n;

	if (h->state < HELD_OPEN) {
		held_response_fail(
		    c, E_UNAVAILABLE, "The service is restarting. Try again.");
		return;
	}
	n = snprintf(text, sizeof(text), "retry: %d\n\n", retry_ms());
	client_push(c, frame_new(text, (size_t)n));
	held_response_end(c);
}

static void
sse_tick(struct client *c, int64_t now)
{
	struct held_response *h = held_response_of(c);

	if (now < c->timer_at)
		return;
	if (h->state != HELD_OPEN ||
	    (h->heartbeat && now - h->heartbeat_due_at >= STUCK_MS)) {
		client_drop(c);
		return;
	}
	if (!h->heartbeat)
		h->heartbeat_due_at = now;
	h->heartbeat = true;
	c->timer_at = now + h->heartbeat_ms;
	if (now >= h->ends_at)
		sse_stop(c);
	client_wake(c);
}

/* A message of the stream itself, the same in every dialect. */
static struct frame *
stream_frame(struct client *c, enum frame_shape shape, const char *type)
{
	char cursor[CURSOR_MAX], text[256];
	int n;

	client_cursor_text(c, cursor);
	n = snprintf(text, sizeof(text),
	    "{\"id\":\"%s\",\"type\":\"%s\",\"payload\":{}}", cursor, type);
	return frame_message(shape, cursor, type, text, (size_t)n);
}

/* The next frame, or a message of the stream itself. */
static struct frame *
sse_next(struct client *c)
{
	struct held_response *h = held_response_of(c);
	struct frame *f = h->unwritten;

	h->unwritten = NULL;
	if (f == NULL)
		f = client_next_frame(c);
	if (f != NULL)
		return f;
	if (h->state == HELD_OPEN && client_is_finished(c)) {
		held_response_end(c);
		return stream_frame(c, SHAPE_SSE, "end");
	}
	if (h->heartbeat && h->state == HELD_OPEN) {
		h->heartbeat = false;
		return stream_frame(c, SHAPE_SSE_NO_ID, "heartbeat");
	}
	return NULL;
}

static int
write_bytes(struct client *c, unsigned char *p, size_t len)
{
	return lws_write(c->wsi, p, len, LWS_WRITE_RAW) >= (int)len ? 0 : -1;
}

/* One that is too large to be gathered goes alone, without a copy. */
static int
write_large(struct client *c, struct frame *f)
{
	int bad = write_bytes(c, frame_data(f), f->len);

	frame_unref(f);
	client_wake(c);
	return bad;
}

static int
write_frames(struct client *c)
{
	unsigned char mem[LWS_PRE + GATHER];
	struct held_response *h = held_response_of(c);
	struct frame *f;
	size_t n = 0;

	while ((f = sse_next(c)) != NULL) {
		c->live->counters.frames++;
		if (f->len > GATHER && n == 0)
			return write_large(c, f);
		if (f->len > GATHER - n) {
			h->unwritten = f;
			break;
		}
		memcpy(mem + LWS_PRE + n, frame_data(f), f->len);
		n += f->len;
		frame_unref(f);
	}
	if (n == 0)
		return h->state == HELD_ENDING ? -1 : 0;
	/* To go on, or to close once this has left. */
	if (h->unwritten != NULL || h->state == HELD_ENDING)
		client_wake(c);
	return write_bytes(c, mem + LWS_PRE, n);
}

static int
sse_write(struct client *c)
{
	struct held_response *h = held_response_of(c);
	char first[64];

	if (h->state == HELD_WAITING)
		return 0;
	if (h->state == HELD_BEGUN) {
		h->state = HELD_OPEN;
		snprintf(first, sizeof(first), "retry: %d\n\n", retry_ms());
		if (!conn_write_head(h->conn, "text/event-stream", first))
			return -1;
		client_wake(c);
		return 0;
	}
	return write_frames(c);
}

static const char *const args[] = {
    "ids", "dialect", "cursor", "last_event_id", "access_token", NULL};

const struct transport transport_sse = {
    .name = "sse",
    .shape = SHAPE_SSE,
    .ready = held_response_ready,
    .begin = sse_begin,
    .fail = sse_fail,
    .tick = sse_tick,
    .stop = sse_stop,
    .write = sse_write,
    .closed = held_response_closed,
    .args = args,
};
