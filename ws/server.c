#include "ws/server.h"
#include "core/live_paths.h"

#include "core/json.h"
#include "core/log.h"
#include "ws/conn.h"
#include "ws/host_count_wait.h"
#include "ws/live.h"
#include "ws/transport/transport.h"

#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* For a request to come, seconds. */
#define REQUEST_S 10
/* Requests that may come in pieces at one moment: each takes memory. */
#define HEADS_MAX 1000
/* The most that libwebsockets reads at once, bytes. */
#define READ_MAX 16384
/* What a peer by TCP may leave unanswered, ms, and when it is asked, s. */
#define PEER_SILENT_MS 60000
#define PEER_ASKED_S 30
/* Descriptors that are no listeners: servers, logs, held counts. */
#define SPARE_FDS 1024

/* ---- paths ------------------------------------------------------------ */

static void
open_sse(struct live_request *rq)
{
	held_response_open(rq, &transport_sse);
}

static void
open_poll(struct live_request *rq)
{
	held_response_open(rq, &transport_poll);
}

/* The process lives; /live/healthz also says what it has lost. */
static void
open_livez(struct live_request *rq)
{
	static const char body[] = "{\"status\":\"pass\"}";

	conn_respond(rq->conn, 200, "application/json", body, sizeof(body) - 1);
}

static struct json_object *
check_json(bool good)
{
	struct json_object *list = json_object_new_array();
	struct json_object *o = json_object_new_object();

	json_put_str(o, "status", good ? "pass" : "fail");
	json_object_array_add(list, o);
	return list;
}

static void
open_healthz(struct live_request *rq)
{
	struct live *l = rq->live;
	bool pg = async_pg_is_up(l->pg), redis = async_redis_is_up(l->redis);
	struct json_object *o = json_new(rq->arena);
	struct json_object *checks = json_object_new_object();
	const char *text;

	json_put_str(o, "status", pg && redis ? "pass" : "fail");
	json_put(checks, "database:connection", check_json(pg));
	json_put(checks, "redis:connection", check_json(redis));
	json_put(o, "checks", checks);
	json_put_num(o, "listeners", l->nclients);
	text = json_text(o);
	conn_respond(rq->conn, pg && redis ? 200 : 503, "application/json",
	    text, strlen(text));
}

static const struct live_route {
	const char *path;
	void (*open)(struct live_request *rq);
	bool head; /* takes HEAD, too; a stream has no head of its own */
} routes[] = {
    {LIVE_PATH_EVENTS, open_sse, false},
    {LIVE_PATH_POLL, open_poll, false},
    {LIVE_PATH_HOST_SHORT, host_count_wait_open, true},
    {LIVE_PATH_HOST, host_count_wait_open, true},
    {"/live/livez", open_livez, true},
    {"/live/healthz", open_healthz, true},
};

static const struct live_route *
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
		conn_respond(c, 204, "text/plain", "", 0);
	else
		conn_problem(c, 405,
		    head ? "Only GET and HEAD are allowed here."
			 : "Only GET is allowed here.",
		    0);
	c->response->more =
	    head ? "Allow: GET, HEAD, OPTIONS\r\n" : "Allow: GET, OPTIONS\r\n";
}

static int
dispatch_request(struct live_request *rq)
{
	const struct live_route *r = find_route(rq->head.path);
	bool ws = r == NULL && dialect_find_path(rq->head.path) >= 0;
	bool get = strcmp(rq->head.method, "GET") == 0;
	bool head = r != NULL && r->head;
	struct conn *c = rq->conn;

	if (r == NULL && !ws)
		conn_problem(c, 404,
		    ws_is_upgrade(rq) ? "There is no WebSocket at this path."
				      : "Nothing exists at this path.",
		    0);
	else if (!get && !(c->is_head && head))
		refuse_method(c, rq->head.method, head);
	else if (ws)
		return ws_open(rq);
	else
		r->open(rq);
	return 0;
}

/* ---- bytes ------------------------------------------------------------ */

/* A request whose head is whole, or will never be: status is why it is bad. */
static int
serve_request(
    struct live *l, struct conn *c, const char *p, size_t len, bool too_long)
{
	const char *why = "The address and the headers of the request are too "
			  "long; together they may have 32 kB.";
	struct arena a;
	struct live_request rq = {.live = l, .conn = c, .arena = &a};
	int rc = 0, status;

	arena_init(&a);
	status = http_head_parse(
	    &a, p, len, &rq.head, too_long ? &(const char *){NULL} : &why);
	if (too_long)
		status = 431;
	request_keep_id(&rq);
	c->is_head = strcmp(rq.head.method, "HEAD") == 0;
	c->has_body =
	    status != 0 ||
	    (strcmp(rq.head.method, "GET") != 0 && !c->is_head) ||
	    http_head_field(&a, &rq.head, "content-length") != NULL ||
	    http_head_field(&a, &rq.head, "transfer-encoding") != NULL;
	if (status != 0)
		conn_problem(c, status, why, 0);
	else
		rc = dispatch_request(&rq);
	arena_release(&a);
	return rc;
}

/* Whether it is a listener that sends more than its request. */
static bool
is_receiving(const struct conn *c)
{
	return c->client != NULL && c->client->transport->receive != NULL;
}

static void
forget_bytes(struct live *l, struct conn *c)
{
	if (c->bytes == NULL)
		return;
	buf_release(c->bytes);
	free(c->bytes);
	c->bytes = NULL;
	l->nheads--;
}

