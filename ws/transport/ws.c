/*
 * WebSocket: text frames, one envelope each.
 *
 * It is opened before anyone is known, because a browser cannot see the
 * status of a refused upgrade: who has no session gets an error and close
 * code 4401.  Other codes: 1003 binary, 1008 too many messages, 1009 too long
 * a message, 1012 the service restarts, 1013 full.
 */
#include "ws/transport/transport.h"

#include "core/clock.h"
#include "core/log.h"
#include "ws/auth.h"
#include "ws/live.h"

#include <linux/sockios.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#define MESSAGE_MAX 16384 /* bytes of one message */
#define PENDING_MAX 32    /* messages that wait for the one before */
#define BURST_SECONDS 5   /* of messages at once, when it was silent before */
#define FRAMES_AT_ONCE 32
#define CLOSE_UNAUTHORIZED 4401
/* Pings in a row without a sign of life, before it is let go. */
#define UNANSWERED_MAX 2

struct pending {
	struct pending *next;
	size_t len;
	char text[];
};

struct ws {
	struct auth_call *auth;
	struct buf message; /* the pieces so far */
	struct pending *first, **last;
	int npending;
	double tokens; /* messages it may still send */
	int64_t refilled;
	bool ping_due;
	bool choked; /* it was given more than its connection takes at once */
	int unanswered; /* pings since anything was heard */
	char *cursor;   /* of the address, until it is asked for; owned */
	int close_code; /* 0: stays open */
	const char *close_reason;
};

static struct ws *
ws_of(struct client *c)
{
	return c->own;
}

/* Ends it when what is queued has been written. */
static void
close_with(struct client *c, int code, const char *reason)
{
	struct ws *w = ws_of(c);

	if (w->close_code != 0)
		return;
	w->close_code = code;
	w->close_reason = reason;
	client_wake(c);
}

/* ---- opening ---------------------------------------------------------- */

bool
ws_admit(struct request *rq)
{
	const char *version = request_header(rq, WSI_TOKEN_VERSION);

	if (dialect_find_path(rq->path) < 0) {
		conn_problem(
		    rq->conn, 404, "There is no WebSocket at this path.", 0);
		return false;
	}
	if (version == NULL || strcmp(version, "13") != 0) {
		conn_problem(rq->conn, 426,
		    "Only version 13 of the WebSocket protocol is spoken.", 0);
		return false;
	}
	return request_same_origin(rq) == OK;
}

static void
on_auth(void *arg, enum rc rc, struct session *s)
{
	struct client *c = arg;

	ws_of(c)->auth = NULL;
	if (rc == OK)
		client_enter(c, s);
	else if (rc == E_AUTH)
		c->transport->fail(c, rc,
		    "No valid session came with the request; open the site "
		    "first, it sets one.");
	else if (rc == E_LIMIT)
		c->transport->fail(c, rc,
		    "This account has too many live connections; close some "
		    "of them.");
	else
		c->transport->fail(c, rc,
		    "Sessions cannot be looked up at the moment; try again.");
}

/* Where it wants to go on, for a dialect that never asks; owned, or NULL. */
static char *
ws_cursor(struct request *rq)
{
	const char *cursor = request_cursor(rq);
	char *p = cursor == NULL ? NULL : strdup(cursor);

	if (cursor != NULL && p == NULL)
		fatal("out of memory");
	return p;
}

static void
look_up(struct request *rq, struct client *c)
{
	struct credentials who = {
	    .cookie = request_header(rq, WSI_TOKEN_HTTP_COOKIE),
	    .https = request_https(rq),
	    .authorization = request_header(rq, WSI_TOKEN_HTTP_AUTHORIZATION),
	    .access_token = request_arg(rq, "access_token"),
	};

	if (auth_check(rq->live->auth, &who, on_auth, c, &ws_of(c)->auth) != OK)
		on_auth(c, E_AUTH, NULL);
}

