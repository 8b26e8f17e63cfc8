/*
 * dialect: the JSON of updates and answers for one kind of client.
 *
 * Each ws/dialect/NAME.c defines one `const struct dialect dialect_NAME`; the
 * build makes the table dialects[].  Every function appends one JSON text to
 * out and returns its type, which is the event's name in Server-Sent Events;
 * NULL (and nothing appended) where the dialect has no such message.
 * connected, subscribed and unsubscribed may be NULL: nothing is sent.
 * parse_request may be NULL: the client cannot ask for anything.
 */
#ifndef WS_DIALECT_H
#define WS_DIALECT_H

#include "core/arena.h"
#include "core/buf.h"
#include "core/json.h"
#include "ws/client_request.h"
#include "ws/update.h"

/* The answer to a subscribe request. */
struct subscribe_answer {
	const struct uuid *ids; /* generations that this request added */
	int n;
	const char *cursor; /* where it begins; NULL while Redis is down */
	bool resumed;       /* everything after its cursor follows */
	bool refresh;       /* it listened before: snapshots are sent again */
	int64_t missed;     /* events that follow; -1: unknown */
};

struct client_error {
	const char *code;       /* "not_found" */
	const char *message;    /* a sentence for a person */
	const char *generation; /* the id it is about, or NULL */
	const char *cursor;     /* the client's position, or NULL */
};

struct dialect {
	const char *name;        /* ?dialect=NAME */
	const char *path;        /* of its WebSocket */
	bool subscribes_at_once; /* subscribes to everything by itself */
	/*
	 * Changes of status alone: no progress, and at the start no snapshot
	 * of what has ended.
	 */
	bool changes_only;
	/* event is u->json, parsed. */
	const char *(*update)(const struct update *u, struct json_object *event,
	    struct arena *a, struct buf *out);
	const char *(*connected)(
	    const char *cursor, struct arena *a, struct buf *out);
	const char *(*subscribed)(
	    const struct subscribe_answer *s, struct arena *a, struct buf *out);
	const char *(*unsubscribed)(const struct uuid *ids, int n,
	    const char *cursor, struct arena *a, struct buf *out);
	const char *(*error)(
	    const struct client_error *c, struct arena *a, struct buf *out);
	const char *(*pong)(
	    const char *cursor, struct arena *a, struct buf *out);
	/* Reads a client's message; E_INPUT and a sentence in *why. */
	enum rc (*parse_request)(struct arena *a, const char *text, size_t len,
	    struct client_request *out, const char **why);
};

/* dialect_error_json: {code,message,generationId?}, the same in all. */
struct json_object *dialect_error_json(const struct client_error *c);

extern const struct dialect *const dialects[]; /* ended by NULL */

/* dialect_find: by name, its index in dialects[]; -1 when there is none. */
int dialect_find(const char *name);

/* dialect_find_path: the same by the path of its WebSocket. */
int dialect_find_path(const char *path);

#endif
