/*
 * conn: one connection as libwebsockets keeps it for us, and its HTTP side.
 *
 * For libwebsockets a connection is a raw socket; we read and write HTTP and
 * WebSocket on it ourselves (http_head.h, websocket.h).  It brings one request,
 * and is then one of three: a listener, a request that waits for a count, or a
 * response to be written.  Nothing is written outside its writeable callback.
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
struct count_waiter;
struct live;

struct response {
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
	struct count_waiter *count_waiter;
	struct response *response;
	struct buf *bytes; /* of the request, until all have come; owned */
	char *request_id;  /* given by the client; owned, or NULL */
	bool has_request;  /* the request has come; a second one is not read */
	bool is_head;      /* the method is HEAD: no body is sent */
	bool has_body;     /* the request has one; it is not read */
	bool written;      /* the response is; the connection is to end */
	bool reading_paused; /* until what was written has left */
};

/* A request, its strings in the arena of the call. */
struct live_request {
	struct live *live;
	struct conn *conn;
	struct arena *arena;
	struct http_head head;
};

/* request_header: by its name in lower case; NULL: none. */
const char *request_header(struct live_request *rq, const char *name);

/* request_arg: NULL where it was not given; the first where it was twice. */
const char *request_arg(const struct live_request *rq, const char *name);

/*
 * request_cursor: the cursor to resume from: Last-Event-ID, ?last_event_id= or
 * ?cursor=, the first of them; NULL: none.
 */
const char *request_cursor(struct live_request *rq);

/*
 * request_keep_id: keeps the id that the client gave its request, for all
 * responses to it; the headers are freed before some of them are written.
 */
void request_keep_id(struct live_request *rq);

/*
 * request_check_args: E_INPUT, and a problem is the answer, when a parameter
 * is not in the list (ended by NULL) or was given twice.
 */
enum rc request_check_args(
    struct live_request *rq, const char *const *allowed) MUST_CHECK;

/* request_https: whether the client's side of the front server is TLS. */
bool request_https(struct live_request *rq);

/* request_same_origin: E_FORBIDDEN, and answered, when another site asks. */
enum rc request_same_origin(struct live_request *rq) MUST_CHECK;

/* request_address: the address it came from, for limits. */
const char *request_address(struct live_request *rq);

/*
 * conn_respond: the body is copied, and not sent where the client asked for
 * the head alone; type is a literal.
 */
void conn_respond(
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
 * conn_write_response: for the writeable callback, while there is an answer or
 * one was written; what the callback shall return.
 */
int conn_write_response(struct conn *c);

/* conn_end: closes it when the other side has, at most two seconds later. */
void conn_end(struct conn *c);

/*
 * conn_write_head: the status line and headers of a body that ends with the
 * connection, and its first bytes.  false: it failed.
 */
bool conn_write_head(struct conn *c, const char *type, const char *first);

#endif
