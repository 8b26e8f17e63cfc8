/*
 * request: one HTTP request, from what the front server said to the answer.
 *
 * Invariants: everything hangs on the arena, which goes when the answer is
 * sent.  After request_read the path, the query and the body are UTF-8 text
 * within their limits, or an error was returned.  Handlers run one at a time
 * per thread, so db and redis are theirs alone.
 */
#ifndef FCGI_REQUEST_H
#define FCGI_REQUEST_H

#include "core/arena.h"
#include "core/conf.h"
#include "core/db.h"
#include "core/generation.h"
#include "core/json.h"
#include "core/rc.h"
#include "core/redis.h"
#include "fcgi/page.h"
#include "fcgi/params.h"
#include "fcgi/reply.h"
#include "fcgi/route.h"
#include "fcgi/session.h"

#include <stdbool.h>
#include <stddef.h>

struct spool;
struct templates;

/* Where a request comes from: FastCGI, or a test. */
struct http_env {
	/* A CGI variable (RFC 3875): "REQUEST_URI", "HTTP_COOKIE"; or NULL. */
	const char *(*get)(void *arg, const char *name);
	/* Up to n bytes of the body; 0 at its end, -1 when it broke off. */
	long (*read)(void *arg, char *p, size_t n);
	void *arg;
};

/* What went wrong, for the error page or problem. */
struct problem {
	int status;                 /* 0: the one of the enum rc */
	const char *detail;         /* what happened; a sentence */
	const char *advice;         /* what to do; may be NULL */
	struct json_object *fields; /* [{pointer,detail}]; NULL: none */
	long more;                  /* wrong fields that are only counted */
};

/* Wrong fields that an answer lists. */
#define PROBLEM_FIELDS_MAX 20

struct request {
	/* Of the process and the thread; borrowed. */
	const struct conf *conf;
	const struct templates *templates;
	struct db *db;
	struct redis *redis;
	struct spool *spool; /* NULL: there is none */
	struct arena *arena;
	const struct http_env *env;

	/* As the client sent it. */
	const char *id; /* of the request, for logs and error pages */
	const char *method_name;
	enum method method;
	bool head;        /* GET, but only the headers are wanted */
	bool no_length;   /* POST, of no known length, so without a body */
	bool https;       /* as the client sees it */
	const char *host; /* the Host header: "example.org:8080" */
	const char *uri;  /* as sent: "/generations?page=2" */
	const char *path; /* decoded: "/generations" */
	struct params query;
	const char *body; /* never NULL */
	size_t body_len;

	/* Found on the way. */
	bool api; /* answers are JSON, errors are problems */
	const struct page *page;
	struct route_values param;
	unsigned allow; /* methods of this path, for Allow */
	struct session session;
	struct params form; /* of a POST to a page; its csrf is checked */

	struct problem problem;
	struct reply reply;
};

/*
 * request_read: fills the second part from rq->env.  Errors: E_INPUT
 * (malformed), E_TOOBIG; the sentence is in rq->problem.
 */
enum rc request_read(struct request *rq) MUST_CHECK;

/* request_header: a CGI variable of the request ("HTTP_RANGE"), or NULL. */
const char *request_header(const struct request *rq, const char *name);

/*
 * request_client_address: the address whose limits count, NULL where none is
 * known; a proxy on this machine is believed (core/client_address.h).
 */
const char *request_client_address(const struct request *rq);

/* request_fail: keeps the sentence for people, and returns rc. */
enum rc request_fail(struct request *rq, enum rc rc, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* request_advise: what the person can do about it; a literal. */
void request_advise(struct request *rq, const char *advice);

/*
 * request_field: one field is wrong.  pointer is a JSON pointer ("#/limit").
 * Returns E_INPUT; the first one is also the problem's sentence.
 */
enum rc request_field(struct request *rq, const char *pointer, const char *fmt,
    ...) __attribute__((format(printf, 3, 4)));

/*
 * request_fields_full: the answer lists as many wrong fields as it may, so one
 * more would only be counted.  A loop over what was sent asks this first and
 * calls request_fields_more(rq, 1) instead: its sentences cost memory.
 */
bool request_fields_full(const struct request *rq);

/* request_fields_more: n wrong fields beside those listed. */
void request_fields_more(struct request *rq, long n);

/* request_query_field: request_field for a query parameter. */
enum rc request_query_field(struct request *rq, const char *name,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/*
 * request_form: the body as a form.  E_TYPE unless it is
 * application/x-www-form-urlencoded; E_INPUT when it cannot be read.
 */
enum rc request_form(struct request *rq, struct params *out) MUST_CHECK;

/*
 * request_json: the body as a JSON object.  E_TYPE unless it is
 * application/json, E_INPUT with the place when it is malformed.
 */
enum rc request_json(struct request *rq, struct json_object **out) MUST_CHECK;

/* request_is_type: the Content-Type's type, without its parameters. */
bool request_is_type(const struct request *rq, const char *type);

/* request_origin: "https://example.org", as links of ours start. */
const char *request_origin(const struct request *rq);

/* request_lifecycle: for core/generation.h. */
struct lifecycle request_lifecycle(struct request *rq);

#endif