int
ws_open(struct request *rq)
{
	struct live *l = rq->live;
	bool full = l->nclients >= l->conf.live_clients;
	struct client *c;
	struct ws *w;

	w = calloc(1, sizeof(*w));
	if (w == NULL)
		fatal("out of memory");
	buf_init(&w->message, MESSAGE_MAX);
	w->last = &w->first;
	w->tokens = BURST_SECONDS * l->conf.live_messages;
	w->refilled = clock_ms();
	c = client_new(
	    l, rq->conn->wsi, &transport_ws, dialect_find_path(rq->path));
	c->own = w;
	w->cursor = ws_cursor(rq);
	rq->conn->client = c;
	/* Spread, so that not all are pinged at once after a restart. */
	c->due = clock_ms() + (int64_t)((0.5 + drand48() / 2) * 1000 *
					l->conf.live_ping_seconds);
	if (c->dialect < 0)
		return -1;
	l->counters.opened++;
	if (full || l->stopping)
		close_with(c, 1013, "full");
	else
		look_up(rq, c);
	return 0;
}

void
ws_closed(struct client *c)
{
	struct ws *w = ws_of(c);
	struct pending *next;

	auth_cancel(w->auth);
	free(w->cursor);
	buf_release(&w->message);
	for (struct pending *p = w->first; p != NULL; p = next) {
		next = p->next;
		free(p);
	}
	free(w);
	client_free(c);
}

/* ---- what the client sends -------------------------------------------- */

static void
handle(struct client *c, const char *text, size_t len)
{
	const struct dialect *d = dialects[c->dialect];
	const char *why = "Nothing can be asked for here.";
	struct ask ask;
	struct arena a;

	arena_init(&a);
	if (d->ask != NULL && d->ask(&a, text, len, &ask, &why) == OK)
		client_ask(c, &ask);
	else
		client_complain(c, "bad_request", why, NULL);
	arena_release(&a);
}

/* Messages are answered in order: one that waits holds the others back. */
static bool
must_wait(const struct client *c)
{
	return !c->greeted || c->join != NULL;
}

static void
put_off(struct client *c, const char *text, size_t len)
{
	struct ws *w = ws_of(c);
	struct pending *p;

	if (w->npending == PENDING_MAX) {
		close_with(c, 1008, "too many messages at once");
		return;
	}
	p = malloc(sizeof(*p) + len);
	if (p == NULL)
		fatal("out of memory");
	p->next = NULL;
	p->len = len;
	memcpy(p->text, text, len);
	*w->last = p;
	w->last = &p->next;
	w->npending++;
}

static void
handle_pending(struct client *c)
{
	struct ws *w = ws_of(c);
	struct pending *p;

	while ((p = w->first) != NULL && !must_wait(c)) {
		w->first = p->next;
		if (w->first == NULL)
			w->last = &w->first;
		w->npending--;
		handle(c, p->text, p->len);
		free(p);
	}
}

/* A token bucket: so many messages a second, BURST_SECONDS of them at once. */
static bool
may_send(struct client *c)
{
	struct ws *w = ws_of(c);
	double rate = c->live->conf.live_messages;
	int64_t now = clock_ms();

	w->tokens += rate * (double)(now - w->refilled) / 1000;
	w->refilled = now;
	if (w->tokens > rate * BURST_SECONDS)
		w->tokens = rate * BURST_SECONDS;
	if (w->tokens < 1)
		return false;
	w->tokens--;
	return true;
}

static void
take_message(struct client *c)
{
	struct ws *w = ws_of(c);

	c->live->counters.asked++;
	if (!may_send(c)) {
		client_complain(c, "too_many",
		    "Too many messages; wait between them.", NULL);
		close_with(c, 1008, "too many messages");
	} else if (must_wait(c)) {
		put_off(c, w->message.data, w->message.len);
	} else {
		handle(c, w->message.data, w->message.len);
	}
	buf_release(&w->message);
}

int
ws_receive(struct client *c, const char *p, size_t len)
{
	struct ws *w = ws_of(c);

	w->unanswered = 0;
	if (w->close_code != 0)
		return 0;
	if (lws_frame_is_binary(c->wsi)) {
		close_with(
		    c, LWS_CLOSE_STATUS_UNACCEPTABLE_OPCODE, "text only");
		return 0;
	}
	buf_add(&w->message, p, len);
	if (!buf_ok(&w->message)) {
		close_with(
		    c, LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE, "at most 16 kB");
		return 0;
	}
	if (lws_is_final_fragment(c->wsi) &&
	    lws_remaining_packet_payload(c->wsi) == 0)
		take_message(c);
	return 0;
}