/* Adds to the request; when it is there it is served. */
static int
on_request(struct live *l, struct conn *c, const char *p, size_t len)
{
	struct buf *b = c->bytes;
	bool too_long;
	size_t n;
	int rc;

	if (b == NULL) {
		b = c->bytes = malloc(sizeof(*b));
		if (b == NULL)
			fatal("out of memory");
		buf_init(b, HTTP_HEAD_MAX + READ_MAX);
		l->nheads++;
	}
	buf_add(b, p, len);
	n = http_head_length(b->data, b->len);
	too_long = n > HTTP_HEAD_MAX || (n == 0 && b->len > HTTP_HEAD_MAX);
	if (n == 0 && !too_long)
		return l->nheads > HEADS_MAX ? -1 : 0;
	c->has_request = true;
	rc = serve_request(l, c, b->data, n == 0 ? b->len : n, too_long);
	/* A WebSocket's first frames may come with its request. */
	if (rc == 0 && is_receiving(c) && b->len > n)
		rc = c->client->transport->receive(
		    c->client, b->data + n, b->len - n);
	forget_bytes(l, c);
	return rc;
}

static int
on_bytes(struct live *l, struct conn *c, const char *p, size_t len)
{
	if (!c->has_request)
		return on_request(l, c, p, len);
	if (is_receiving(c))
		return c->client->transport->receive(c->client, p, len);
	/* A body, or another request: one connection brings one. */
	return 0;
}

static int
write_more(struct conn *c)
{
	if (!c->has_request || (c->count_waiter != NULL && c->response == NULL))
		return 0;
	if (c->client == NULL || c->response != NULL || c->written)
		return conn_write_response(c);
	return c->client->transport->write(c->client);
}

/*
 * While something of what was written waits, libwebsockets reads nothing, and
 * would be called for it again and again.
 */
static int
on_writeable(struct conn *c)
{
	int rc = write_more(c);
	bool waits = rc == 0 && lws_partial_buffered(c->wsi) != 0;

	if (waits != c->reading_paused)
		lws_rx_flow_control(c->wsi, waits ? 0 : 1);
	c->reading_paused = waits;
	return rc;
}

/* ---- callbacks -------------------------------------------------------- */

static void
on_open(struct lws *wsi, struct conn *c)
{
	int fd = lws_get_socket_fd(wsi), on = 1, idle = PEER_ASKED_S;
	unsigned int silent = PEER_SILENT_MS;

	c->wsi = wsi;
	lws_set_timeout(wsi, PENDING_TIMEOUT_ESTABLISH_WITH_SERVER, REQUEST_S);
	/* A peer that vanished; by a unix socket there is none of that. */
	(void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	(void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof(idle));
	(void)setsockopt(
	    fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &silent, sizeof(silent));
}

static void
on_closed(struct live *l, struct conn *c)
{
	if (c->client != NULL)
		c->client->transport->closed(c->client);
	if (c->count_waiter != NULL)
		host_count_wait_closed(c->count_waiter);
	forget_bytes(l, c);
	free(c->response);
	free(c->request_id);
	memset(c, 0, sizeof(*c));
}

static int
server_callback(struct lws *wsi, enum lws_callback_reasons why, void *user,
    void *in, size_t len)
{
	struct live *l = lws_context_user(lws_get_context(wsi));
	struct conn *c = user;

	switch (why) {
	case LWS_CALLBACK_RAW_ADOPT:
		on_open(wsi, c);
		return 0;
	case LWS_CALLBACK_RAW_RX:
		return on_bytes(l, c, in, len);
	case LWS_CALLBACK_RAW_WRITEABLE:
		return on_writeable(c);
	case LWS_CALLBACK_RAW_CLOSE:
		if (c != NULL)
			on_closed(l, c);
		return 0;
	default:
		return 0;
	}
}

/* ---- life ------------------------------------------------------------- */

static const struct lws_protocols protocols[] = {
    {
	.name = "platen",
	.callback = server_callback,
	.per_session_data_size = sizeof(struct conn),
    },
    {0},
};

/* Our own pings and deadlines; theirs is a sorted list of timers. */
static const lws_retry_bo_t no_policy;

static void
log_line(int level, const char *line)
{
	struct arena a;

	arena_init(&a);
	log_at(level == LLL_ERR ? LOG_ERROR : LOG_WARN, "libwebsockets",
	    "message", arena_strndup(&a, line, strcspn(line, "\n")), NULL);
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

/* Where root made it, the front server is to reach it too. */
static void
share_socket(const struct conf *c)
{
	if (c->run_front_gid == 0 || geteuid() != 0 ||
	    strchr(c->live_socket, '/') == NULL)
		return;
	if (chown(c->live_socket, (uid_t)c->run_uid, (gid_t)c->run_front_gid) !=
		0 ||
	    chmod(c->live_socket, 0660) != 0)
		fatal("%s: %s", c->live_socket, strerror(errno));
}

void
server_open(struct live *l)
{
	struct lws_context_creation_info info = {
	    .protocols = protocols,
	    /* Raw sockets: HTTP and WebSocket are ours (http_head.h,
	       websocket.h). */
	    .listen_accept_role = "raw-skt",
	    .listen_accept_protocol = "platen",
	    .gid = (gid_t)-1,
	    .uid = (uid_t)-1,
	    .options = LWS_SERVER_OPTION_LIBEV |
		       LWS_SERVER_OPTION_ADOPT_APPLY_LISTEN_ACCEPT_CONFIG |
		       LWS_SERVER_OPTION_DISABLE_IPV6,
	    .foreign_loops = (void *[]){l->loop},
	    .pt_serv_buf_size = READ_MAX,
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
	share_socket(&l->conf);
}

void
server_close(struct live *l)
{
	lws_context_destroy(l->lws);
	l->lws = NULL;
}
