#include "ws/host_count_wait.h"

#include "core/clock.h"
#include "core/json.h"
#include "core/log.h"
#include "core/queue.h"
#include "core/site_input.h"
#include "ws/live.h"

#include <stdlib.h>
#include <string.h>

/* Without a message the database is asked so often. */
#define REFRESH_MS 1000

struct hold {
	struct counted_host *watch;
	struct conn *conn;
	struct hold *next, *prev;
	int64_t until; /* clock_ms() */
	char address[64];
};

/* One host that is being counted, and who waits for it. */
struct counted_host {
	struct host_count_wait *stats;
	struct counted_host *next;
	char *name;
	struct hold *holds;
	struct pg_call *call;
	bool requested; /* the count was asked for */
	bool again;     /* ask once more when the call is back */
	int64_t asked;  /* clock_ms() of the last look */
	int64_t urls;   /* counted so far */
};

struct host_count_wait {
	struct live *live;
	struct counted_host *watches; /* few: live.holds at most */
	int holds;
};

static void host_look(struct counted_host *w);

struct host_count_wait *
host_count_wait_new(struct live *l)
{
	struct host_count_wait *s = calloc(1, sizeof(*s));

	if (s == NULL)
		fatal("out of memory");
	s->live = l;
	return s;
}

static void
with_channel(struct counted_host *w, void (*fn)(struct feed *, const char *))
{
	struct arena a;

	arena_init(&a);
	fn(w->stats->live->feed, arena_printf(&a, CHANNEL_HOST "%s", w->name));
	arena_release(&a);
}

static void
watch_free(struct counted_host *w)
{
	struct counted_host **p = &w->stats->watches;

	while (*p != w)
		p = &(*p)->next;
	*p = w->next;
	pg_cancel(w->call);
	with_channel(w, feed_unsubscribe);
	free(w->name);
	free(w);
}

/* ---- answers ---------------------------------------------------------- */

/* Leaves its watch, which goes with its last hold. */
static void
hold_free(struct hold *h)
{
	struct counted_host *w = h->watch;

	if (h->prev != NULL)
		h->prev->next = h->next;
	else
		w->holds = h->next;
	if (h->next != NULL)
		h->next->prev = h->prev;
	h->conn->hold = NULL;
	w->stats->holds--;
	free(h);
	if (w->holds == NULL)
		watch_free(w);
}

void
host_count_wait_closed(struct hold *h)
{
	hold_free(h);
}

static void
wait_answer(struct hold *h, bool complete)
{
	struct counted_host *w = h->watch;
	struct json_object *o, *data;
	const char *text;
	struct arena a;

	arena_init(&a);
	o = json_new(&a);
	data = json_object_new_object();
	json_put_str(data, "hostname", w->name);
	json_put_num(data, "urlsCount", w->urls);
	json_put_flag(data, "isComplete", complete);
	json_put_flag(o, "success", true);
	json_put(o, "data", data);
	text = json_text(o);
	conn_answer(h->conn, 200, "application/json", text, strlen(text));
	arena_release(&a);
	hold_free(h);
}

static void
answer_all(struct counted_host *w, bool complete)
{
	struct hold *next;

	/* The watch goes with the last of them. */
	for (struct hold *h = w->holds; h != NULL; h = next) {
		next = h->next;
		wait_answer(h, complete);
	}
}

static void
fail_all(
    struct counted_host *w, int status, const char *detail, int retry_after)
{
	struct hold *next;

	for (struct hold *h = w->holds; h != NULL; h = next) {
		next = h->next;
		conn_problem(h->conn, status, detail, retry_after);
		hold_free(h);
	}
}

/* ---- the count -------------------------------------------------------- */

/*
 * A host that waits already keeps its place.  Whose turn it is goes by
 * address: a count needs no account.
 */
static void
host_push(struct counted_host *w)
{
	const char *argv[QUEUE_PUSH_ARGS];
	struct arena a;

	if (!feed_is_up(w->stats->live->feed))
		return;
	arena_init(&a);
	queue_push_args(&a, LANE_ANALYZE, w->name,
	    w->holds != NULL ? w->holds->address : "-", argv);
	feed_script(w->stats->live->feed, SCRIPT_QUEUE_PUSH, QUEUE_PUSH_KEYS,
	    QUEUE_PUSH_ARGS, argv, NULL, NULL);
	arena_release(&a);
}

static void
on_state(struct counted_host *w, const struct rows *r)
{
	const char *state = row_text(r, 0, "state");

	w->urls = row_int(r, 0, "urls_count");
	if (strcmp(state, "done") == 0)
		answer_all(w, true);
	else if (strcmp(state, "failed") == 0)
		fail_all(w, 422,
		    row_null(r, 0, "error")
			? "The pages of this site could not be counted."
			: row_text(r, 0, "error"),
		    0);
	else if (strcmp(state, "pending") == 0)
		host_push(w);
}

static void
on_rows(void *arg, enum rc rc, const struct rows *rows)
{
	struct counted_host *w = arg;

	w->call = NULL;
	if (rc != OK) {
		fail_all(w, 503,
		    "The count cannot be looked up at the moment; try again.",
		    2);
		return;
	}
	if (!w->requested) {
		w->requested = true;
		host_look(w);
		return;
	}
	if (w->again) {
		w->again = false;
		host_look(w);
	}
	if (rows->n > 0)
		on_state(w, rows); /* may free w */
}

