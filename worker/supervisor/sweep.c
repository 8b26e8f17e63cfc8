#include "worker/supervisor/sweep.h"

#include "core/clock.h"
#include "core/events.h"
#include "core/log.h"
#include "worker/supervisor/claim/model_probe.h"

#include <string.h>

#define ROUND_MS 3000
#define MORE_MS 100
#define EPOCH_MS 1000
#define RETAIN_FIRST_MS 2000
#define RETAIN_MS 3600000

/* Rows of one lane that one step compares with Redis. */
#define BATCH 500

/* Events that one step makes up for. */
#define EVENTS 100

#define NIL "00000000-0000-0000-0000-000000000000"

/* A due row is looked for this much after its time, ms. */
#define DUE_SLACK_MS 15

void
sweep_init(struct sweep *s)
{
	memset(s, 0, sizeof(*s));
	s->retain_ms = clock_ms() + RETAIN_FIRST_MS;
}

void
sweep_whole(struct sweep *s, struct lanes *lanes)
{
	s->whole = true;
	s->next_ms = 0;
	for (int i = 0; i < lanes->n; i++) {
		lanes->v[i].at[0] = '\0';
		lanes->v[i].gone = false;
	}
}

/*
 * Generations removed at a time, with their files: no lock is held for long,
 * and the answer comes in time.
 */
#define RETENTION_BATCH 50

/* *more: so many that there may be others. */
static enum rc
retention_delete_generations(struct worker *w, bool *more)
{
	struct arena *a = &w->scratch;
	const char *days = db_int(a, w->conf->retention_generation_days);
	struct rows r;
	enum rc rc;

	*more = false;
	if (w->conf->retention_generation_days == 0)
		return OK;
	rc = db_run(w->db, a, NULL, Q_RETAIN_GENERATIONS, &r,
	    DB_ARGS(days, db_int(a, RETENTION_BATCH)));
	*more = rc == OK && r.n == RETENTION_BATCH;
	return rc;
}

static enum rc
retention_delete_rest(struct worker *w)
{
	struct arena *a = &w->scratch;
	const struct conf *c = w->conf;
	enum rc rc;

	rc = db_run(w->db, a, NULL, Q_RETAIN_SESSIONS, NULL, DB_NONE);
	if (rc == OK)
		rc = db_run(
		    w->db, a, NULL, Q_RETAIN_GUEST_ORIGINS, NULL, DB_NONE);
	if (rc == OK)
		rc = db_run(w->db, a, NULL, Q_RETAIN_SITE_CACHES, NULL,
		    DB_ARGS(db_int(a, c->cache_days),
			db_int(a, (int64_t)c->cache_total_megabytes << 20)));
	if (rc == OK)
		rc = db_run(w->db, a, NULL, Q_RETAIN_IDEMPOTENCY, NULL,
		    DB_ARGS(db_int(a, c->retention_idempotency_hours)));
	if (rc == OK)
		rc = db_run(w->db, a, NULL, Q_RETAIN_HOSTS, NULL,
		    DB_ARGS(db_int(a, c->retention_host_days)));
	if (rc == OK)
		rc = db_run(w->db, a, NULL, Q_RETAIN_GUESTS, NULL,
		    DB_ARGS(db_int(a, c->retention_guest_days)));
	return rc;
}

/*
 * retention_run: one step of removing what is old, by the rules "retention.*";
 * true: there is more, so call it again soon, but let others have their turn
 * before.  What fails is left to the next round.
 */
static bool
retention_run(struct worker *w)
{
	bool more;
	enum rc rc = retention_delete_generations(w, &more);

	if (rc == OK && !more)
		rc = retention_delete_rest(w);
	if (rc != OK)
		log_warn("retention_failed", "why", db_error_text(w->db));
	return more;
}

/*
 * An emptied Redis has no epoch, or a new one once an event was published:
 * both differ from what we saw last.
 */
static void
check_epoch(struct sweep *s, struct worker *w, struct lanes *lanes)
{
	const char *epoch;

	if (worker_heard(w, events_epoch(w->redis, &w->scratch, &epoch)) !=
		OK ||
	    strcmp(epoch, s->epoch) == 0)
		return;
	text_cut(s->epoch, sizeof(s->epoch), epoch);
	log_info("redis_epoch", "epoch", s->epoch);
	sweep_whole(s, lanes);
}

static enum rc
lane_fill(
    struct worker *w, const char *lane, const struct queue_item *items, int n)
{
	long long added = 0;
	enum rc rc;

	if (n == 0)
		return OK;
	rc = worker_heard(
	    w, queue_fill(w->redis, &w->scratch, lane, items, n, &added));
	if (added > 0)
		log_info("requeued", "lane", lane, "n", log_num(added));
	return rc;
}

/* The next batch of a lane; at its end the lane is gone through. */
static enum rc
sweep_lane(struct worker *w, struct lane *lane)
{
	struct arena *a = &w->scratch;
	bool start = lane->at[0] == '\0';
	struct queue_item items[BATCH];
	struct rows r;
	enum rc rc;

	rc = db_run(w->db, a, NULL, Q_SWEEP_DUE, &r,
	    DB_ARGS(lane->name, start ? "-infinity" : lane->at,
		start ? NIL : lane->after, db_int(a, BATCH)));
	if (rc != OK)
		return rc;
	for (int i = 0; i < r.n; i++)
		items[i] = (struct queue_item){row_text(&r, i, "id"),
		    row_text(&r, i, "account_id"), row_bool(&r, i, "again")};
	rc = lane_fill(w, lane->name, items, r.n);
	if (rc != OK)
		return rc;
	lane->gone = r.n < BATCH;
	lane->at[0] = '\0';
	if (!lane->gone) {
		text_cut(
		    lane->at, sizeof(lane->at), row_text(&r, r.n - 1, "at"));
		text_cut(lane->after, sizeof(lane->after),
		    row_text(&r, r.n - 1, "id"));
	}
	return OK;
}

