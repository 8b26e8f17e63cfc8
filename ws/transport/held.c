#include "ws/transport/held.h"

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
    "No valid session came with the request; open the site first, it sets "
    "one.";

static void
drop_ask(struct held *h)
{
	free(h->list);
	free(h->cursor);
	h->list = h->cursor = NULL;
}

void
held_closed(struct client *c)
{
	struct held *h = held_of(c);

	auth_cancel(h->auth);
	drop_ask(h);
	frame_unref(h->spare);
	free(h->ids);
	free(h);
	client_free(c);
}

void
held_end(struct client *c)
{
	held_of(c)->state = HELD_ENDING;
	c->due = clock_ms() + END_MS;
}

bool
held_fail(struct client *c, enum rc rc, const char *sentence)
{
	struct held *h = held_of(c);

	if (h->state >= HELD_OPEN) {
		client_complain(c,
		    rc == E_AUTH ? "unauthorized" : "unavailable", sentence,
		    NULL);
		return false;
	}
	/* The client stays until its connection closes, but says no more. */
	held_end(c);
	c->live->counters.refused++;
	conn_problem_rc(h->conn, rc, sentence);
	return true;
}

static const char *
sentence_of(enum rc rc)
{
	switch (rc) {
	case E_AUTH:
		return not_signed_in;
	case E_LIMIT:
		return "This account has too many live connections; close "
		       "some of them.";
	default:
		return "Sessions cannot be looked up at the moment; try "
		       "again.";
	}
}

static void
on_auth(void *arg, enum rc rc, struct cached_session *s)
{
	struct client *c = arg;

	held_of(c)->auth = NULL;
	if (rc == OK)
		client_enter(c, s);
	else
		held_fail(c, rc, sentence_of(rc));
}

void
held_ready(struct client *c)
{
	struct held *h = held_of(c);
	const char *why;
	struct arena a;
	struct ask ask;

	arena_init(&a);
	if (client_request_list(&a, h->list, &ask, &why) != OK)
		BUG("a list of ids was good before");
	ask.cursor = h->cursor;
	client_ask(c, &ask);
	arena_release(&a);
	drop_ask(h);
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
	    arena_printf(rq->arena, "There is no dialect \"%s\".",
		text_bit(rq->arena, name)));
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
		    "\"wait\" is a number of seconds, 0 or more.");
		return E_INPUT;
	}
	*seconds = n < most ? (int)n : most;
	return OK;
}

/* Milliseconds between heartbeats that the front server wants; 0: no wish. */
static int
read_beat(struct live_request *rq)
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
read_ask(struct live_request *rq, struct held *h)
{
	const char *list = request_arg(rq, "ids"), *why;
	struct ask ask;

	if (client_request_list(rq->arena, list, &ask, &why) != OK) {
		conn_problem_arg(rq->conn, "ids", why);
		return E_INPUT;
	}
	h->list = copy_string(list);
	h->cursor = copy_string(request_cursor(rq));
	return OK;
}

static enum rc
check_args(struct live_request *rq, const struct transport *t)
{
	static const char *const events[] = {
	    "ids", "dialect", "cursor", "last_event_id", "access_token", NULL};
	static const char *const poll[] = {"ids", "dialect", "cursor",
	    "last_event_id", "access_token", "wait", NULL};

	return request_check_args(rq, t == &transport_poll ? poll : events);
}

static void
held_start(struct live_request *rq, const struct transport *t, int dialect,
    struct held *h)
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
	c->own = h;
	c->due = INT64_MAX;
	h->conn = rq->conn;
	h->conn->client = c;
	l->counters.opened++;
	/* A held request is not a slow one. */
	lws_set_timeout(c->wsi, NO_PENDING_TIMEOUT, 0);
	if (auth_check(l->auth, &who, on_auth, c, &h->auth) != OK)
		held_fail(c, E_AUTH, not_signed_in);
}

void
held_open(struct live_request *rq, const struct transport *t)
{
	struct live *l = rq->live;
	struct held *h;
	int dialect, seconds;

	if (check_args(rq, t) != OK || request_same_origin(rq) != OK ||
	    read_dialect(rq, &dialect) != OK || read_wait(rq, &seconds) != OK)
		return;
	if (l->nclients >= l->conf.live_clients || l->stopping) {
		l->counters.refused++;
		conn_problem(rq->conn, 503,
		    "The live channel is full; try again in a while.", 10);
		return;
	}
	h = calloc(1, sizeof(*h));
	if (h == NULL)
		fatal("out of memory");
	if (read_ask(rq, h) != OK) {
		free(h);
		return;
	}
	h->until = clock_ms() + 1000 * (int64_t)seconds;
	h->beat_ms = read_beat(rq);
	held_start(rq, t, dialect, h);
}
