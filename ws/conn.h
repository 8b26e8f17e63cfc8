/*
 * conn: one connection as libwebsockets keeps it for us, and its HTTP side.
 *
 * For libwebsockets a connection is a raw socket; we read and write HTTP and
 * WebSocket on it ourselves (head.h, wire.h).  It brings one request, and is
 * then at most one thing: a listener, a held request, or an answer to be
 * written.  Nothing is written outside of its writeable callback.
 */
#ifndef WS_CONN_H
#define WS_CONN_H

#include "core/arena.h"
#include "core/buf.h"
#include "core/rc.h"
#include "core/request_id.h"
#include "ws/http_head.h"

#include <libwebsockets.h>

#include <stdbool.h>

struct client;
struct hold;
struct live;

struct answer {
	int status;
	const char *type; /* Content-Type; a literal, as the next */
	const char *more; /* headers that only this one has; or NULL */
	int retry_after;  /* seconds; 0: no such header */
	char id[REQUEST_ID_MAX + 1]; /* of the request */
	size_t len;
	char body[];
};

/* The user data of a connection: zeroed by libwebsockets. */
struct conn {
	struct lws *wsi;
	struct client *client; /* owned, as the next two */
	struct hold *hold;
	struct answer *answer;
	struct buf *bytes; /* of the request, until they are whole; owned */
	char *id;   /* the client's name of the request; owned, may be NULL */
	bool asked; /* it has brought its request; more is no other one */
	bool head;  /* it wants no body */
	bool has_body; /* which may still be coming, and is not read */
	bool written;  /* the answer is; what is left is to end */
	bool deaf;     /* nothing is read until what was written has left */
};

/* A request, its strings in the arena of the call. */
struct live_request {
	struct live *live;
	struct conn *conn;
	struct arena *arena;
	struct head head;
};

/* request_header: by its name in lower case; NULL: none. */
const char *request_header(struct live_request *rq, const char *name);

/* request_arg: NULL where it was not given; the first where it was twice. */
const char *request_arg(const struct live_request *rq, const char *name);

/*
 * request_cursor: where it wants to go on: Last-Event-ID, ?last_event_id= or
 * ?cursor=, the first of them; NULL: nowhere.
 */
const char *request_cursor(struct live_request *rq);

/*
 * request_name: keeps what the client calls its request, for all answers to
 * it; the headers are gone when some of them are written.
 */
void request_name(struct live_request *rq);

/*
 * request_check_args: E_INPUT, and a problem is the answer, when there is one
 * that is not in the list (ended by NULL).
 */
enum rc request_check_args(
    struct live_request *rq, const char *const *allowed) MUST_CHECK;

/* request_https: whether the client's side of the front server is TLS. */
bool request_https(struct live_request *rq);

/* request_same_origin: E_FORBIDDEN, and answered, when another site asks. */
enum rc request_same_origin(struct live_request *rq) MUST_CHECK;

/* request_address: whom it is from, for limits. */
const char *request_address(struct live_request *rq);

/*
 * conn_answer: the body is copied, and not sent where the client asked for
 * the head alone; type is a literal.
 */
void conn_answer(
    struct conn *c, int status, const char *type, const char *body, size_t len);

/*
 * conn_problem: application/problem+json (RFC 9457).  retry_after in
 * seconds, 0 for none.
 */
void conn_problem(
    struct conn *c, int status, const char *detail, int retry_after);

/* conn_problem_arg: 400, because of the query parameter called name. */
void conn_problem_arg(struct conn *c, const char *name, const char *detail);

/* conn_problem_rc: the status that fits E_AUTH, E_LIMIT, E_UNAVAILABLE... */
void conn_problem_rc(struct conn *c, enum rc rc, const char *detail);

/*
 * conn_write_answer: for the writeable callback, while there is an answer or
 * one was written; what the callback shall return.
 */
int conn_write_answer(struct conn *c);

/* conn_end: closes it when the other side has, at most two seconds later. */
void conn_end(struct conn *c);

/*
 * conn_write_head: the status line and headers of a body that ends with the
 * connection, and the first bytes of it.  false when that is of no use.
 */
bool conn_write_head(struct conn *c, const char *type, const char *first);

#endif