static enum rc
sweep_hosts(struct worker *w)
{
	struct queue_item items[BATCH];
	struct rows r;
	enum rc rc;

	rc = db_run(w->db, &w->scratch, NULL, Q_HOST_DUE, &r,
	    DB_ARGS(db_int(&w->scratch, BATCH)));
	if (rc != OK)
		return rc;
	for (int i = 0; i < r.n; i++) {
		const char *host = row_text(&r, i, "hostname");

		items[i] = (struct queue_item){host, host, false};
	}
	return lane_fill(w, LANE_ANALYZE, items, r.n);
}

/* Repeated tries whose time has come, and when the next one's does. */
static enum rc
sweep_retries(struct worker *w, struct lanes *lanes)
{
	struct arena *a = &w->scratch;
	const char *names = lanes_names(lanes, a);
	struct rows r;
	enum rc rc;

	w->due_ms = 0;
	rc = db_run(w->db, a, NULL, Q_SWEEP_RETRIES, &r, DB_ARGS(names));
	for (int i = 0; rc == OK && i < r.n; i++) {
		struct queue_item item = {
		    row_text(&r, i, "id"), row_text(&r, i, "account_id"), true};

		rc = lane_fill(w, row_text(&r, i, "provider"), &item, 1);
	}
	if (rc == OK)
		rc = db_one(
		    w->db, a, NULL, Q_SWEEP_NEXT_DUE, &r, DB_ARGS(names));
	if (rc == OK && !row_null(&r, 0, "ms"))
		worker_due(w, row_int(&r, 0, "ms") + DUE_SLACK_MS);
	return rc;
}

/* At least once: two workers never tell the same change, a crash may. */
static enum rc
sweep_events(struct worker *w, bool *more)
{
	struct rows r;
	enum rc rc;

	*more = false;

	rc = db_begin(w->db, NULL, NULL, NULL);
	if (rc != OK)
		return rc;
	rc = db_run(w->db, &w->scratch, NULL, Q_SWEEP_UNANNOUNCED, &r,
	    DB_ARGS(db_int(&w->scratch, EVENTS)));
	*more = rc == OK && r.n == EVENTS;
	for (int i = 0; rc == OK && i < r.n; i++) {
		bool first =
		    status_is(row_text(&r, i, "status"), STATUS_PENDING) &&
		    row_int(&r, i, "attempt") == 0;

		rc = worker_announce(
		    w, &r, i, first ? EVENT_CREATED : EVENT_STATUS);
	}
	/* What did go out is noted, whatever came after it. */
	return db_commit(w->db);
}

static bool
all_gone(const struct lanes *lanes)
{
	for (int i = 0; i < lanes->n; i++)
		if (!lanes->v[i].gone)
			return false;
	return true;
}

/* One step of a round: a batch of each lane that is not through yet. */
static void
sweep_step(struct sweep *s, struct worker *w, struct lanes *lanes, int64_t now)
{
	bool more = false;
	enum rc rc;

	/* What is stopped first: an emptied Redis has forgotten it. */
	rc = lanes_sync(lanes, w, &s->open_ms);
	for (int i = 0; rc == OK && i < lanes->n; i++)
		if (!s->whole || !lanes->v[i].gone)
			rc = sweep_lane(w, &lanes->v[i]);
	/* Jobs before news: the rest of the lanes is next. */
	if (rc == OK && s->whole && !all_gone(lanes))
		return;
	if (rc == OK)
		rc = sweep_hosts(w);
	if (rc == OK)
		rc = model_probe_fill(w);
	if (rc == OK)
		rc = sweep_events(w, &more);
	s->whole = s->whole && rc != OK;
	s->next_ms = now + (rc == OK && more ? MORE_MS : ROUND_MS);
	/* A wake-up may have been lost. */
	lanes_wake(lanes, NULL);
}

void
sweep_tick(struct sweep *s, struct worker *w, struct lanes *lanes)
{
	int64_t now = clock_ms();
	bool due;

	if (!w->db_up || !worker_redis(w))
		return;
	if (now >= s->epoch_ms) {
		s->epoch_ms = now + EPOCH_MS;
		check_epoch(s, w, lanes);
	}
	/* A whole round finds them by itself. */
	due = (now >= s->next_ms && !s->whole) ||
	      (w->due_ms != 0 && now >= w->due_ms);
	if (due && worker_redis(w) && sweep_retries(w, lanes) != OK)
		worker_due(w, EPOCH_MS);
	if (worker_redis(w) && now >= s->next_ms)
		sweep_step(s, w, lanes, now);
	if (s->open_ms != 0 && now >= s->open_ms) {
		s->open_ms = 0;
		lanes_wake(lanes, NULL);
	}
	if (now >= s->retain_ms) {
		s->retain_ms = now + (retention_run(w) ? MORE_MS : RETAIN_MS);
	}
}

int64_t
sweep_next(const struct sweep *s, const struct worker *w)
{
	int64_t next = s->next_ms < s->epoch_ms ? s->next_ms : s->epoch_ms;

	if (s->open_ms != 0 && s->open_ms < next)
		next = s->open_ms;
	return w->due_ms != 0 && w->due_ms < next ? w->due_ms : next;
}
