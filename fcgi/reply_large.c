/* Answers that are too large to wait in the front server for their reader. */
#include "core/buf.h"
#include "core/ids.h"
#include "core/log.h"
#include "fcgi/connections.h"
#include "fcgi/request.h"
#include "fcgi/spool.h"

#include <ctype.h>
#include <string.h>

/* Front servers that send files: how each is told. */
enum front_server { FRONT_NONE, FRONT_LIGHTTPD, FRONT_APACHE };

/* A variable of the front server's; clients cannot set it. */
static enum front_server
request_front(const struct request *rq)
{
	const char *s = request_header(rq, "PLATEN_SENDFILE");

	if (s != NULL && strcmp(s, "lighttpd") == 0)
		return FRONT_LIGHTTPD;
	return s != NULL && strcmp(s, "apache") == 0 ? FRONT_APACHE
						     : FRONT_NONE;
}

static bool
can_spool(const struct request *rq)
{
	return rq->spool != NULL && rq->spool->path != NULL &&
	       request_front(rq) != FRONT_NONE;
}

static enum rc
no_room(struct request *rq)
{
	rq->problem.status = 503;
	request_advise(rq, "Please try again in a few seconds.");
	return request_fail(rq, E_UNAVAILABLE,
	    "Many large files are being downloaded right now. Nothing has been "
	    "lost.");
}

static enum rc
check_peer(struct request *rq)
{
	int most = rq->conf->web_address_connections, n;

	if (most == 0)
		return OK;
	/* Who comes by a proxy has no connection here. */
	n = connections_count(
	    request_client_address(rq), request_header(rq, "SERVER_PORT"));
	if (n <= most)
		return OK;
	request_advise(rq, "Close some of them, or wait until they finish.");
	return request_fail(rq, E_LIMIT,
	    "There are %d open connections from your address. Large files are "
	    "sent to addresses with at most %d.",
	    n, most);
}

/* Nowhere to put it: the reader takes it from us, for a while. */
static enum rc
reply_stream(struct request *rq)
{
	rq->reply.streams = rq->spool != NULL && spool_stream(rq->spool);
	return rq->reply.streams || rq->spool == NULL ? OK : no_room(rq);
}

static void
name_file(struct request *rq, const char *name)
{
	rq->reply.file =
	    arena_printf(rq->arena, "%s/%s", rq->spool->path, name);
}

enum rc
reply_large(struct request *rq, int status, const char *type, const char *name,
    const struct spool_source *from, size_t first, size_t n)
{
	enum rc rc;

	rq->reply.status = status;
	rq->reply.type = type;
	rq->reply.len = n;
	rq->reply.first = first;
	if (rq->head)
		return OK;
	rc = check_peer(rq);
	if (rc != OK)
		return rc;
	if (can_spool(rq) && spool_has(rq->spool, name)) {
		name_file(rq, name);
		return OK;
	}
	rq->reply.pieces = from;
	if (!can_spool(rq) || from->size > rq->spool->max)
		return reply_stream(rq);
	rq->reply.copy = name;
	return OK;
}

void
reply_copied(struct request *rq)
{
	enum rc rc = spool_put(rq->spool, rq->reply.copy, rq->reply.pieces);

	if (rc == OK) {
		name_file(rq, rq->reply.copy);
		return;
	}
	log_warn("not_copied", "name", rq->reply.copy, "rc", rc_name(rc), "req",
	    rq->id);
	/* What was said of the file is not true of an error. */
	rq->reply.headers = NULL;
	if (rc == E_LIMIT)
		rc = no_room(rq);
	reply_error(rq, rc == E_LATE ? E_UNAVAILABLE : rc);
}

/* ---- a body that we have already ----------------------------------------- */

static enum rc
read_body(void *ctx, size_t at, const char **p, size_t *n)
{
	const struct reply *r = ctx;

	*p = r->body + at;
	*n = r->len - at;
	return OK;
}

enum rc
reply_spool(struct request *rq)
{
	struct reply *r = &rq->reply;
	struct spool_source from = {r->len, read_body, r};
	char id[UUID_LEN + 1];
	const char *name;
	enum rc rc;

	if (r->body == NULL || r->len <= REPLY_INLINE || rq->head)
		return OK;
	rc = check_peer(rq);
	if (rc != OK)
		return rc;
	if (!can_spool(rq))
		return reply_stream(rq);
	uuid_make(id);
	name = arena_printf(rq->arena, SPOOL_ONCE "%s", id);
	rc = spool_put(rq->spool, name, &from);
	if (rc == OK)
		name_file(rq, name);
	if (rc == E_TOOBIG)
		return reply_stream(rq);
	return rc == E_LIMIT ? no_room(rq) : rc;
}

/* ---- the header ---------------------------------------------------------- */

static void
add_path(struct buf *out, const char *path)
{
	for (; *path != '\0'; path++)
		if (isalnum((unsigned char)*path) || strchr("/._-", *path))
			buf_add(out, path, 1);
		else
			buf_printf(out, "%%%02X", (unsigned char)*path);
}

void
reply_file_head(const struct request *rq, struct buf *out)
{
	const struct reply *r = &rq->reply;

	/* lighttpd takes a part; Apache makes the parts that were asked for. */
	if (request_front(rq) == FRONT_LIGHTTPD) {
		buf_adds(out, "X-Sendfile2: ");
		add_path(out, r->file);
		buf_printf(
		    out, " %zu-%zu\r\n", r->first, r->first + r->len - 1);
	} else {
		buf_adds(out, "X-Sendfile: ");
		add_path(out, r->file);
		buf_adds(out, "\r\n");
	}
}

bool
reply_front_parts(const struct request *rq)
{
	return can_spool(rq) && request_front(rq) == FRONT_APACHE;
}