void
ws_pong(struct client *c)
{
	ws_of(c)->unanswered = 0;
}

/* ---- what it is sent -------------------------------------------------- */

/* With a byte in it: libwebsockets does not tell of an empty pong. */
static int
write_ping(struct client *c)
{
	unsigned char mem[LWS_PRE + 1];

	mem[LWS_PRE] = 'p';
	ws_of(c)->ping_due = false;
	client_wake(c);
	return lws_write(c->wsi, mem + LWS_PRE, 1, LWS_WRITE_PING) < 0 ? -1 : 0;
}

static int
write_close(struct client *c)
{
	struct ws *w = ws_of(c);
	unsigned char reason[64];
	int n;

	n = snprintf((char *)reason, sizeof(reason), "%s", w->close_reason);
	lws_close_reason(
	    c->wsi, (enum lws_close_status)w->close_code, reason, (size_t)n);
	return -1;
}

int
ws_write(struct client *c)
{
	struct ws *w = ws_of(c);
	struct frame *f;
	bool good;

	/* It has taken what it was given: somebody is there. */
	if (w->choked)
		w->unanswered = 0;
	w->choked = false;
	if (w->ping_due)
		return write_ping(c);
	handle_pending(c);
	for (int n = 0; n < FRAMES_AT_ONCE; n++) {
		f = client_take(c);
		if (f == NULL)
			return w->close_code != 0 ? write_close(c) : 0;
		good = lws_write(c->wsi, frame_data(f), f->len,
			   LWS_WRITE_TEXT) >= (int)f->len;
		frame_unref(f);
		c->live->counters.frames++;
		if (!good)
			return -1;
		w->choked = lws_send_pipe_choked(c->wsi) != 0;
		if (w->choked)
			break;
	}
	client_wake(c);
	return 0;
}

/* ---- for the client --------------------------------------------------- */

static void
ready(struct client *c)
{
	const struct dialect *d = dialects[c->dialect];
	struct ws *w = ws_of(c);
	struct ask all = {.all = true, .cursor = w->cursor};

	if (c->room->state == ROOM_LIVE)
		client_settle(c, &c->room->last);
	client_push_connected(c);
	if (d->all_at_once)
		client_ask(c, &all);
	free(w->cursor);
	w->cursor = NULL;
}

static void
fail(struct client *c, enum rc rc, const char *sentence)
{
	if (rc == E_AUTH) {
		client_complain(c, "unauthorized", sentence, NULL);
		close_with(c, CLOSE_UNAUTHORIZED, "unauthorized");
	} else if (rc == E_LIMIT) {
		client_complain(c, "too_many", sentence, NULL);
		close_with(c, 1008, "too many connections");
	} else {
		client_complain(c, "unavailable", sentence, NULL);
		/* Nobody knows who it is: it shall try again. */
		if (c->session == NULL)
			close_with(c, 1013, "try again later");
	}
}

/*
 * The other end of the connection has all we wrote: by TCP it has said so, and
 * by a unix socket it was read.  A front server takes it for a client that is
 * gone, so this counts for less than a pong does.
 */
static bool
took_all(struct client *c)
{
	int left = 0;

	return ioctl(lws_get_socket_fd(c->wsi), SIOCOUTQ, &left) == 0 &&
	       left == 0;
}

static void
tick(struct client *c, int64_t now)
{
	struct ws *w = ws_of(c);

	if (now < c->due)
		return;
	c->due = now + 1000 * (int64_t)c->live->conf.live_ping_seconds;
	if (w->unanswered == UNANSWERED_MAX ||
	    (w->unanswered > 0 && !took_all(c))) {
		client_kill(c);
		return;
	}
	w->unanswered++;
	w->ping_due = true;
	client_wake(c);
}

static void
stop(struct client *c)
{
	close_with(c, 1012, "service restart");
}

const struct transport transport_ws = {
    .name = "ws",
    .shape = SHAPE_TEXT,
    .ready = ready,
    .begin = client_push_subscribed,
    .fail = fail,
    .tick = tick,
    .stop = stop,
};
