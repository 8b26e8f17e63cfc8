/*
 * held_response: what Server-Sent Events and long-poll have in common: the
 * session, the query, and a response that is held open.
 *
 *   ids=a,b  generations (all own when left out)
 *   dialect=NAME
 *   Last-Event-ID, ?last_event_id= or ?cursor=, the first of them
 *   wait=SECONDS (long-poll)
 *   X-Platen-Heartbeat: SECONDS, by a front server that sees only at a write
 *   that its client has left
 */
#ifndef WS_TRANSPORT_HELD_RESPONSE_H
#define WS_TRANSPORT_HELD_RESPONSE_H

#include "ws/client_request.h"
#include "ws/auth.h"
#include "ws/conn.h"

#include <stdint.h>

enum held_response_state {
	HELD_WAITING, /* nothing was sent, the answer may still be an error */
	HELD_BEGUN,   /* the subscription has begun, the head is not sent */
	HELD_OPEN,    /* the head is sent */
	HELD_ENDING,  /* nothing more but the end */
};

/* client->transport_data of both transports. */
struct held_response {
	struct conn *conn;
	struct auth_call *auth; /* while the session is looked up */
	char *ids_text; /* ?ids=, until it subscribes; NULL: all; owned */
	char *cursor;   /* as given; the same */
	enum held_response_state state;
	int heartbeat_ms; /* between two heartbeats; long-poll: 0: none */
	bool heartbeat;   /* one is due */
	int64_t heartbeat_due_at; /* clock_ms() */
	int64_t ends_at;          /* clock_ms(): the stream or the poll */
	struct frame *unwritten;  /* SSE: the frame that did not fit */
	bool resumed;             /* this and the next are long-poll's */
	bool answer_now;          /* long-poll: do not wait for an event */
	int64_t missed;
	char *ids; /* JSON array of what it listens to; owned */
};

static inline struct held_response *held_response_of(struct client *c);

/* held_response_closed: transport->closed of both. */
void held_response_closed(struct client *c);

/* held_response_ready: transport->ready of both. */
void held_response_ready(struct client *c);

/* held_response_end: nothing more but the end, which has 30 s to be taken. */
void held_response_end(struct client *c);

/*
 * held_response_fail: the error is the response; where the head is sent
 * already it is queued as a message instead, and false.
 */
bool held_response_fail(struct client *c, enum rc rc, const char *sentence);

#include "ws/client.h"

static inline struct held_response *
held_response_of(struct client *c)
{
	return c->transport_data;
}

#endif
