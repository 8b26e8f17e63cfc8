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
struct spool_source;
struct request;

/* Largest page or JSON text we make (bytes); artifacts have their own. */
#define REPLY_MAX (64u << 20)

/*
 * What is larger than this does not wait in the front server for its reader,
 * but in the spool (bytes).
 */
#define REPLY_INLINE (128u << 10)

struct reply {
	int status; /* 0 until there is an answer */
	const char *type;
	const char *body; /* in the arena; may be NULL */
	size_t len;
	/* In place of body: len bytes from first on, of this file or of that.
	 */
	const char *file; /* path, for the front server */
	const struct spool_source *pieces;
	const char *copy; /* pieces first become this file of the spool */
	size_t first;
	bool streams;         /* it is one of the spool's streams */
	bool exact;           /* goes out as these bytes, never compressed */
	bool varies;          /* another client may get it compressed */
	const char *encoding; /* of body: "gzip"; NULL: none */
	const char *cache;    /* Cache-Control; NULL: no-store */
	const char *policy;   /* Content-Security-Policy; NULL: a page's */
	const char *headers;  /* more of them, each ended by CR LF */
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

/*
 * reply_large: n bytes from first on of a source that may be too large for
 * memory.  name is what the spool calls it as long as the bytes are those;
 * where it is not there yet, reply_copied() has to follow.  Errors:
 * E_UNAVAILABLE and E_LIMIT, with their sentences, when too much is read at
 * once.
 */
enum rc reply_large(struct request *rq, int status, const char *type,
    const char *name, const struct spool_source *from, size_t first,
    size_t n) MUST_CHECK;

/*
 * reply_copied: makes the copy that reply.copy names, which takes as long as
 * reading the source; after an error there is another answer in its place.
 */
void reply_copied(struct request *rq);

/*
 * reply_spool: moves a body that is too large to wait in the front server
 * into the spool, where the front server sends files itself.
 */
enum rc reply_spool(struct request *rq) MUST_CHECK;

/*
 * reply_front_parts: the front server makes the parts of a file that the
 * Range header asks for, out of a 200 with the whole.
 */
bool reply_front_parts(const struct request *rq);

/* reply_file_head: the header that names reply.file to the front server. */
void reply_file_head(const struct request *rq, struct buf *out);

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