static void
host_look(struct counted_host *w)
{
	struct live *l = w->stats->live;
	struct arena a;

	if (w->call != NULL) {
		w->again = true;
		return;
	}
	w->asked = clock_ms();
	arena_init(&a);
	if (w->requested)
		w->call = pg_call(
		    l->pg, NULL, Q_HOST_SHOW, DB_ARGS(w->name), on_rows, w);
	else
		w->call = pg_call(l->pg, NULL, Q_HOST_REQUEST,
		    DB_ARGS(w->name, db_int(&a, l->conf.web_recount_seconds)),
		    on_rows, w);
	arena_release(&a);
}

/* ---- the request ------------------------------------------------------ */

static struct counted_host *
watch_get(struct host_count_wait *s, const char *name)
{
	struct counted_host *w;

	for (w = s->watches; w != NULL; w = w->next)
		if (strcmp(w->name, name) == 0)
			return w;
	w = calloc(1, sizeof(*w));
	if (w == NULL || (w->name = strdup(name)) == NULL)
		fatal("out of memory");
	w->stats = s;
	w->next = s->watches;
	s->watches = w;
	with_channel(w, feed_subscribe);
	host_look(w);
	return w;
}

static int
holds_of(const struct host_count_wait *s, const char *address)
{
	int n = 0;

	for (const struct counted_host *w = s->watches; w != NULL; w = w->next)
		for (const struct hold *h = w->holds; h != NULL; h = h->next)
			n += strcmp(h->address, address) == 0;
	return n;
}

/* The site that is asked for; NULL, and answered, when it is none. */
static const char *
read_name(struct live_request *rq)
{
	static const char *const allowed[] = {"hostname", NULL};
	const char *text, *why;
	struct site_input in;

	if (request_check_args(rq, allowed) != OK)
		return NULL;
	text = request_arg(rq, "hostname");
	if (text == NULL || text[0] == '\0') {
		conn_problem_arg(rq->conn, "hostname",
		    "The query parameter \"hostname\" is missing: name a "
		    "site, such as example.org.");
		return NULL;
	}
	if (site_input_parse(rq->arena, text, &in, &why) != OK) {
		conn_problem_arg(rq->conn, "hostname", why);
		return NULL;
	}
	return in.name;
}

static void
wait_hold(struct live_request *rq, const char *name, const char *address)
{
	struct live *l = rq->live;
	struct hold *h = calloc(1, sizeof(*h));

	if (h == NULL)
		fatal("out of memory");
	snprintf(h->address, sizeof(h->address), "%s", address);
	h->conn = rq->conn;
	h->conn->hold = h;
	h->until = clock_ms() + 1000 * (int64_t)l->conf.live_stats_seconds;
	h->watch = watch_get(l->stats, name);
	h->next = h->watch->holds;
	if (h->next != NULL)
		h->next->prev = h;
	h->watch->holds = h;
	l->stats->holds++;
	lws_set_timeout(rq->conn->wsi, NO_PENDING_TIMEOUT, 0);
}

void
host_count_wait_open(struct live_request *rq)
{
	struct live *l = rq->live;
	const char *name = read_name(rq), *address;

	if (name == NULL)
		return;
	address = request_address(rq);
	if (l->stats->holds >= l->conf.live_holds ||
	    holds_of(l->stats, address) >= l->conf.live_address_holds) {
		conn_problem(rq->conn, 429,
		    "Too many counts are waited for at once; try again when "
		    "some of them are done.",
		    5);
		return;
	}
	wait_hold(rq, name, address);
}

/* ---- from outside ----------------------------------------------------- */

void
host_count_wait_up(struct host_count_wait *s)
{
	for (struct counted_host *w = s->watches; w != NULL; w = w->next)
		with_channel(w, feed_subscribe);
}

void
host_count_wait_message(struct host_count_wait *s, const char *channel,
    const char *data, size_t len)
{
	struct json_object *o;
	struct counted_host *w;
	struct arena a;
	const char *why;

	if (strncmp(channel, CHANNEL_HOST, sizeof(CHANNEL_HOST) - 1) != 0)
		return;
	for (w = s->watches; w != NULL; w = w->next)
		if (strcmp(w->name, channel + sizeof(CHANNEL_HOST) - 1) == 0)
			break;
	if (w == NULL)
		return;
	arena_init(&a);
	o = json_parse(&a, data, len, &why);
	if (json_object_is_type(o, json_type_object)) {
		w->urls = json_num(o, "urlsCount", w->urls);
		/* How it ended stands in the database. */
		if (json_flag(o, "isComplete", false) ||
		    json_str(o, "error", NULL) != NULL)
			host_look(w);
	}
	arena_release(&a);
}

static void
tick_watch(struct counted_host *w, int64_t now)
{
	struct hold *next;

	if (w->call == NULL && w->asked + REFRESH_MS <= now)
		host_look(w);
	for (struct hold *h = w->holds; h != NULL; h = next) {
		next = h->next;
		if (h->until <= now)
			wait_answer(h, false);
	}
}

void
host_count_wait_tick(struct host_count_wait *s, int64_t now)
{
	struct counted_host *next;

	for (struct counted_host *w = s->watches; w != NULL; w = next) {
		next = w->next;
		tick_watch(w, now);
	}
}

void
host_count_wait_stop(struct host_count_wait *s)
{
	while (s->watches != NULL)
		answer_all(s->watches, false);
}

void
host_count_wait_free(struct host_count_wait *s)
{
	while (s->watches != NULL) {
		while (s->watches->holds->next != NULL)
			hold_free(s->watches->holds);
		hold_free(s->watches->holds);
	}
	free(s);
}
