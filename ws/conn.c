#include "ws/conn.h"

#include "core/ids.h"
#include "core/json.h"
#include "core/log.h"
#include "core/text.h"
#include "ws/live.h"
#include "ws/origin.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define HEADERS_MAX 1024 /* of an answer, bytes */

/* ---- requests --------------------------------------------------------- */

static const struct {
	enum lws_token_indexes token;
	const char *name;
} methods[] = {
    {WSI_TOKEN_GET_URI, "GET"},
    {WSI_TOKEN_HEAD_URI, "HEAD"},
    {WSI_TOKEN_POST_URI, "POST"},
    {WSI_TOKEN_PUT_URI, "PUT"},
    {WSI_TOKEN_PATCH_URI, "PATCH"},
    {WSI_TOKEN_DELETE_URI, "DELETE"},
    {WSI_TOKEN_OPTIONS_URI, "OPTIONS"},
};

const char *
request_header(struct request *rq, enum lws_token_indexes t)
{
	int n = lws_hdr_total_length(rq->conn->wsi, t);
	char *p;

	if (n <= 0)
		return NULL;
	p = arena_alloc(rq->arena, (size_t)n + 1);
	return lws_hdr_copy(rq->conn->wsi, p, n + 1, t) < 0 ? NULL : p;
}

const char *
request_header_named(struct request *rq, const char *name)
{
	int len = (int)strlen(name), n;
	char *p;

	n = lws_hdr_custom_length(rq->conn->wsi, name, len);
	if (n <= 0)
		return NULL;
	p = arena_alloc(rq->arena, (size_t)n + 1);
	return lws_hdr_custom_copy(rq->conn->wsi, p, n + 1, name, len) < 0
		   ? NULL
		   : p;
}

static void
read_args(struct request *rq)
{
	char one[REQUEST_HEADERS_MAX], *eq;
	int n;

	for (int i = 0;; i++) {
		n = lws_hdr_copy_fragment(rq->conn->wsi, one, sizeof(one),
		    WSI_TOKEN_HTTP_URI_ARGS, i);
		if (n < 0)
			return;
		if (n == 0)
			continue;
		if (rq->nargs == ARGS_MAX) {
			rq->too_many_args = true;
			return;
		}
		eq = memchr(one, '=', (size_t)n);
		rq->names[rq->nargs] = arena_strndup(rq->arena, one,
		    eq == NULL ? (size_t)n : (size_t)(eq - one));
		rq->values[rq->nargs++] = eq == NULL
					      ? ""
					      : arena_strndup(rq->arena, eq + 1,
						    (size_t)(one + n - eq - 1));
	}
}

void
request_read(struct request *rq)
{
	rq->path = "";
	rq->method = "";
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		const char *uri = request_header(rq, methods[i].token);

		if (uri == NULL)
			continue;
		rq->path = uri;
		rq->method = methods[i].name;
		break;
	}
	read_args(rq);
}

const char *
request_arg(const struct request *rq, const char *name)
{
	for (int i = 0; i < rq->nargs; i++)
		if (strcmp(rq->names[i], name) == 0)
			return rq->values[i];
	return NULL;
}

const char *
request_cursor(struct request *rq)
{
	const char *cursor = request_header_named(rq, "last-event-id:");

	if (cursor == NULL || cursor[0] == '\0')
		cursor = request_arg(rq, "last_event_id");
	if (cursor == NULL || cursor[0] == '\0')
		cursor = request_arg(rq, "cursor");
	return cursor == NULL || cursor[0] == '\0' ? NULL : cursor;
}

void
request_name(struct request *rq)
{
	const char *given = request_header_named(rq, "x-request-id:");
	const char *trace = request_header_named(rq, "traceparent:");
	struct conn *c = rq->conn;

	free(c->id);
	c->id = NULL;
	if (given == NULL && trace == NULL)
		return;
	c->id = strdup(request_id(rq->arena, given, trace));
	if (c->id == NULL)
		fatal("out of memory");
}

static bool
is_in(const char *const *list, const char *name)
{
	for (; *list != NULL; list++)
		if (strcmp(*list, name) == 0)
			return true;
	return false;
}

enum rc
request_check_args(struct request *rq, const char *const *allowed)
{
	const char *detail = NULL, *name = "";

	if (rq->too_many_args) {
		conn_problem(
		    rq->conn, 400, "There are too many query parameters.", 0);
		return E_INPUT;
	}
	for (int i = 0; i < rq->nargs && detail == NULL; i++) {
		name = rq->names[i];
		if (!is_in(allowed, rq->names[i]))
			detail = arena_printf(rq->arena,
			    "There is no query parameter \"%s\" here.",
			    text_bit(rq->arena, rq->names[i]));
		for (int k = 0; k < i && detail == NULL; k++)
			if (strcmp(rq->names[i], rq->names[k]) == 0)
				detail = arena_printf(rq->arena,
				    "The query parameter \"%s\" was given "
				    "twice.",
				    text_bit(rq->arena, rq->names[i]));
	}
	if (detail == NULL)
		return OK;
	conn_problem_arg(rq->conn, name, detail);
	return E_INPUT;
}

