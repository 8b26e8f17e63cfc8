#include "ws/server.h"

#include "core/json.h"
#include "core/log.h"
#include "ws/conn.h"
#include "ws/hold/stats_host.h"
#include "ws/live.h"
#include "ws/transport/transport.h"

#include <stdlib.h>
#include <string.h>

/* All headers of a request, bytes; and requests whose headers are read or
 * looked at in one moment: the others wait for their turn. */
#define REQUESTS_MAX 256
/* Descriptors that are no listeners: servers, logs, held counts. */
#define SPARE_FDS 1024

/* ---- paths ------------------------------------------------------------ */

static void
open_sse(struct request *rq)
{
	held_open(rq, &transport_sse);
}

static void
open_poll(struct request *rq)
{
	held_open(rq, &transport_poll);
}

static void
open_plain_ws(struct request *rq)
{
	conn_problem(rq->conn, 426,
	    "This path speaks WebSocket; /events and /poll do without.", 0);
}

/* The process lives; /live/healthz also says what it has lost. */
static void
open_livez(struct request *rq)
{
	static const char body[] = "{\"status\":\"pass\"}";

	conn_answer(rq->conn, 200, "application/json", body, sizeof(body) - 1);
}

static struct json_object *
check(bool good)
{
	struct json_object *list = json_object_new_array();
	struct json_object *o = json_object_new_object();

	json_put_str(o, "status", good ? "pass" : "fail");
	json_object_array_add(list, o);
	return list;
}

static void
open_healthz(struct request *rq)
{
	struct live *l = rq->live;
	bool pg = pg_is_up(l->pg), redis = feed_is_up(l->feed);
	struct json_object *o = json_new(rq->arena);
	struct json_object *checks = json_object_new_object();
	const char *text;

	json_put_str(o, "status", pg && redis ? "pass" : "fail");
	json_put(checks, "database:connection", check(pg));
	json_put(checks, "redis:connection", check(redis));
	json_put(o, "checks", checks);
	json_put_num(o, "listeners", l->nclients);
	text = json_text(o);
	conn_answer(rq->conn, pg && redis ? 200 : 503, "application/json", text,
	    strlen(text));
}

static const struct route {
	const char *path;
	void (*open)(struct request *rq);
	bool head; /* takes HEAD, too; a stream has no head of its own */
} routes[] = {
    {"/events", open_sse, false},
    {"/poll", open_poll, false},
    {"/api/stats/host", stats_open, true},
    {"/api/v1/stats/host", stats_open, true},
    {"/live/livez", open_livez, true},
    {"/live/healthz", open_healthz, true},
};

static const struct route *
find_route(const char *path)
{
	for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++)
		if (strcmp(routes[i].path, path) == 0)
			return &routes[i];
	return NULL;
}

/* Another method than GET: what there is instead. */
static void
refuse_method(struct conn *c, const char *method, bool head)
{
	if (strcmp(method, "OPTIONS") == 0)
		conn_answer(c, 204, "text/plain", "", 0);
	else
		conn_problem(c, 405,
		    head ? "Only GET and HEAD are understood here."
			 : "Only GET is understood here.",
		    0);
	c->answer->allow = head ? "GET, HEAD, OPTIONS" : "GET, OPTIONS";
}

static void
dispatch(struct request *rq)
{
	const struct route *r = find_route(rq->path);
	bool get = strcmp(rq->method, "GET") == 0;
	bool head = r != NULL && r->head;
	struct conn *c = rq->conn;

	c->head = strcmp(rq->method, "HEAD") == 0;
	/* A body, if there is one, is not waited for. */
	c->closes = !get;
	if (r == NULL && dialect_find_path(rq->path) < 0)
		conn_problem(c, 404, "There is nothing at this path.", 0);
	else if (!get && !(c->head && head))
		refuse_method(c, rq->method, head);
	else if (r == NULL)
		open_plain_ws(rq);
	else
		r->open(rq);
}

/* ---- callbacks -------------------------------------------------------- */

static struct live *
live_of(struct lws *wsi)
{
	return lws_context_user(lws_get_context(wsi));
}

/* Calls fn with the request whose headers libwebsockets holds now. */
static int
with_request(struct lws *wsi, struct conn *c, int (*fn)(struct request *))
{
	struct arena a;
	struct request rq = {
	    .live = live_of(wsi),
	    .conn = c,
	    .arena = &a,
	};
	int rc;

	c->wsi = wsi;
	arena_init(&a);
	request_read(&rq);
	rc = fn(&rq);
	arena_release(&a);
	return rc;
}

static int
on_http(struct request *rq)
{
	struct conn *c = rq->conn;

	/* A second request while the first is held: not ours to queue. */
	if (c->client != NULL || c->hold != NULL || c->answer != NULL)
		return -1;
	request_name(rq);
	dispatch(rq);
	/*
	 * While a body is to come, or is empty, no writeable callback does:
	 * such an answer is an error, small, and written now.
	 */
	if (c->closes && c->answer != NULL && c->client == NULL) {
		(void)conn_write_answer(c);
		return -1;
	}
	/* The tables of headers are few and large. */
	if (c->hold != NULL || c->client != NULL)
		lws_http_headers_detach(c->wsi);
	return 0;
}

