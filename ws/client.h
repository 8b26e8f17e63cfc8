/*
 * client: one listener on one connection, whatever its transport.
 *
 * It has a position (a cursor, and seq in the log of its room) and a short
 * queue of frames of its own: answers, snapshots, pages of history.  Its
 * transport asks for the next frame with client_next_frame when the connection
 * takes more; nothing is written at any other time.
 *
 *   is_live      reads the room's log from its position on
 *   subscribing  a subscribe request is being answered; the log waits
 *   behind       its position has left the log: it reads pages of history,
 *                with progress collapsed, until it is back in the log
 *   stale        what it knows may be wrong: it is to get the snapshots again
 */
#ifndef WS_CLIENT_H
#define WS_CLIENT_H

#include "ws/client_request.h"
#include "ws/dialect.h"
#include "ws/filter.h"
#include "ws/room.h"

struct client;
struct subscribe_call;
struct live;
struct lws;
struct cached_session;

/* What differs between WebSocket, SSE and long-poll. */
struct transport {
	const char *name;
	enum frame_shape shape;
	/* The account is known, and its room has a cursor to begin at. */
	void (*ready)(struct client *c);
	/* The client polls: what it was told it is not told with each poll. */
	bool polls;
	/* A subscription begins; its events are queued after this. */
	void (*begin)(struct client *c, const struct subscribe_answer *s);
	/* A request failed: E_AUTH is final, E_UNAVAILABLE may pass. */
	void (*fail)(struct client *c, enum rc rc, const char *sentence);
	/* A few times a second. */
	void (*tick)(struct client *c, int64_t now);
	/* The server stops: tells the client so and ends. */
	void (*stop)(struct client *c);
	/*
	 * Bytes that come after the request; NULL where none are read.  This
	 * and write return 0, or -1 to close the connection.
	 */
	int (*receive)(struct client *c, const char *p, size_t len);
	/* The connection takes more. */
	int (*write)(struct client *c);
	/* The connection is gone: frees the client. */
	void (*closed)(struct client *c);
	/* Query parameters that it knows, ended by NULL; NULL: not checked. */
	const char *const *args;
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
	struct subscribe_call *subscribing;
	struct history_call *page; /* the next page of history */
	struct filter filter;
	struct cursor position; /* all up to here was sent or is queued */
	uint64_t seq;           /* in the room's log */
	int64_t timer_at;   /* clock_ms(): for the transport: next heartbeat, or
			       end */
	int64_t registered; /* clock_ms() of the last entry in Redis */
	int64_t connected_at; /* ms since 1970 */
	struct uuid id;       /* in client:{id} */
	int16_t dialect;      /* in dialects[] */
	bool ready : 1;       /* transport->ready was called */
	bool is_live : 1;
	bool behind : 1;
	bool stale : 1;
	bool events_lost : 1; /* stale, and events may have been missed */
	void *transport_data; /* the transport's; it frees it */
};

/* client_new: of a connection whose account is not known yet. */
struct client *client_new(
    struct live *l, struct lws *wsi, const struct transport *t, int dialect);

/* client_free: leaves its room and session; the connection is gone. */
void client_free(struct client *c);

/* client_enter: its session was found; enters the room of its account. */
void client_enter(struct client *c, struct cached_session *s);

/* client_handle: answers a request of the client; the answer is queued. */
void client_handle(struct client *c, const struct client_request *rq);

/*
 * client_next_frame: the next frame to write, the caller's reference; NULL when
 * there is none for now.  client_wake is called as soon as there is one.
 */
struct frame *client_next_frame(struct client *c);

/* client_is_idle: nothing is queued, and no lookup is under way. */
bool client_is_idle(const struct client *c);

/* client_is_finished: idle, and all generations it named have ended. */
bool client_is_finished(const struct client *c);

/* client_wake: asks libwebsockets for a writeable callback. */
void client_wake(struct client *c);

/*
 * client_drop: closes a connection that takes or says nothing any more.  Only
 * from a tick: the client is gone when it returns.
 */
void client_drop(struct client *c);

/*
 * Each queues a frame and wakes the connection.  with_id: the frame moves the
 * client's cursor (SSE).
 */
void client_push(struct client *c, struct frame *f); /* takes f */
void client_push_update(struct client *c, struct update *u, bool with_id);
void client_push_error(struct client *c, const char *code, const char *message,
    const char *generation);
void client_push_pong(struct client *c);
void client_push_connected(struct client *c);
void client_push_subscribed(struct client *c, const struct subscribe_answer *s);

/* client_unsubscribe: stops listening, and answers. */
void client_unsubscribe(struct client *c, const struct client_request *rq);

/* client_note_finished: the filter learns whether the generation has ended. */
void client_note_finished(struct client *c, const struct update *u);

/* client_cursor_text: its position as text; "" before it has one. */
const char *client_cursor_text(const struct client *c, char out[CURSOR_MAX]);

/* client_set_position: all up to the cursor is sent or queued. */
void client_set_position(struct client *c, const struct cursor *at);

/* client_flush_log: queues what the log has for it up to the cursor. */
void client_flush_log(struct client *c, const struct cursor *upto);

/* Called by its room. */
void client_room_update(struct client *c, struct update *u);
void client_room_live(struct client *c);
void client_room_lost(struct client *c);
void client_mark_stale(struct client *c);
void client_position_lost(struct client *c);

/* client_tick: a few times a second. */
void client_tick(struct client *c, int64_t now);

#endif
