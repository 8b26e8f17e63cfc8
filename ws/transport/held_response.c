#include "ws/transport/held_response.h"

#include "core/clock.h"
#include "core/log.h"
#include "core/text.h"
#include "ws/client.h"
#include "ws/live.h"
#include "ws/transport/transport.h"

#include <stdlib.h>
#include <string.h>

#define END_MS 30000

static const char not_signed_in[] =
    "The request has no valid session. Open the site first to get one.";

static void
forget_request(struct held_response *h)
{
	free(h->ids_text);
	free(h->cursor);
	h->ids_text = h->cursor = NULL;
}

void
held_response_closed(struct client *c)
{
	struct held_response *h = held_response_of(c);

	auth_cancel(h->auth);
	forget_request(h);
	frame_unref(h->unwritten);
	free(h->ids);
	free(h);
	client_free(c);
}

void
held_response_end(struct client *c)
{
	held_response_of(c)->state = HELD_ENDING;
	c->timer_at = clock_ms() + END_MS;
}

bool
held_response_fail(struct client *c, enum rc rc, const char *sentence)
{
	struct held_response *h = held_response_of(c);

	if (h->state >= HELD_OPEN) {
		client_push_error(c,
		    rc == E_AUTH ? "unauthorized" : "unavailable", sentence,
		    NULL);
		return false;
	}
	/* The client stays until its connection closes, but sends no more. */
	held_response_end(c);
	c->live->counters.refused++;
	conn_problem_rc(h->conn, rc, sentence);
	return true;
}

static const char *
auth_sentence(enum rc rc)
{
	switch (rc) {
	case E_AUTH:
		return not_signed_in;
	case E_LIMIT:
		return "This account has too many live connections. Close some "
		       "of them.";
	default:
		return "Sessions can't be looked up right now. Try again.";
	}
}

static void
on_auth(void *arg, enum rc rc, struct cached_session *s)
{
	struct client *c = arg;

	held_response_of(c)->auth = NULL;
	if (rc == OK)
		client_enter(c, s);
	else
		held_response_fail(c, rc, auth_sentence(rc));
}

void
held_response_ready(struct client *c)
{
	struct held_response *h = held_response_of(c);
	const char *why;
	struct arena a;
	struct client_request rq;

	arena_init(&a);
	if (client_request_parse_ids(&a, h->ids_text, &rq, &why) != OK)
		BUG("a list of ids was good before");
	rq.cursor = h->cursor;
	client_handle(c, &rq);
	arena_release(&a);
	forget_request(h);
}

/* ---- the request ------------------------------------------------------ */

static enum rc
read_dialect(struct live_request *rq, int *dialect)
{
	const char *name = request_arg(rq, "dialect");

	*dialect = dialect_find(name == NULL ? "generation" : name);
	if (*dialect >= 0)
		return OK;
	conn_problem_arg(rq->conn, "dialect",
	    arena_printf(rq->arena, "Unknown dialect \"%s\".",
		text_excerpt(rq->arena, name)));
	return E_INPUT;
}

/* Seconds of ?wait=, at most what the configuration allows. */
static enum rc
read_wait(struct live_request *rq, int *seconds)
{
	const char *text = request_arg(rq, "wait");
	int most = rq->live->conf.live_poll_seconds;
	char *end;
	long n;

	*seconds = most;
	if (text == NULL)
		return OK;
	n = strtol(text, &end, 10);
	if (end == text || *end != '\0' || n < 0) {
		conn_problem_arg(rq->conn, "wait",
		    "\"wait\" must be a number of seconds, 0 or more.");
		return E_INPUT;
	}
	*seconds = n < most ? (int)n : most;
	return OK;
}

/* Milliseconds between heartbeats that the front server wants; 0: none. */
static int
read_heartbeat(struct live_request *rq)
{
	const char *text = request_header(rq, "x-platen-heartbeat");
	int n = text == NULL ? 0 : atoi(text);

	return n < 1 || n > rq->live->conf.live_comment_seconds ? 0 : 1000 * n;
}

static char *
copy_string(const char *s)
{
	char *p = s == NULL ? NULL : strdup(s);

	if (s != NULL && p == NULL)
		fatal("out of memory");
	return p;
}

static enum rc
read_subscription(struct live_request *rq, struct held_response *h)
{
	const char *list = request_arg(rq, "ids"), *why;
	struct client_request subscribe;

	if (client_request_parse_ids(rq->arena, list, &subscribe, &why) != OK) {
		conn_problem_arg(rq->conn, "ids", why);
		return E_INPUT;
	}
	h->ids_text = copy_string(list);
	h->cursor = copy_string(request_cursor(rq));
	return OK;
}

static void
held_response_start(struct live_request *rq, const struct transport *t,
    int dialect, struct held_response *h)
{
	struct credentials who = {
	    .cookie = request_header(rq, "cookie"),
	    .https = request_https(rq),
	    .authorization = request_header(rq, "authorization"),
	    .access_token = request_arg(rq, "access_token"),
	};
	struct live *l = rq->live;
	struct client *c;

	c = client_new(l, rq->conn->wsi, t, dialect);
	c->transport_data = h;
	c->timer_at = INT64_MAX;
	h->conn = rq->conn;
	h->conn->client = c;
	l->counters.opened++;
	/* It may stay open without the timeout of a slow request. */
	lws_set_timeout(c->wsi, NO_PENDING_TIMEOUT, 0);
	if (auth_check(l->auth, &who, on_auth, c, &h->auth) != OK)
		held_response_fail(c, E_AUTH, not_signed_in);
}

void
held_response_open(struct live_request *rq, const struct transport *t)
{
	struct live *l = rq->live;
	struct held_response *h;
	int dialect, seconds;

	if (request_check_args(rq, t->args) != OK ||
	    request_same_origin(rq) != OK || read_dialect(rq, &dialect) != OK ||
	    read_wait(rq, &seconds) != OK)
		return;
	if (l->nclients >= l->conf.live_clients || l->stopping) {
		l->counters.refused++;
		conn_problem(rq->conn, 503,
		    "The live channel is full. Try again later.", 10);
		return;
	}
	h = calloc(1, sizeof(*h));
	if (h == NULL)
		fatal("out of memory");
	if (read_subscription(rq, h) != OK) {
		free(h);
		return;
	}
	h->ends_at = clock_ms() + 1000 * (int64_t)seconds;
	h->heartbeat_ms = read_heartbeat(rq);
	held_response_start(rq, t, dialect, h);
}