bool
request_https(struct request *rq)
{
	const char *proto = request_header_named(rq, "x-forwarded-proto:");
	const char *comma;

	if (strncasecmp(rq->live->conf.web_origin, "https:", 6) == 0)
		return true;
	if (proto == NULL)
		return false;
	/* The last is our own front server's. */
	comma = strrchr(proto, ',');
	proto = comma == NULL ? proto : comma + 1;
	return strcasecmp(proto + strspn(proto, " \t"), "https") == 0;
}

enum rc
request_same_origin(struct request *rq)
{
	struct origin o = {
	    .origin = request_header(rq, WSI_TOKEN_ORIGIN),
	    .fetch_site = request_header_named(rq, "sec-fetch-site:"),
	    .host = request_header(rq, WSI_TOKEN_HOST),
	    .forwarded_host = request_header_named(rq, "x-forwarded-host:"),
	    .https = request_https(rq),
	};

	if (origin_allowed(&o, rq->live->conf.web_origin))
		return OK;
	rq->live->counters.refused++;
	conn_problem(
	    rq->conn, 403, "A page of another site may not listen here.", 0);
	return E_FORBIDDEN;
}

const char *
request_address(struct request *rq)
{
	const char *list = request_header(rq, WSI_TOKEN_X_FORWARDED_FOR);
	const char *comma;
	char peer[64];

	if (list != NULL) {
		/* The last one was seen by our own front server. */
		comma = strrchr(list, ',');
		return comma == NULL ? list
				     : comma + 1 + strspn(comma + 1, " \t");
	}
	peer[0] = '\0';
	lws_get_peer_simple(rq->conn->wsi, peer, sizeof(peer));
	return arena_strdup(rq->arena, peer);
}

/* ---- answers ---------------------------------------------------------- */

static const char *
title(int status)
{
	switch (status) {
	case 400:
		return "Bad Request";
	case 401:
		return "Unauthorized";
	case 403:
		return "Forbidden";
	case 404:
		return "Not Found";
	case 405:
		return "Method Not Allowed";
	case 422:
		return "Unprocessable Content";
	case 426:
		return "Upgrade Required";
	case 429:
		return "Too Many Requests";
	case 502:
		return "Bad Gateway";
	case 503:
		return "Service Unavailable";
	default:
		return "Error";
	}
}

/* The client's name of its request, or a new one. */
static void
name_answer(const struct conn *c, char id[REQUEST_ID_MAX + 1])
{
	if (c->id != NULL)
		snprintf(id, REQUEST_ID_MAX + 1, "%s", c->id);
	else
		uuid_make(id);
}

void
conn_answer(
    struct conn *c, int status, const char *type, const char *body, size_t len)
{
	struct answer *a = malloc(sizeof(*a) + len);

	if (a == NULL)
		fatal("out of memory");
	a->status = status;
	a->type = type;
	a->retry_after = 0;
	a->allow = NULL;
	name_answer(c, a->id);
	a->len = len;
	memcpy(a->body, body, len);
	free(c->answer);
	c->answer = a;
	/* It may have to wait for a slow reader, but not for ever. */
	lws_set_timeout(c->wsi, PENDING_TIMEOUT_HTTP_CONTENT, 30);
	lws_callback_on_writable(c->wsi);
}

/* [{pointer,in,detail}], as platen-web tells of a query parameter. */
static struct json_object *
errors_of(struct arena *a, const char *name, const char *detail)
{
	struct json_object *list = json_object_new_array();
	struct json_object *o = json_object_new_object();

	json_put_str(
	    o, "pointer", arena_printf(a, "#/%s", text_pointer(a, name)));
	json_put_str(o, "in", "query");
	json_put_str(o, "detail", detail);
	json_object_array_add(list, o);
	return list;
}

/* name: the query parameter that is wrong, or NULL. */
static void
problem(struct conn *c, int status, const char *detail, const char *name,
    int retry_after)
{
	char id[REQUEST_ID_MAX + 1], number[16];
	struct json_object *o;
	const char *text;
	struct arena a;

	arena_init(&a);
	name_answer(c, id);
	o = json_new(&a);
	json_put_flag(o, "success", false);
	json_put_str(o, "type", "about:blank");
	json_put_str(o, "title", title(status));
	json_put_num(o, "status", status);
	json_put_str(o, "detail", detail);
	json_put_str(o, "request_id", id);
	if (name != NULL)
		json_put(o, "errors", errors_of(&a, name, detail));
	text = json_text(o);
	conn_answer(c, status, "application/problem+json", text, strlen(text));
	snprintf(c->answer->id, sizeof(c->answer->id), "%s", id);
	c->answer->retry_after = retry_after;
	snprintf(number, sizeof(number), "%d", status);
	log_debug("refused", "status", number, "why", detail, "req", id);
	arena_release(&a);
}

