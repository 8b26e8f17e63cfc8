/*
 * Long-poll: {"cursor","resumed","missed","generationIds","events":[...]}.
 *
 * Without a cursor, or with one that cannot be resumed, the snapshots are the
 * answer.  Else the answer waits for an event; its head is sent
 * before, so that a front server notices when the client leaves.
 */
#include "ws/transport/held_response.h"
#include "ws/transport/transport.h"

#include "core/clock.h"
#include "core/log.h"
#include "ws/live.h"

#include <stdlib.h>
#include <string.h>

/* Of one answer; what it can hold is bounded by the client's queue. */
#define BODY_MAX (4 * 1024 * 1024)

/* The lookups before the wait may take so long. */
#define WAITING_MS 5000

static const char away[] =
    "The live channel is temporarily unavailable. Try again.";

static char *
id_list(const struct subscribe_answer *s)
{
	char id[UUID_LEN + 1], *text;
	struct buf b;
	size_t len;

	buf_init(&b, 64 + (size_t)s->n * (UUID_LEN + 3));
	buf_addc(&b, '[');
	for (int i = 0; i < s->n; i++) {
		uuid_to_text(&s->ids[i], id);
		buf_printf(&b, "%s\"%s\"", i > 0 ? "," : "", id);
	}
	buf_addc(&b, ']');
	text = buf_take(&b, &len);
	return text;
}

static void
poll_begin(struct client *c, const struct subscribe_answer *s)
{
	struct held_response *h = held_response_of(c);

	/* It has no cursor to poll with next: let it come back. */
	if (s->cursor == NULL) {
		held_response_fail(c, E_UNAVAILABLE, away);
		return;
	}
	free(h->ids);
	h->ids = id_list(s);
	h->resumed = s->resumed;
	h->missed = s->missed;
	h->answer_now = !s->resumed || s->missed != 0;
	if (h->state == HELD_WAITING)
		h->state = HELD_BEGUN;
}

static void
poll_fail(struct client *c, enum rc rc, const char *sentence)
{
	if (held_response_fail(c, rc, sentence))
		return;
	held_response_of(c)->answer_now = true;
}

static void
poll_tick(struct client *c, int64_t now)
{
	struct held_response *h = held_response_of(c);

	if (now >= c->timer_at)
		client_drop(c);
	else if (h->state == HELD_WAITING && now >= h->ends_at + WAITING_MS)
		held_response_fail(c, E_UNAVAILABLE, away);
	else if (now >= h->ends_at && h->state != HELD_ENDING)
		client_wake(c);
	else if (h->state == HELD_OPEN && h->heartbeat_ms > 0 &&
		 now - h->heartbeat_due_at >= h->heartbeat_ms) {
		h->heartbeat = true;
		h->heartbeat_due_at = now;
		client_wake(c);
	}
}

static void
poll_stop(struct client *c)
{
	struct held_response *h = held_response_of(c);

	if (h->state == HELD_WAITING)
		held_response_fail(
		    c, E_UNAVAILABLE, "The service is restarting. Try again.");
	h->answer_now = true;
	client_wake(c);
}

/* All frames that there are now; their number. */
static int
poll_gather(struct client *c, struct buf *events)
{
	struct frame *f;
	int n = 0;

	while ((f = client_next_frame(c)) != NULL) {
		if (n++ > 0)
			buf_addc(events, ',');
		buf_add(events, frame_data(f), f->len);
		frame_unref(f);
		c->live->counters.frames++;
	}
	return n;
}

static void
poll_build(struct client *c, const struct buf *events, struct buf *body)
{
	struct held_response *h = held_response_of(c);
	char cursor[CURSOR_MAX];

	buf_printf(body, "{\"cursor\":\"%s\",\"resumed\":%s,\"missed\":",
	    client_cursor_text(c, cursor), h->resumed ? "true" : "false");
	if (h->missed < 0)
		buf_adds(body, "null");
	else
		buf_printf(body, "%lld", (long long)h->missed);
	buf_printf(body, ",\"generationIds\":%s,\"events\":[", h->ids);
	buf_add(body, events->data, events->len);
	buf_adds(body, "]}");
	if (!buf_ok(body) || !buf_ok(events))
		BUG("an answer of more than %d bytes", BODY_MAX);
}

static int
poll_answer(struct client *c, const struct buf *events)
{
	struct held_response *h = held_response_of(c);
	struct buf body;
	int bad = 0;

	/* LWS_PRE bytes before the text belong to libwebsockets. */
	buf_init(&body, BODY_MAX + LWS_PRE);
	if (h->state == HELD_BEGUN) {
		poll_build(c, events, &body);
		conn_respond(
		    h->conn, 200, "application/json", body.data, body.len);
	} else {
		for (int i = 0; i < LWS_PRE; i++)
			buf_addc(&body, ' ');
		poll_build(c, events, &body);
		bad = lws_write(c->wsi, (unsigned char *)body.data + LWS_PRE,
			  body.len - LWS_PRE, LWS_WRITE_RAW) < 0;
		client_wake(c);
	}
	held_response_end(c);
	buf_release(&body);
	return bad ? -1 : 0;
}

/* White space before JSON means nothing, but the front server must write it. */
static int
write_space(struct client *c)
{
	unsigned char mem[LWS_PRE + 1];

	mem[LWS_PRE] = ' ';
	return lws_write(c->wsi, mem + LWS_PRE, 1, LWS_WRITE_RAW) < 0 ? -1 : 0;
}

static int
poll_write(struct client *c)
{
	struct held_response *h = held_response_of(c);
	struct buf events;
	bool beats;
	int rc = 0;

	if (h->state == HELD_WAITING)
		return 0;
	if (h->state == HELD_ENDING)
		return -1;
	buf_init(&events, BODY_MAX);
	beats = h->heartbeat;
	h->heartbeat = false;
	if (poll_gather(c, &events) > 0 || h->answer_now ||
	    clock_ms() >= h->ends_at) {
		rc = poll_answer(c, &events);
	} else if (h->state == HELD_BEGUN) {
		h->state = HELD_OPEN;
		if (!conn_write_head(h->conn, "application/json", ""))
			rc = -1;
	} else if (beats) {
		rc = write_space(c);
	}
	buf_release(&events);
	return rc;
}

static const char *const args[] = {
    "ids", "dialect", "cursor", "last_event_id", "access_token", "wait", NULL};

const struct transport transport_poll = {
    .name = "poll",
    .shape = SHAPE_TEXT,
    .polls = true,
    .ready = held_response_ready,
    .begin = poll_begin,
    .fail = poll_fail,
    .tick = poll_tick,
    .stop = poll_stop,
    .write = poll_write,
    .closed = held_response_closed,
    .args = args,
};
