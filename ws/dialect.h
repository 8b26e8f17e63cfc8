/*
 * dialect: how updates and answers are worded for one kind of client.
 *
 * Each ws/dialect/NAME.c defines one `const struct dialect dialect_NAME`; the
 * build makes the table dialects[].  Every function appends one JSON text to
 * out and returns its type, which is the event's name in Server-Sent Events;
 * NULL (and nothing appended) where it has no word for it.  connected,
 * subscribed, unsubscribed and ask may be NULL: nothing is said, nothing may
 * be asked.
 */
#ifndef WS_DIALECT_H
#define WS_DIALECT_H

#include "core/arena.h"
#include "core/buf.h"
#include "core/json.h"
#include "ws/client_request.h"
#include "ws/update.h"

/* What a client is told after it asked to listen. */
struct subscribed {
	const struct uid *ids; /* what it listens to now by this request */
	int n;
	const char *cursor; /* where that begins; NULL while Redis is away */
	bool resumed;       /* everything after its cursor follows */
	bool again;         /* it listened before: the states are told anew */
	int64_t missed;     /* how many events follow; -1: nobody can tell */
};

struct complaint {
	const char *code;       /* "not_found" */
	const char *message;    /* a sentence for a person */
	const char *generation; /* the id it is about, or NULL */
	const char *cursor;     /* the client's place, or NULL */
};

struct dialect {
	const char *name; /* ?dialect=NAME */
	const char *path; /* of its WebSocket */
	bool all_at_once; /* listens to everything without having asked */
	/*
	 * Changes of status alone: no progress, and at the start no state of
	 * what is over.
	 */
	bool changes_only;
	/* event is u->json, parsed. */
	const char *(*update)(const struct update *u, struct json_object *event,
	    struct arena *a, struct buf *out);
	const char *(*connected)(
	    const char *cursor, struct arena *a, struct buf *out);
	const char *(*subscribed)(
	    const struct subscribed *s, struct arena *a, struct buf *out);
	const char *(*unsubscribed)(const struct uid *ids, int n,
	    const char *cursor, struct arena *a, struct buf *out);
	const char *(*complaint)(
	    const struct complaint *c, struct arena *a, struct buf *out);
	const char *(*pong)(
	    const char *cursor, struct arena *a, struct buf *out);
	/* A client's message; E_INPUT and a sentence when it is no good. */
	enum rc (*ask)(struct arena *a, const char *text, size_t len,
	    struct ask *out, const char **why);
};

/* dialect_complaint: {code,message,generationId?}, as all of them word it. */
struct json_object *dialect_complaint(const struct complaint *c);

extern const struct dialect *const dialects[]; /* ended by NULL */

/* dialect_find: by name, its place in dialects[]; -1 when there is none. */
int dialect_find(const char *name);

/* dialect_find_path: the same by the path of its WebSocket. */
int dialect_find_path(const char *path);

#endif