static int
on_http_writeable(struct conn *c)
{
	if (c->answer != NULL || c->written)
		return conn_write_answer(c);
	if (c->client == NULL)
		return 0;
	return c->client->transport == &transport_sse ? sse_write(c->client)
						      : poll_write(c->client);
}

static void
on_http_closed(struct conn *c)
{
	if (c->client != NULL)
		held_closed(c->client);
	if (c->hold != NULL)
		stats_closed(c->hold);
	free(c->answer);
	free(c->id);
	memset(c, 0, sizeof(*c));
}

/* Before the upgrade: 0 lets it through. */
static int
on_filter(struct request *rq)
{
	struct conn *c = rq->conn;
	int bad = 0;

	request_name(rq);
	if (!ws_admit(rq)) {
		/* No writeable callback comes any more: written here. */
		bad = 1;
		(void)conn_write_answer(c);
	}
	free(c->answer);
	free(c->id);
	memset(c, 0, sizeof(*c));
	return bad;
}

static int
callback(struct lws *wsi, enum lws_callback_reasons why, void *user, void *in,
    size_t len)
{
	struct conn *c = user, none = {0};

	switch (why) {
	case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
		return with_request(wsi, &none, on_filter);
	case LWS_CALLBACK_ESTABLISHED:
		return with_request(wsi, c, ws_open);
	case LWS_CALLBACK_RECEIVE:
		return ws_receive(c->client, in, len);
	case LWS_CALLBACK_RECEIVE_PONG:
		ws_pong(c->client);
		return 0;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		return c->client == NULL ? 0 : ws_write(c->client);
	case LWS_CALLBACK_CLOSED:
		if (c->client != NULL)
			ws_closed(c->client);
		c->client = NULL;
		return 0;
	case LWS_CALLBACK_HTTP:
		return with_request(wsi, c, on_http);
	case LWS_CALLBACK_HTTP_WRITEABLE:
		return c == NULL ? 0 : on_http_writeable(c);
	case LWS_CALLBACK_HTTP_DROP_PROTOCOL:
	case LWS_CALLBACK_CLOSED_HTTP:
		if (c != NULL)
			on_http_closed(c);
		return 0;
	default:
		return lws_callback_http_dummy(wsi, why, user, in, len);
	}
}

/* ---- life ------------------------------------------------------------- */

static const struct lws_protocols protocols[] = {
    {
	.name = "platen",
	.callback = callback,
	.per_session_data_size = sizeof(struct conn),
	/* Messages are small: it is memory of each connection. */
	.rx_buffer_size = 256,
    },
    {0},
};

/*
 * Not .protocol: a connection held that way never notices that its client
 * left (libwebsockets 4.1).
 */
static const struct lws_http_mount mount = {
    .mountpoint = "/",
    .mountpoint_len = 1,
    .origin_protocol = LWSMPRO_CALLBACK,
    .origin = "platen",
};

/* Our own pings and deadlines; theirs is a sorted list of timers. */
static const lws_retry_bo_t no_policy;

static void
log_line(int level, const char *line)
{
	struct arena a;

	arena_init(&a);
	log_at(level == LLL_ERR ? LOG_ERROR : LOG_WARN, "libwebsockets", "said",
	    arena_strndup(&a, line, strcspn(line, "\n")), NULL);
	arena_release(&a);
}

/* "host:port" instead of a path. */
static void
listen_on(struct live *l, struct lws_context_creation_info *info)
{
	const char *where = l->conf.live_socket;
	const char *colon = strrchr(where, ':');
	char *end;
	long port;

	if (strchr(where, '/') != NULL || colon == NULL) {
		info->iface = where;
		info->options |= LWS_SERVER_OPTION_UNIX_SOCK;
		return;
	}
	port = strtol(colon + 1, &end, 10);
	if (*end != '\0' || port < 1 || port > 65535)
		fatal("live.socket: '%s' is no path and no host:port", where);
	info->port = (int)port;
	info->iface =
	    arena_strndup(&l->conf.arena, where, (size_t)(colon - where));
}

void
server_open(struct live *l)
{
	struct lws_context_creation_info info = {
	    .protocols = protocols,
	    .mounts = &mount,
	    .gid = (gid_t)-1,
	    .uid = (uid_t)-1,
	    .options = LWS_SERVER_OPTION_LIBEV |
		       LWS_SERVER_OPTION_VALIDATE_UTF8 |
		       LWS_SERVER_OPTION_DISABLE_IPV6,
	    .foreign_loops = (void *[]){l->loop},
	    .max_http_header_data2 = REQUEST_HEADERS_MAX,
	    .max_http_header_pool2 = REQUESTS_MAX,
	    /* A longer request line would never be read to its end. */
	    .pt_serv_buf_size = REQUEST_HEADERS_MAX,
	    .retry_and_idle_policy = &no_policy,
	    .user = l,
	    .fd_limit_per_thread =
		(unsigned int)(l->conf.live_clients + SPARE_FDS),
	};

	lws_set_log_level(LLL_ERR | LLL_WARN, log_line);
	listen_on(l, &info);
	l->lws = lws_create_context(&info);
	if (l->lws == NULL)
		fatal("cannot listen on '%s'", l->conf.live_socket);
}

void
server_close(struct live *l)
{
	lws_context_destroy(l->lws);
	l->lws = NULL;
}