void
conn_problem(struct conn *c, int status, const char *detail, int retry_after)
{
	problem(c, status, detail, NULL, retry_after);
}

void
conn_problem_arg(struct conn *c, const char *name, const char *detail)
{
	problem(c, 400, detail, name, 0);
}

void
conn_problem_rc(struct conn *c, enum rc rc, const char *detail)
{
	switch (rc) {
	case E_INPUT:
		conn_problem(c, 400, detail, 0);
		break;
	case E_AUTH:
		conn_problem(c, 401, detail, 0);
		break;
	case E_LIMIT:
		conn_problem(c, 429, detail, 10);
		break;
	default:
		conn_problem(c, 503, detail, 2);
	}
}

static bool
add_header(struct lws *wsi, const char *name, const char *value,
    unsigned char **p, unsigned char *end)
{
	return lws_add_http_header_by_name(wsi, (const unsigned char *)name,
		   (const unsigned char *)value, (int)strlen(value), p,
		   end) == 0;
}

/* Without a length the end of the connection is the end of the body. */
static bool
build_head(struct conn *c, int status, const char *type, lws_filepos_t len,
    const char *id, unsigned char **p, unsigned char *end)
{
	struct lws *wsi = c->wsi;
	int bad;

	if (status == 204)
		bad = lws_add_http_header_status(wsi, 204, p, end);
	else
		bad = lws_add_http_common_headers(
		    wsi, (unsigned int)status, type, len, p, end);
	return bad == 0 &&
	       add_header(wsi, "cache-control:", "no-store", p, end) &&
	       add_header(wsi, "x-content-type-options:", "nosniff", p, end) &&
	       add_header(wsi, "x-request-id:", id, p, end);
}

/* The head and the body in one piece; false when that was not possible. */
static bool
write_answer(struct conn *c, const struct answer *a, unsigned char *start)
{
	unsigned char *p = start, *end = start + HEADERS_MAX;
	char seconds[16];

	snprintf(seconds, sizeof(seconds), "%d", a->retry_after);
	if (!build_head(c, a->status, a->type, a->len, a->id, &p, end) ||
	    (a->retry_after > 0 &&
		!add_header(c->wsi, "retry-after:", seconds, &p, end)) ||
	    (a->allow != NULL &&
		!add_header(c->wsi, "allow:", a->allow, &p, end)) ||
	    lws_finalize_http_header(c->wsi, &p, end) != 0)
		return false;
	if (!c->head) {
		memcpy(p, a->body, a->len);
		p += a->len;
	}
	return lws_write(c->wsi, start, (size_t)(p - start),
		   LWS_WRITE_HTTP_HEADERS) >= 0;
}

int
conn_write_answer(struct conn *c)
{
	unsigned char *mem;
	bool good;

	/* All of it has left by the time we are called again. */
	if (c->written) {
		c->written = false;
		if (c->closes)
			return -1;
		return lws_http_transaction_completed(c->wsi) == 0 ? 0 : -1;
	}
	mem = malloc(LWS_PRE + HEADERS_MAX + c->answer->len);
	if (mem == NULL)
		fatal("out of memory");
	good = write_answer(c, c->answer, mem + LWS_PRE);
	free(mem);
	free(c->answer);
	c->answer = NULL;
	c->written = true;
	lws_callback_on_writable(c->wsi);
	return good ? 0 : -1;
}

bool
conn_write_head(struct conn *c, const char *type, const char *first)
{
	unsigned char mem[LWS_PRE + HEADERS_MAX], *start = mem + LWS_PRE;
	unsigned char *p = start, *end = mem + sizeof(mem);
	size_t n = strlen(first);
	char id[REQUEST_ID_MAX + 1];

	name_answer(c, id);
	if (!build_head(
		c, 200, type, LWS_ILLEGAL_HTTP_CONTENT_LEN, id, &p, end) ||
	    !add_header(c->wsi, "x-accel-buffering:", "no", &p, end) ||
	    lws_finalize_http_header(c->wsi, &p, end) != 0 ||
	    n > (size_t)(end - p))
		return false;
	memcpy(p, first, n);
	p += n;
	return lws_write(c->wsi, start, (size_t)(p - start),
		   LWS_WRITE_HTTP_HEADERS) >= 0;
}
