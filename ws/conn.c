#include "ws/conn.h"

#include "core/ids.h"
#include "core/json.h"
#include "core/log.h"
#include "core/text.h"
#include "core/client_address.h"
#include "ws/live.h"
#include "ws/origin.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>

#define HEADERS_MAX 1024 /* of an answer, bytes */
#define LINGER_S 2       /* for the other side to close */

/* ---- requests --------------------------------------------------------- */

const char *
request_header(struct live_request *rq, const char *name)
{
	const char *value = http_head_field(rq->arena, &rq->head, name);

	return value == NULL || value[0] == '\0' ? NULL : value;
}

const char *
request_arg(const struct live_request *rq, const char *name)
{
	for (int i = 0; i < rq->head.nargs; i++)
		if (strcmp(rq->head.args[i].name, name) == 0)
			return rq->head.args[i].value;
	return NULL;
}

const char *
request_cursor(struct live_request *rq)
{
	const char *cursor = request_header(rq, "last-event-id");

	if (cursor == NULL || cursor[0] == '\0')
		cursor = request_arg(rq, "last_event_id");
	if (cursor == NULL || cursor[0] == '\0')
		cursor = request_arg(rq, "cursor");
	return cursor == NULL || cursor[0] == '\0' ? NULL : cursor;
}

