/*
 * client: one listener on one connection, whatever its transport.
 *
 * It has a place (pos, and seq in the log of its room) and a short queue of
 * frames of its own: answers, present states, pages of history.  What is next
 * to be written is asked for by client_take, frame by frame, when the
 * connection takes more; nothing is written at any other time.
 *
 *   live    reads the room's log from its place on
 *   join    a request to listen is being answered; the log waits
 *   behind  its place has left the log; pages of history come instead, with
 *           progress collapsed, until it is back in the log
 *   stale   what it was told may be wrong; the present state is due
 */
#ifndef WS_CLIENT_H
#define WS_CLIENT_H

#include "ws/client_request.h"
#include "ws/dialect.h"
#include "ws/filter.h"
#include "ws/room.h"

struct client;
struct join;
struct live;
struct lws;
struct cached_session;

/* What differs between WebSocket, SSE and long-poll. */
struct transport {
	const char *name;
	enum frame_shape shape;
	/* The account is known and its room has a place to begin. */
	void (*ready)(struct client *c);
	/* The client polls again and again, so an error is told only once. */
	bool tells_once;
	/* A subscription begins; what belongs to it is queued after this. */
	void (*begin)(struct client *c, const struct subscribed *s);
	/* A request failed: E_AUTH ends it, E_UNAVAILABLE may pass. */
	void (*fail)(struct client *c, enum rc rc, const char *sentence);
	/* A few times a second. */
	void (*tick)(struct client *c, int64_t now);
	/* The server stops: say so and end. */
	void (*stop)(struct client *c);
};

struct client_item {
	struct client_item *next;
	struct frame *frame; /* owned reference */
};

struct client {
	struct live *live;
	struct lws *wsi;
	const struct transport *transport;
	struct client *next, *prev;     /* of all clients */
	struct cached_session *session; /* NULL until it is known who it is */
	struct client *session_next, *session_prev;
	struct room *room; /* NULL until then */
	struct client *room_next, *room_prev;
	struct client_item *first, **last;
	struct join *join;
	struct history_call *page; /* the next page of history */
	struct filter filter;
	struct cursor pos;  /* everything up to here was told, or is queued */
	uint64_t seq;       /* in the room's log */
	int64_t due;        /* clock_ms(): the transport's next heartbeat */
	int64_t registered; /* clock_ms() of the last entry in Redis */
	int64_t since;      /* ms since 1970 */
	struct uid id;      /* in client:{id} */
	int16_t dialect;    /* in dialects[] */
	bool greeted : 1;   /* transport->ready was called */
	bool is_live : 1;
	bool behind : 1;
	bool stale : 1;
	bool lost : 1; /* stale, and events may be missing in between */
	void *own;     /* the transport's; it frees it */
};

/* client_new: counts, nothing more; the transport owns wsi. */
struct client *client_new(
    struct live *l, struct lws *wsi, const struct transport *t, int dialect);

/* client_free: leaves its room and session; the connection is gone. */
void client_free(struct client *c);

/* client_enter: its session was found: enters the room of its account. */
void client_enter(struct client *c, struct cached_session *s);

/* client_ask: what the client asked for; the answer is queued. */
void client_ask(struct client *c, const struct ask *ask);

/*
 * client_take: the next frame to write, the caller's reference; NULL when
 * there is none for now (client_wake comes when there is).
 */
struct frame *client_take(struct client *c);

/* client_idle: nothing is queued, and nothing under way that could be. */
bool client_idle(const struct client *c);

/* client_over: idle, and all it asked for is over. */
bool client_over(const struct client *c);

/* client_wake: asks libwebsockets for a writeable callback. */
void client_wake(struct client *c);

/*
 * client_kill: closes a connection that takes or says nothing any more.  Only
 * from a tick: the client is gone when it returns.
 */
void client_kill(struct client *c);

/* Queues something and wakes. */
void client_push(struct client *c, struct frame *f); /* takes f */
void client_push_update(struct client *c, struct update *u, bool placed);
void client_complain(struct client *c, const char *code, const char *message,
    const char *generation);
void client_pong(struct client *c);
void client_push_connected(struct client *c);
void client_push_subscribed(struct client *c, const struct subscribed *s);

/* client_unsubscribe: answers as well. */
void client_unsubscribe(struct client *c, const struct ask *ask);

/* client_note: what an update means for the subscription itself. */
void client_note(struct client *c, const struct update *u);

/* client_place: its cursor as text; "" before it has one. */
const char *client_place(const struct client *c, char out[CURSOR_MAX]);

/* client_settle: it has been told everything up to the cursor. */
void client_settle(struct client *c, const struct cursor *at);

/* client_flush: queues what it would read in the log up to the cursor. */
void client_flush(struct client *c, const struct cursor *upto);

/* What its room tells it. */
void client_told(struct client *c, struct update *u);
void client_room_live(struct client *c);
void client_room_lost(struct client *c);
void client_refresh(struct client *c);
void client_lose_place(struct client *c);

/* client_tick: a few times a second. */
void client_tick(struct client *c, int64_t now);

#endif
