/*
 * reply: the answer while it is made; sent only when it is whole.
 *
 * So an error replaces a half-built page.  Handlers call one of the reply_*
 * functions that take a status or a model, and return what it returns.
 */
#ifndef FCGI_REPLY_H
#define FCGI_REPLY_H

#include "core/json.h"
#include "core/rc.h"

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct request;

/* Largest page or JSON text we make (bytes); artifacts have their own. */
#define REPLY_MAX (64u << 20)

struct reply {
	int status; /* 0 until there is an answer */
	const char *type;
	const char *body; /* in the arena; may be NULL */
	size_t len;
	const char *cache;   /* Cache-Control; NULL: no-store */
	const char *policy;  /* Content-Security-Policy; NULL: a page's */
	const char *headers; /* more of them, each ended by CR LF */
};

/* reply_header: one more header; name and value are checked. */
void reply_header(struct request *rq, const char *name, const char *value);

/* reply_cookie: Set-Cookie; max_age in seconds, 0 forgets it. */
void reply_cookie(
    struct request *rq, const char *name, const char *value, long max_age);

/* reply_page: 200 and templates/NAME.html filled in from model. */
enum rc reply_page(
    struct request *rq, const char *name, struct json_object *model) MUST_CHECK;

/* reply_page_status: the same with another status. */
enum rc reply_page_status(struct request *rq, int status, const char *name,
    struct json_object *model) MUST_CHECK;

/*
 * reply_json: {"success":true,"data":data}; takes over the caller's
 * reference.
 */
enum rc reply_json(
    struct request *rq, int status, struct json_object *data) MUST_CHECK;

/* reply_text: a body of our own as it is; type with its charset. */
enum rc reply_text(struct request *rq, int status, const char *type,
    const char *body, size_t len) MUST_CHECK;

/* reply_see: 303 to a path of ours. */
enum rc reply_see(struct request *rq, const char *path) MUST_CHECK;

/* reply_empty: a status without a body (204, 304). */
enum rc reply_empty(struct request *rq, int status) MUST_CHECK;

/*
 * reply_error: the answer to rq->problem and rc: an error page, or
 * application/problem+json (RFC 9457) where rq->api.
 */
void reply_error(struct request *rq, enum rc rc);

/* reply_head: the status line and all headers, as FastCGI takes them. */
void reply_head(struct request *rq, struct buf *out);

/* status_reason: "Not Found". */
const char *status_reason(int status);

#endif
