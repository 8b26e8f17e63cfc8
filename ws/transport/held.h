/*
 * held: what Server-Sent Events and long-poll have in common.
 *
 *   ids=a,b  generations (all own when left out)
 *   dialect=NAME
 *   Last-Event-ID, ?last_event_id= or ?cursor=, the first of them
 *   wait=SECONDS (long-poll)
 *   X-Platen-Heartbeat: SECONDS, by a front server that sees only at a write
 *   that its client has left
 */
#ifndef WS_TRANSPORT_HELD_H
#define WS_TRANSPORT_HELD_H

#include "ws/client_request.h"
#include "ws/auth.h"
#include "ws/conn.h"

#include <stdint.h>

enum held_state {
	HELD_WAITING, /* nothing was sent, the answer may still be an error */
	HELD_BEGUN,   /* the subscription has begun, the head is not sent */
	HELD_OPEN,    /* the head is sent */
	HELD_ENDING,  /* nothing more but the end */
};

/* client->own of both transports. */
struct held {
	struct conn *conn;
	struct auth_call *auth; /* the session's, while it is looked up */
	char *list;             /* ?ids=, until it is asked; NULL: all; owned */
	char *cursor;           /* as given; the same */
	enum held_state state;
	int beat_ms;         /* between two heartbeats; long-poll: 0: none */
	bool heartbeat;      /* one is due */
	int64_t beat_since;  /* clock_ms(): it came due */
	int64_t until;       /* clock_ms(): nothing is held any longer */
	struct frame *spare; /* SSE: taken, but it did not fit any more */
	bool resumed;        /* the rest is long-poll's */
	bool full;           /* something is to be told at once */
	int64_t missed;
	char *ids; /* JSON array of what it listens to; owned */
};

static inline struct held *held_of(struct client *c);

/* held_ready: transport->ready of both. */
void held_ready(struct client *c);

/* held_end: nothing more but the end, which has 30 s to be taken. */
void held_end(struct client *c);

/*
 * held_fail: the error as the answer; when the head is sent already, as one
 * more thing to tell, and false.
 */
bool held_fail(struct client *c, enum rc rc, const char *sentence);

#include "ws/client.h"

static inline struct held *
held_of(struct client *c)
{
	return c->own;
}

#endif
