#include "ws/host_count_wait.h"

#include "core/clock.h"
#include "core/json.h"
#include "core/log.h"
#include "core/queue.h"
#include "core/site_input.h"
#include "ws/live.h"

#include <stdlib.h>
#include <string.h>

/* Without a message the database is queried so often. */
#define REFRESH_MS 1000

struct count_waiter {
	struct counted_host *host;
	struct conn *conn;
	struct count_waiter *next, *prev;
	int64_t until; /* clock_ms() */
	char address[64];
};

/* One host that is being counted, and who waits for it. */
struct counted_host {
	struct host_count_wait *host_counts;
	struct counted_host *next;
	char *name;
	struct count_waiter *waiters;
	struct pg_call *call;
	bool requested;     /* the count was asked for */
	bool query_again;   /* ask once more when the call is back */
	int64_t queried_at; /* clock_ms() of the last look */
	int64_t urls;       /* counted so far */
};

struct host_count_wait {
	struct live *live;
	struct counted_host *hosts; /* few: live.holds at most */
	int waiters;
};

static void counted_host_query(struct counted_host *h);

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
counted_host_channel(
    struct counted_host *h, void (*fn)(struct async_redis *, const char *))
{
	struct arena a;

	arena_init(&a);
	fn(h->host_counts->live->redis,
	    arena_printf(&a, CHANNEL_HOST "%s", h->name));
	arena_release(&a);
}

static void
counted_host_free(struct counted_host *h)
{
	struct counted_host **p = &h->host_counts->hosts;

	while (*p != h)
		p = &(*p)->next;
	*p = h->next;
	pg_cancel(h->call);
	counted_host_channel(h, async_redis_unsubscribe);
	free(h->name);
	free(h);
}

/* ---- answers ---------------------------------------------------------- */

/* Removes it from its host, which is freed with its last waiter. */
static void
count_waiter_free(struct count_waiter *w)
{
	struct counted_host *h = w->host;

	if (w->prev != NULL)
		w->prev->next = w->next;
	else
		h->waiters = w->next;
	if (w->next != NULL)
		w->next->prev = w->prev;
	w->conn->count_waiter = NULL;
	h->host_counts->waiters--;
	free(w);
	if (h->waiters == NULL)
		counted_host_free(h);
}

void
host_count_wait_closed(struct count_waiter *w)
{
	count_waiter_free(w);
}

static void
count_waiter_answer(struct count_waiter *w, bool complete)
{
	struct counted_host *h = w->host;
	struct json_object *o, *data;
	const char *text;
	struct arena a;

	arena_init(&a);
	o = json_new(&a);
	data = json_object_new_object();
	json_put_str(data, "hostname", h->name);
	json_put_num(data, "urlsCount", h->urls);
	json_put_flag(data, "isComplete", complete);
	json_put_flag(o, "success", true);
	json_put(o, "data", data);
	text = json_text(o);
	conn_respond(w->conn, 200, "application/json", text, strlen(text));
	arena_release(&a);
	count_waiter_free(w);
}

static void
counted_host_answer(struct counted_host *h, bool complete)
{
	struct count_waiter *next;

	/* The host is freed with the last of them. */
	for (struct count_waiter *w = h->waiters; w != NULL; w = next) {
		next = w->next;
		count_waiter_answer(w, complete);
	}
}

static void
counted_host_fail(
    struct counted_host *h, int status, const char *detail, int retry_after)
{
	struct count_waiter *next;

	for (struct count_waiter *w = h->waiters; w != NULL; w = next) {
		next = w->next;
		conn_problem(w->conn, status, detail, retry_after);
		count_waiter_free(w);
	}
}

/* ---- the count -------------------------------------------------------- */

/*
 * A host that is queued already keeps its position.  Turns go by address,
 * because a count needs no account.
 */
static void
counted_host_enqueue(struct counted_host *h)
{
	const char *argv[QUEUE_PUSH_ARGS];
	struct arena a;

	if (!async_redis_is_up(h->host_counts->live->redis))
		return;
	arena_init(&a);
	queue_push_args(&a, LANE_ANALYZE, h->name,
	    h->waiters != NULL ? h->waiters->address : "-", argv);
	async_redis_script(h->host_counts->live->redis, SCRIPT_QUEUE_PUSH,
	    QUEUE_PUSH_KEYS, QUEUE_PUSH_ARGS, argv, NULL, NULL);
	arena_release(&a);
}

static void
on_state(struct counted_host *h, const struct rows *r)
{
	const char *state = row_text(r, 0, "state");

	h->urls = row_int(r, 0, "urls_count");
	if (strcmp(state, "done") == 0)
		counted_host_answer(h, true);
	else if (strcmp(state, "failed") == 0)
		counted_host_fail(h, 422,
		    row_null(r, 0, "error")
			? "The pages of this site could not be counted."
			: row_text(r, 0, "error"),
		    0);
	else if (strcmp(state, "pending") == 0)
		counted_host_enqueue(h);
}

static void
on_rows(void *arg, enum rc rc, const struct rows *rows)
{
	struct counted_host *h = arg;

	h->call = NULL;
	if (rc != OK) {
		counted_host_fail(h, 503,
		    "The count can't be looked up right now. Try again.", 2);
		return;
	}
	if (!h->requested) {
		h->requested = true;
		counted_host_query(h);
		return;
	}
	if (h->query_again) {
		h->query_again = false;
		counted_host_query(h);
	}
	if (rows->n > 0)
		on_state(h, rows); /* may free w */
}

