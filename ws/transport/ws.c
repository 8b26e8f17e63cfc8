/*
 * WebSocket: text frames, one envelope each.
 *
 * It is opened before anyone is known, because a browser cannot see the
 * status of a refused upgrade: who has no session gets an error and close
 * code 4401.  Other codes: 1002, 1003 and 1007 for frames that are no good
 * (websocket.c), 1008 too many messages, 1009 too long a message, 1012 the
 * service restarts, 1013 full.
 */
#include "ws/transport/transport.h"

#include "core/clock.h"
#include "core/log.h"
#include "ws/auth.h"
#include "ws/live.h"
#include "ws/websocket.h"

#include <linux/sockios.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#define MESSAGE_MAX 16384 /* bytes of one message */
#define PENDING_MAX 32    /* messages that wait for the one before */
#define BURST_SECONDS 5   /* of messages at once, when it was silent before */
#define FRAMES_AT_ONCE 32
#define CLOSE_UNAUTHORIZED 4401
#define CLOSE_EMPTY (-1)
/* Pings in a row without an answer, before it is dropped. */
#define UNANSWERED_MAX 2

struct pending_frame {
	struct pending_frame *next;
	size_t len;
	char text[];
};

/* What a ping wants to have back. */
struct pong {
	uint8_t len;
	unsigned char bytes[];
};

struct ws_conn {
	struct conn *conn;
	struct auth_call *auth;
	struct websocket parser; /* of what it sends */
	struct pending_frame *first, **last;
	int npending;
	double tokens; /* messages it may still send */
	int64_t refilled;
	bool ping_due;
	bool choked;    /* more was written than its connection takes at once */
	int unanswered; /* pings since anything was heard */
	char *cursor;   /* of the address, until it is asked for; owned */
	struct pong *pong; /* of the newest ping; owned, or NULL */
	int close_code;    /* 0: stays open; CLOSE_EMPTY: without a code */
	const char *close_reason;
	bool close_first;    /* before all that is queued */
	bool close_received; /* the client has sent its close frame */
	bool close_sent;     /* so have we: nothing follows */
	bool ended;          /* and it has left */
};

static struct ws_conn *
ws_conn_of(struct client *c)
{
	return c->transport_data;
}

/* Ends it when what is queued has been written. */
static void
ws_close(struct client *c, int code, const char *reason)
{
	struct ws_conn *w = ws_conn_of(c);

	if (w->close_code != 0)
		return;
	w->close_code = code;
	w->close_reason = reason;
	client_wake(c);
}

/* ---- opening ---------------------------------------------------------- */

/* A refusal names the version that would do (RFC 6455, 4.2). */
static void
refuse_upgrade(struct conn *c, const char *detail)
{
	conn_problem(c, 426, detail, 0);
	c->response->more =
	    "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n";
}