void
request_keep_id(struct live_request *rq)
{
	const char *given = request_header(rq, "x-request-id");
	const char *trace = request_header(rq, "traceparent");
	struct conn *c = rq->conn;

	free(c->request_id);
	c->request_id = NULL;
	if (given == NULL && trace == NULL)
		return;
	c->request_id = strdup(request_id(rq->arena, given, trace));
	if (c->request_id == NULL)
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
request_check_args(struct live_request *rq, const char *const *allowed)
{
	const char *detail = NULL, *name = "";

	if (rq->head.too_many_args) {
		conn_problem(
		    rq->conn, 400, "There are too many query parameters.", 0);
		return E_INPUT;
	}
	for (int i = 0; i < rq->head.nargs && detail == NULL; i++) {
		name = rq->head.args[i].name;
		if (!is_in(allowed, rq->head.args[i].name))
			detail = arena_printf(rq->arena,
			    "Unknown query parameter \"%s\".",
			    text_excerpt(rq->arena, rq->head.args[i].name));
		for (int k = 0; k < i && detail == NULL; k++)
			if (strcmp(rq->head.args[i].name,
				rq->head.args[k].name) == 0)
				detail = arena_printf(rq->arena,
				    "The query parameter \"%s\" was sent "
				    "twice.",
				    text_excerpt(
					rq->arena, rq->head.args[i].name));
	}
	if (detail == NULL)
		return OK;
	conn_problem_arg(rq->conn, name, detail);
	return E_INPUT;
}

bool
request_https(struct live_request *rq)
{
	const char *proto = request_header(rq, "x-forwarded-proto");
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
request_same_origin(struct live_request *rq)
{
	struct origin o = {
	    .origin = request_header(rq, "origin"),
	    .fetch_site = request_header(rq, "sec-fetch-site"),
	    .host = request_header(rq, "host"),
	    .forwarded_host = request_header(rq, "x-forwarded-host"),
	    .https = request_https(rq),
	};

	if (origin_allowed(&o, rq->live->conf.web_origin))
		return OK;
	rq->live->counters.refused++;
	conn_problem(rq->conn, 403,
	    "Pages of other sites cannot use the live channel.", 0);
	return E_FORBIDDEN;
}

const char *
request_address(struct live_request *rq)
{
	const char *list = request_header(rq, "x-forwarded-for");
	const char *comma;
	char peer[64];

	if (list != NULL) {
		/* The last one was seen by our own front server. */
		comma = strrchr(list, ',');
		if (comma == NULL)
			return list;
		return client_address_find(rq->arena,
		    comma + 1 + strspn(comma + 1, " \t"),
		    arena_strndup(rq->arena, list, (size_t)(comma - list)));
	}
	peer[0] = '\0';
	lws_get_peer_simple(rq->conn->wsi, peer, sizeof(peer));
	return arena_strdup(rq->arena, peer);
}

/* ---- answers ---------------------------------------------------------- */

static const char *
status_title(int status)
{
	switch (status) {
	case 200:
		return "OK";
	case 204:
		return "No Content";
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
	case 431:
		return "Request Header Fields Too Large";
	case 426:
		return "Upgrade Required";
	case 429:
		return "Too Many Requests";
	case 502:
		return "Bad Gateway";
	case 503:
		return "Service Unavailable";
	case 505:
		return "HTTP Version Not Supported";
	default:
		return "Error";
	}
}

/* The id that the client gave its request, or a new one. */
static void
response_request_id(const struct conn *c, char id[REQUEST_ID_MAX + 1])
{
	if (c->request_id != NULL)
		snprintf(id, REQUEST_ID_MAX + 1, "%s", c->request_id);
	else
		uuid_make(id);
}

void
conn_respond(
    struct conn *c, int status, const char *type, const char *body, size_t len)
{
	struct response *a = malloc(sizeof(*a) + len);

	if (a == NULL)
		fatal("out of memory");
	a->status = status;
	a->type = type;
	a->retry_after = 0;
	a->more = NULL;
	response_request_id(c, a->id);
	a->len = len;
	memcpy(a->body, body, len);
	free(c->response);
	c->response = a;
	/* It may have to wait for a slow reader, but not for ever. */
	lws_set_timeout(c->wsi, PENDING_TIMEOUT_HTTP_CONTENT, 30);
	lws_callback_on_writable(c->wsi);
}

/* [{pointer,in,detail}], as platen-web tells of a query parameter. */
static struct json_object *
problem_errors(struct arena *a, const char *name, const char *detail)
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
send_problem(struct conn *c, int status, const char *detail, const char *name,
    int retry_after)
{
	char id[REQUEST_ID_MAX + 1], number[16];
	struct json_object *o;
	const char *text;
	struct arena a;

	arena_init(&a);
	response_request_id(c, id);
	o = json_new(&a);
	json_put_flag(o, "success", false);
	json_put_str(o, "type", "about:blank");
	json_put_str(o, "title", status_title(status));
	json_put_num(o, "status", status);
	json_put_str(o, "detail", detail);
	json_put_str(o, "request_id", id);
	if (name != NULL)
		json_put(o, "errors", problem_errors(&a, name, detail));
	text = json_text(o);
	conn_respond(c, status, "application/problem+json", text, strlen(text));
	snprintf(c->response->id, sizeof(c->response->id), "%s", id);
	c->response->retry_after = retry_after;
	snprintf(number, sizeof(number), "%d", status);
	log_debug("refused", "status", number, "why", detail, "req", id);
	arena_release(&a);
}

void
conn_problem(struct conn *c, int status, const char *detail, int retry_after)
{
	send_problem(c, status, detail, NULL, retry_after);
}

void
conn_problem_arg(struct conn *c, const char *name, const char *detail)
{
	send_problem(c, 400, detail, name, 0);
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

/* ---- writing ---------------------------------------------------------- */

/* What all answers have (RFC 9110); fields of its own and the end follow. */
static void
add_head(struct buf *b, int status, const char *type, const char *id)
{
	char date[40];
	time_t now = time(NULL);
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", &tm);
	buf_printf(b, "HTTP/1.1 %d %s\r\nDate: %s\r\n", status,
	    status_title(status), date);
	if (status != 204)
		buf_printf(b, "Content-Type: %s\r\n", type);
	buf_printf(b,
	    "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
	    "X-Request-Id: %s\r\nConnection: close\r\n",
	    id);
}

static bool
write_buf(struct conn *c, struct buf *b)
{
	return buf_ok(b) && lws_write(c->wsi, (unsigned char *)b->data, b->len,
				LWS_WRITE_RAW) >= (int)b->len;
}

/* The head and the body in one piece; false when that was not possible. */
static bool
write_response(struct conn *c, const struct response *a)
{
	struct buf b;
	bool good;

	buf_init(&b, HEADERS_MAX + a->len);
	add_head(&b, a->status, a->type, a->id);
	if (a->status != 204)
		buf_printf(&b, "Content-Length: %zu\r\n", a->len);
	if (a->retry_after > 0)
		buf_printf(&b, "Retry-After: %d\r\n", a->retry_after);
	buf_adds(&b, a->more == NULL ? "" : a->more);
	buf_adds(&b, "\r\n");
	if (!c->is_head)
		buf_add(&b, a->body, a->len);
	good = write_buf(c, &b);
	buf_release(&b);
	return good;
}

void
conn_end(struct conn *c)
{
	(void)shutdown(lws_get_socket_fd(c->wsi), SHUT_WR);
	lws_set_timeout(c->wsi, PENDING_TIMEOUT_CLOSE_ACK, LINGER_S);
}

int
conn_write_response(struct conn *c)
{
	bool good;

	/* All of it has left by the time we are called again. */
	if (c->response == NULL) {
		/*
		 * A socket closed over bytes that were not read resets the
		 * connection, and the answer may be lost with it.
		 */
		if (!c->has_body)
			return -1;
		if (c->written)
			conn_end(c);
		c->written = false;
		return 0;
	}
	good = write_response(c, c->response);
	free(c->response);
	c->response = NULL;
	c->written = true;
	lws_callback_on_writable(c->wsi);
	return good ? 0 : -1;
}

bool
conn_write_head(struct conn *c, const char *type, const char *first)
{
	char id[REQUEST_ID_MAX + 1];
	struct buf b;
	bool good;

	response_request_id(c, id);
	buf_init(&b, HEADERS_MAX);
	add_head(&b, 200, type, id);
	buf_printf(&b, "X-Accel-Buffering: no\r\n\r\n%s", first);
	good = write_buf(c, &b);
	buf_release(&b);
	return good;
}