static void
counted_host_query(struct counted_host *h)
{
	struct live *l = h->host_counts->live;
	struct arena a;

	if (h->call != NULL) {
		h->query_again = true;
		return;
	}
	h->queried_at = clock_ms();
	arena_init(&a);
	if (h->requested)
		h->call = pg_call(
		    l->pg, NULL, Q_HOST_SHOW, DB_ARGS(h->name), on_rows, h);
	else
		h->call = pg_call(l->pg, NULL, Q_HOST_REQUEST,
		    DB_ARGS(h->name, db_int(&a, l->conf.web_recount_seconds)),
		    on_rows, h);
	arena_release(&a);
}

/* ---- the request ------------------------------------------------------ */

static struct counted_host *
counted_host_get(struct host_count_wait *s, const char *name)
{
	struct counted_host *h;

	for (h = s->hosts; h != NULL; h = h->next)
		if (strcmp(h->name, name) == 0)
			return h;
	h = calloc(1, sizeof(*h));
	if (h == NULL || (h->name = strdup(name)) == NULL)
		fatal("out of memory");
	h->host_counts = s;
	h->next = s->hosts;
	s->hosts = h;
	counted_host_channel(h, async_redis_subscribe);
	counted_host_query(h);
	return h;
}

static int
waiters_of_address(const struct host_count_wait *s, const char *address)
{
	int n = 0;

	for (const struct counted_host *h = s->hosts; h != NULL; h = h->next)
		for (const struct count_waiter *w = h->waiters; w != NULL;
		     w = w->next)
			n += strcmp(w->address, address) == 0;
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
		    "The query parameter \"hostname\" is missing. Send a "
		    "hostname, such as example.org.");
		return NULL;
	}
	if (site_input_parse(rq->arena, text, &in, &why) != OK) {
		conn_problem_arg(rq->conn, "hostname", why);
		return NULL;
	}
	return in.name;
}

static void
count_waiter_add(struct live_request *rq, const char *name, const char *address)
{
	struct live *l = rq->live;
	struct count_waiter *w = calloc(1, sizeof(*w));

	if (w == NULL)
		fatal("out of memory");
	snprintf(w->address, sizeof(w->address), "%s", address);
	w->conn = rq->conn;
	w->conn->count_waiter = w;
	w->until = clock_ms() + 1000 * (int64_t)l->conf.live_stats_seconds;
	w->host = counted_host_get(l->host_counts, name);
	w->next = w->host->waiters;
	if (w->next != NULL)
		w->next->prev = w;
	w->host->waiters = w;
	l->host_counts->waiters++;
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
	if (l->host_counts->waiters >= l->conf.live_holds ||
	    waiters_of_address(l->host_counts, address) >=
		l->conf.live_address_holds) {
		conn_problem(rq->conn, 429,
		    "Too many counts are in progress. Try again when some of "
		    "them have finished.",
		    5);
		return;
	}
	count_waiter_add(rq, name, address);
}

/* ---- from outside ----------------------------------------------------- */

void
host_count_wait_up(struct host_count_wait *s)
{
	for (struct counted_host *h = s->hosts; h != NULL; h = h->next)
		counted_host_channel(h, async_redis_subscribe);
}

void
host_count_wait_message(struct host_count_wait *s, const char *channel,
    const char *data, size_t len)
{
	struct json_object *o;
	struct counted_host *h;
	struct arena a;
	const char *why;

	if (strncmp(channel, CHANNEL_HOST, sizeof(CHANNEL_HOST) - 1) != 0)
		return;
	for (h = s->hosts; h != NULL; h = h->next)
		if (strcmp(h->name, channel + sizeof(CHANNEL_HOST) - 1) == 0)
			break;
	if (h == NULL)
		return;
	arena_init(&a);
	o = json_parse(&a, data, len, &why);
	if (json_object_is_type(o, json_type_object)) {
		h->urls = json_num(o, "urlsCount", h->urls);
		/* How it ended stands in the database. */
		if (json_flag(o, "isComplete", false) ||
		    json_str(o, "error", NULL) != NULL)
			counted_host_query(h);
	}
	arena_release(&a);
}

static void
counted_host_tick(struct counted_host *h, int64_t now)
{
	struct count_waiter *next;

	if (h->call == NULL && h->queried_at + REFRESH_MS <= now)
		counted_host_query(h);
	for (struct count_waiter *w = h->waiters; w != NULL; w = next) {
		next = w->next;
		if (w->until <= now)
			count_waiter_answer(w, false);
	}
}

void
host_count_wait_tick(struct host_count_wait *s, int64_t now)
{
	struct counted_host *next;

	for (struct counted_host *h = s->hosts; h != NULL; h = next) {
		next = h->next;
		counted_host_tick(h, now);
	}
}

void
host_count_wait_stop(struct host_count_wait *s)
{
	while (s->hosts != NULL)
		counted_host_answer(s->hosts, false);
}

void
host_count_wait_free(struct host_count_wait *s)
{
	while (s->hosts != NULL) {
		while (s->hosts->waiters->next != NULL)
			count_waiter_free(s->hosts->waiters);
		count_waiter_free(s->hosts->waiters);
	}
	free(s);
}