/* 16 bytes in base64. */
static bool
key_valid(const char *key)
{
	return key != NULL && strlen(key) == 24 &&
	       strcmp(key + 22, "==") == 0 &&
	       strspn(key,
		   "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		   "0123456789+/") == 22;
}

bool
ws_is_upgrade(struct live_request *rq)
{
	return http_head_has_token(
		   request_header(rq, "upgrade"), "websocket") &&
	       http_head_has_token(request_header(rq, "connection"), "upgrade");
}

/* Whether the request may be upgraded; false when the answer is queued. */
static bool
ws_check(struct live_request *rq)
{
	const char *version = request_header(rq, "sec-websocket-version");

	if (!ws_is_upgrade(rq))
		refuse_upgrade(rq->conn, "This path accepts only WebSocket. "
					 "Use /events or /poll instead.");
	else if (version == NULL || strcmp(version, "13") != 0)
		refuse_upgrade(rq->conn,
		    "Only version 13 of the WebSocket protocol is supported.");
	else if (rq->head.minor < 1)
		conn_problem(rq->conn, 400, "A WebSocket needs HTTP/1.1.", 0);
	else if (!key_valid(request_header(rq, "sec-websocket-key")))
		conn_problem(rq->conn, 400,
		    "Sec-WebSocket-Key must be 16 bytes in base64.", 0);
	else
		return request_same_origin(rq) == OK;
	return false;
}

/*
 * The answer to the upgrade.  Of the subprotocols that a client offers the
 * first is taken: browsers give up where none is, and our messages are the same
 * in all of them.
 */
static bool
write_upgrade(struct live_request *rq)
{
	const char *key = request_header(rq, "sec-websocket-key");
	const char *protocol = http_head_first_token(
	    rq->arena, request_header(rq, "sec-websocket-protocol"));
	const char *text;
	unsigned char sum[20];
	char accept[32];

	text = arena_printf(
	    rq->arena, "%s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key);
	lws_SHA1((const unsigned char *)text, strlen(text), sum);
	lws_b64_encode_string(
	    (const char *)sum, sizeof(sum), accept, sizeof(accept));
	text = arena_printf(rq->arena,
	    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
	    "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n%s%s%s\r\n",
	    accept, protocol == NULL ? "" : "Sec-WebSocket-Protocol: ",
	    protocol == NULL ? "" : protocol, protocol == NULL ? "" : "\r\n");
	return lws_write(rq->conn->wsi, (unsigned char *)text, strlen(text),
		   LWS_WRITE_RAW) >= 0;
}

static void
on_auth(void *arg, enum rc rc, struct cached_session *s)
{
	struct client *c = arg;

	ws_conn_of(c)->auth = NULL;
	if (rc == OK)
		client_enter(c, s);
	else if (rc == E_AUTH)
		c->transport->fail(c, rc,
		    "The request has no valid session. Open the site first to "
		    "get one.");
	else if (rc == E_LIMIT)
		c->transport->fail(c, rc,
		    "This account has too many live connections. Close some of "
		    "them.");
	else
		c->transport->fail(
		    c, rc, "Sessions can't be looked up right now. Try again.");
}

/* The cursor to resume from, for dialects without requests; owned, or NULL. */
static char *
ws_cursor(struct live_request *rq)
{
	const char *cursor = request_cursor(rq);
	char *p = cursor == NULL ? NULL : strdup(cursor);

	if (cursor != NULL && p == NULL)
		fatal("out of memory");
	return p;
}

static void
ws_authenticate(struct live_request *rq, struct client *c)
{
	struct credentials who = {
	    .cookie = request_header(rq, "cookie"),
	    .https = request_https(rq),
	    .authorization = request_header(rq, "authorization"),
	    .access_token = request_arg(rq, "access_token"),
	};

	if (auth_check(
		rq->live->auth, &who, on_auth, c, &ws_conn_of(c)->auth) != OK)
		on_auth(c, E_AUTH, NULL);
}

int
ws_open(struct live_request *rq)
{
	struct live *l = rq->live;
	bool full = l->nclients >= l->conf.live_clients;
	struct client *c;
	struct ws_conn *w;

	if (!ws_check(rq))
		return 0;
	/* Small, and the first on its connection: it always fits. */
	if (!write_upgrade(rq))
		return -1;
	w = calloc(1, sizeof(*w));
	if (w == NULL)
		fatal("out of memory");
	websocket_init(&w->parser, MESSAGE_MAX);
	w->last = &w->first;
	w->tokens = BURST_SECONDS * l->conf.live_messages;
	w->refilled = clock_ms();
	c = client_new(
	    l, rq->conn->wsi, &transport_ws, dialect_find_path(rq->head.path));
	c->transport_data = w;
	w->conn = rq->conn;
	w->cursor = ws_cursor(rq);
	rq->conn->client = c;
	/* Spread, so that not all are pinged at once after a restart. */
	c->timer_at = clock_ms() + (int64_t)((0.5 + drand48() / 2) * 1000 *
					     l->conf.live_ping_seconds);
	lws_set_timeout(c->wsi, NO_PENDING_TIMEOUT, 0);
	l->counters.opened++;
	if (full || l->stopping)
		ws_close(c, 1013, "full");
	else
		ws_authenticate(rq, c);
	return 0;
}

static void
ws_closed(struct client *c)
{
	struct ws_conn *w = ws_conn_of(c);
	struct pending_frame *next;

	auth_cancel(w->auth);
	free(w->cursor);
	websocket_release(&w->parser);
	free(w->pong);
	for (struct pending_frame *p = w->first; p != NULL; p = next) {
		next = p->next;
		free(p);
	}
	free(w);
	client_free(c);
}

/* ---- what the client sends -------------------------------------------- */

static void
ws_handle(struct client *c, const char *text, size_t len)
{
	const struct dialect *d = dialects[c->dialect];
	const char *why = "This path does not accept messages.";
	struct client_request rq;
	struct arena a;

	arena_init(&a);
	if (d->parse_request != NULL &&
	    d->parse_request(&a, text, len, &rq, &why) == OK)
		client_handle(c, &rq);
	else
		client_push_error(c, "bad_request", why, NULL);
	arena_release(&a);
}

/* Messages are answered in order: one that waits holds the others back. */
static bool
is_busy(const struct client *c)
{
	return !c->ready || c->subscribing != NULL;
}

static void
pending_add(struct client *c, const char *text, size_t len)
{
	struct ws_conn *w = ws_conn_of(c);
	struct pending_frame *p;

	if (w->npending == PENDING_MAX) {
		ws_close(c, 1008, "too many messages at once");
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
	struct ws_conn *w = ws_conn_of(c);
	struct pending_frame *p;

	while ((p = w->first) != NULL && !is_busy(c)) {
		w->first = p->next;
		if (w->first == NULL)
			w->last = &w->first;
		w->npending--;
		ws_handle(c, p->text, p->len);
		free(p);
	}
}

/* A token bucket: so many messages a second, BURST_SECONDS of them at once. */
static bool
has_send_token(struct client *c)
{
	struct ws_conn *w = ws_conn_of(c);
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
on_text(struct client *c)
{
	const struct buf *message = &ws_conn_of(c)->parser.message;

	c->live->counters.messages++;
	if (!has_send_token(c)) {
		client_push_error(c, "too_many",
		    "Too many messages. Send them more slowly.", NULL);
		ws_close(c, 1008, "too many messages");
	} else if (is_busy(c)) {
		pending_add(c, message->data, message->len);
	} else {
		ws_handle(c, message->data, message->len);
	}
}

/* Only the newest ping needs an answer (RFC 6455, 5.5.3). */
static void
on_ping(struct client *c)
{
	struct ws_conn *w = ws_conn_of(c);
	struct pong *p = malloc(sizeof(*p) + w->parser.ncontrol);

	if (p == NULL)
		fatal("out of memory");
	p->len = w->parser.ncontrol;
	memcpy(p->bytes, w->parser.control, p->len);
	free(w->pong);
	w->pong = p;
	client_wake(c);
}

/* The code comes back; the close frame is not put off behind all the rest. */
static void
on_close(struct client *c)
{
	struct ws_conn *w = ws_conn_of(c);

	w->close_received = w->close_first = true;
	ws_close(c, w->parser.code == 0 ? CLOSE_EMPTY : w->parser.code, "");
}

static void
on_protocol_error(struct client *c)
{
	struct ws_conn *w = ws_conn_of(c);

	w->close_first = true;
	ws_close(c, w->parser.code, w->parser.why);
}

static void
ws_on_event(struct client *c, enum websocket_event kind)
{
	struct ws_conn *w = ws_conn_of(c);

	if (kind == WEBSOCKET_CLOSE)
		on_close(c);
	else if (w->close_code != 0)
		return;
	else if (kind == WEBSOCKET_TEXT)
		on_text(c);
	else if (kind == WEBSOCKET_PING)
		on_ping(c);
	else if (kind == WEBSOCKET_BAD)
		on_protocol_error(c);
}

static int
ws_receive(struct client *c, const char *p, size_t len)
{
	const unsigned char *at = (const unsigned char *)p, *end = at + len;
	struct ws_conn *w = ws_conn_of(c);
	enum websocket_event kind;

	w->unanswered = 0;
	do {
		kind = websocket_read(&w->parser, &at, end);
		ws_on_event(c, kind);
	} while (at < end && !w->close_received);
	/* Both have said it. */
	return w->close_sent && w->close_received ? -1 : 0;
}

/* ---- what it is sent -------------------------------------------------- */

/* A whole frame, whose header goes before its payload (frame.h). */
static bool
write_frame(
    struct client *c, enum websocket_opcode op, unsigned char *p, size_t len)
{
	size_t n = websocket_header(p, op, len);

	return lws_write(c->wsi, p - n, len + n, LWS_WRITE_RAW) >=
	       (int)(len + n);
}

static int
write_control(
    struct client *c, enum websocket_opcode op, const void *text, size_t len)
{
	unsigned char mem[WEBSOCKET_HEADER_MAX + WEBSOCKET_CONTROL_MAX];

	memcpy(mem + WEBSOCKET_HEADER_MAX, text, len);
	client_wake(c);
	return write_frame(c, op, mem + WEBSOCKET_HEADER_MAX, len) ? 0 : -1;
}

/* With a byte in it: some do not tell of an empty pong. */
static int
write_ping(struct client *c)
{
	ws_conn_of(c)->ping_due = false;
	return write_control(c, WEBSOCKET_OP_PING, "p", 1);
}

static int
write_pong(struct client *c)
{
	struct pong *p = ws_conn_of(c)->pong;
	int rc = write_control(c, WEBSOCKET_OP_PONG, p->bytes, p->len);

	ws_conn_of(c)->pong = NULL;
	free(p);
	return rc;
}

static int
write_close(struct client *c)
{
	struct ws_conn *w = ws_conn_of(c);
	char text[WEBSOCKET_CONTROL_MAX];
	int n = 0;

	if (w->close_code != CLOSE_EMPTY)
		n = snprintf(text, sizeof(text), "%c%c%s", w->close_code >> 8,
		    w->close_code & 255, w->close_reason);
	w->close_sent = true;
	return write_control(c, WEBSOCKET_OP_CLOSE, text, (size_t)n);
}

/* Our close frame has left: the end, or the wait for the client's. */
static int
ws_end(struct client *c)
{
	struct ws_conn *w = ws_conn_of(c);

	if (w->close_received)
		return -1;
	if (!w->ended)
		conn_end(w->conn);
	w->ended = true;
	return 0;
}

static int
ws_write(struct client *c)
{
	struct ws_conn *w = ws_conn_of(c);
	struct frame *f;
	bool good;

	/* It has taken what it was given: somebody is there. */
	if (w->choked)
		w->unanswered = 0;
	w->choked = false;
	if (w->close_sent)
		return ws_end(c);
	if (w->close_first)
		return write_close(c);
	if (w->pong != NULL)
		return write_pong(c);
	if (w->ping_due)
		return write_ping(c);
	handle_pending(c);
	for (int n = 0; n < FRAMES_AT_ONCE; n++) {
		f = client_next_frame(c);
		if (f == NULL)
			return w->close_code != 0 ? write_close(c) : 0;
		good = write_frame(c, WEBSOCKET_OP_TEXT, frame_data(f), f->len);
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
ws_ready(struct client *c)
{
	const struct dialect *d = dialects[c->dialect];
	struct ws_conn *w = ws_conn_of(c);
	struct client_request all = {.all = true, .cursor = w->cursor};

	if (c->room->state == ROOM_LIVE)
		client_set_position(c, &c->room->last);
	client_push_connected(c);
	if (d->subscribes_at_once)
		client_handle(c, &all);
	free(w->cursor);
	w->cursor = NULL;
}

static void
ws_fail(struct client *c, enum rc rc, const char *sentence)
{
	if (rc == E_AUTH) {
		client_push_error(c, "unauthorized", sentence, NULL);
		ws_close(c, CLOSE_UNAUTHORIZED, "unauthorized");
	} else if (rc == E_LIMIT) {
		client_push_error(c, "too_many", sentence, NULL);
		ws_close(c, 1008, "too many connections");
	} else {
		client_push_error(c, "unavailable", sentence, NULL);
		/* Nobody knows who it is: it shall try again. */
		if (c->session == NULL)
			ws_close(c, 1013, "try again later");
	}
}

/*
 * The other end of the connection has all we wrote: by TCP it has said so, and
 * by a unix socket it was read.  A front server takes it for a client that is
 * gone, so this counts for less than a pong does.
 */
static bool
peer_has_all(struct client *c)
{
	int left = 0;

	return ioctl(lws_get_socket_fd(c->wsi), SIOCOUTQ, &left) == 0 &&
	       left == 0;
}

static void
ws_tick(struct client *c, int64_t now)
{
	struct ws_conn *w = ws_conn_of(c);

	if (now < c->timer_at || w->close_sent)
		return;
	c->timer_at = now + 1000 * (int64_t)c->live->conf.live_ping_seconds;
	if (w->unanswered == UNANSWERED_MAX ||
	    (w->unanswered > 0 && !peer_has_all(c))) {
		client_drop(c);
		return;
	}
	w->unanswered++;
	w->ping_due = true;
	client_wake(c);
}

static void
ws_stop(struct client *c)
{
	ws_close(c, 1012, "service restart");
}

const struct transport transport_ws = {
    .name = "ws",
    .shape = SHAPE_TEXT,
    .ready = ws_ready,
    .begin = client_push_subscribed,
    .fail = ws_fail,
    .tick = ws_tick,
    .stop = ws_stop,
    .receive = ws_receive,
    .write = ws_write,
    .closed = ws_closed,
};
