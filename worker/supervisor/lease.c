#include "worker/supervisor/lease.h"

#include "core/clock.h"
#include "core/log.h"
#include "worker/supervisor/claim/generation_claim.h"
#include "worker/supervisor/claim/host_count.h"
#include "worker/supervisor/workdir.h"

#include <string.h>

#define WATCH_MS 400
/* A suspect is looked at again after this: locks may change hands. */
#define SECOND_LOOK_MS 200
#define LAPSE_MS 2000
/* Heartbeats while nobody can tell us of a cancel. */
#define DEAF_MS 1000
/* What others need to come back after the server restarted. */
#define GRACE_MS 3000
/* The server's clock and ours may drift apart so much between two looks. */
#define JUMP_MS 1500

/* ---- our own jobs -------------------------------------------------------- */

/* Ids and attempts of one kind of job, as array parameters. */
struct roll {
	const char **ids, **attempts;
	struct slot **slots;
	size_t n;
};

static struct roll
call_roll(struct arena *a, struct slot_pool *slot_pool, const struct duty *duty)
{
	size_t max = (size_t)slot_pool->n;
	struct roll r = {
	    .ids = arena_array(a, max, sizeof(*r.ids)),
	    .attempts = arena_array(a, max, sizeof(*r.attempts)),
	    .slots = arena_array(a, max, sizeof(*r.slots)),
	};

	for (int i = 0; i < slot_pool->n; i++) {
		struct slot *s = &slot_pool->slots[i];

		if (s->work == NULL || s->work->duty != duty ||
		    s->work->end == JOB_LOST)
			continue;
		r.ids[r.n] = s->work->id;
		r.attempts[r.n] = db_int(a, s->work->attempt);
		r.slots[r.n++] = s;
	}
	return r;
}

/*
 * Whoever is not in the answer was canceled, deleted or taken over; by
 * ourselves perhaps: two attempts of one id may run here.
 */
static void
stop_missing(
    const struct roll *roll, const struct rows *rows, const char *column)
{
	for (size_t i = 0; i < roll->n; i++) {
		int row = 0;

		while (
		    row < rows->n &&
		    (strcmp(roll->ids[i], row_text(rows, row, column)) != 0 ||
			strcmp(roll->attempts[i],
			    row_text(rows, row, "attempt")) != 0))
			row++;
		if (row == rows->n)
			slot_stop(roll->slots[i], STOP_LOST);
	}
}

/*
 * Listeners were told more than the row has, which is up to 2 s behind: what
 * they saw does not go back because its worker died.
 */
static void
catch_up(struct worker *w, const char *id, struct rows *r)
{
	struct arena *a = &w->scratch;
	struct json_object *last, *m;

	if (!worker_redis(w) || (last = events_last(w->redis, a, id)) == NULL ||
	    (m = json_sub(last, "metadata")) == NULL)
		return;
	if (db_run(w->db, a, NULL, Q_GENERATION_CATCH_UP, r,
		DB_ARGS(id, db_int(a, json_num(m, "processedUrls", 0)),
		    db_int(a, json_num(m, "totalUrls", 0)),
		    db_int(a, json_num(m, "revision", 0)))) != OK)
		r->n = 0;
}

/* Told first: whoever takes it next must not be told of before. */
static void
give_back(struct worker *w, const struct rows *r, int i)
{
	const char *id = row_text(r, i, "id");
	struct rows ahead = {NULL, 0};

	catch_up(w, id, &ahead);
	if (ahead.n > 0) {
		r = &ahead;
		i = 0;
	}
	if (worker_announce(w, r, i, EVENT_STATUS) != OK)
		log_debug("not_announced", "id", id);
	if (status_is(row_text(r, i, "status"), STATUS_PENDING))
		worker_requeue(w, r, i);
}

static enum rc
beat_generations(struct worker *w, struct slot_pool *slot_pool)
{
	struct arena *a = &w->scratch;
	struct roll roll = call_roll(a, slot_pool, &duty_generation);
	const char *ids = pg_array(a, roll.ids, roll.n);
	struct rows r;
	enum rc rc;

	rc = db_run(w->db, a, NULL, Q_GENERATION_HEARTBEAT, &r,
	    DB_ARGS(w->id, db_int(a, w->conf->worker_lease_seconds), ids,
		pg_array(a, roll.attempts, roll.n)));
	if (rc != OK)
		return rc;
	stop_missing(&roll, &r, "id");
	rc = db_run(
	    w->db, a, NULL, Q_GENERATION_STRAYS, &r, DB_ARGS(w->id, ids));
	for (int i = 0; rc == OK && i < r.n; i++) {
		log_warn("stray_returned", "id", row_text(&r, i, "id"));
		give_back(w, &r, i);
	}
	return rc;
}

static enum rc
beat_hosts(struct worker *w, struct slot_pool *slot_pool)
{
	struct arena *a = &w->scratch;
	struct roll roll = call_roll(a, slot_pool, &duty_host);
	const char *ids = pg_array(a, roll.ids, roll.n);
	struct rows r;
	enum rc rc = OK;

	if (roll.n > 0) {
		rc = db_run(w->db, a, NULL, Q_HOST_HEARTBEAT, &r,
		    DB_ARGS(w->id, db_int(a, w->conf->worker_lease_seconds),
			ids, pg_array(a, roll.attempts, roll.n)));
		if (rc == OK)
			stop_missing(&roll, &r, "hostname");
	}
	if (rc == OK)
		rc = db_run(
		    w->db, a, NULL, Q_HOST_STRAYS, &r, DB_ARGS(w->id, ids));
	if (rc == OK)
		host_count_requeue(w, &r);
	return rc;
}

static void
lease_beat(
    struct lease *l, struct worker *w, struct slot_pool *slot_pool, int64_t now)
{
	enum rc rc;

	l->beat_ms = now + (int64_t)w->conf->worker_heartbeat_seconds * 1000;
	l->renew_ms = l->beat_ms;
	rc = beat_generations(w, slot_pool);
	if (rc == OK)
		rc = beat_hosts(w, slot_pool);
	if (rc != OK)
		l->beat_ms = now + WATCH_MS;
}

void
lease_renew(struct lease *l, struct worker *w, struct slot_pool *slot_pool,
    struct membership *lock)
{
	int64_t now = clock_ms();
	struct roll jobs, hosts;
	struct arena a;

	if (!lock->held || now < l->renew_ms)
		return;
	l->renew_ms = now + (int64_t)w->conf->worker_heartbeat_seconds * 1000;
	arena_init(&a);
	jobs = call_roll(&a, slot_pool, &duty_generation);
	hosts = call_roll(&a, slot_pool, &duty_host);
	if (jobs.n + hosts.n > 0)
		membership_ask(lock, Q_LEASE_RENEW,
		    DB_ARGS(w->id, db_int(&a, w->conf->worker_lease_seconds),
			pg_array(&a, jobs.ids, jobs.n),
			pg_array(&a, jobs.attempts, jobs.n),
			pg_array(&a, hosts.ids, hosts.n),
			pg_array(&a, hosts.attempts, hosts.n)));
	arena_release(&a);
}

/* ---- the others ---------------------------------------------------------- */

/* A jump of the server's clock makes every lease look old. */
static void
read_clock(struct lease *l, struct worker *w, const struct rows *r, int64_t now)
{
	int64_t server = row_int(r, 0, "ms");
	int64_t drift = (server - l->server_ms) - (now - l->looked_ms);

	if (l->server_ms == 0) {
		/* At the start: how long could the others be back? */
		l->locks_ms = now + GRACE_MS - row_int(r, 0, "up_ms");
		l->leases_ms = l->locks_ms;
	} else if (drift > JUMP_MS || drift < -JUMP_MS) {
		log_warn("clock_jumped", "ms", log_num(drift));
		l->leases_ms = now + GRACE_MS +
			       (int64_t)w->conf->worker_lease_seconds * 1000;
	}
	l->server_ms = server;
	l->looked_ms = now;
}

static bool
is_suspected(const struct lease *l, const char *id)
{
	for (int i = 0; i < l->nsuspects; i++)
		if (strcmp(l->suspects[i], id) == 0)
			return true;
	return false;
}

/* Those whose lock was free at the last look too; the rest is noted. */
static size_t
find_dead(struct lease *l, const struct rows *r, const char **dead)
{
	size_t n = 0;

	for (int i = 0; i < r->n; i++)
		if (is_suspected(l, row_text(r, i, "id")))
			dead[n++] = row_text(r, i, "id");
	l->nsuspects = 0;
	for (int i = 0; i < r->n && !row_null(r, i, "id"); i++)
		text_cut(l->suspects[l->nsuspects++], UUID_LEN + 1,
		    row_text(r, i, "id"));
	return n;
}

static enum rc
take_over(struct worker *w, const char *dead, bool leases)
{
	struct arena *a = &w->scratch;
	struct rows r;
	enum rc rc;

	rc = db_run(w->db, a, NULL, Q_GENERATION_ABANDONED, &r,
	    DB_ARGS(w->id, dead, db_int(a, w->conf->worker_crashes),
		leases ? "1" : "0"));
	for (int i = 0; rc == OK && i < r.n; i++) {
		log_warn("taken_over", "id", row_text(&r, i, "id"), "status",
		    row_text(&r, i, "status"));
		give_back(w, &r, i);
	}
	return rc;
}

static enum rc
bury_workers(struct worker *w, const char **dead, size_t n)
{
	struct arena *a = &w->scratch;
	const char *ids = pg_array(a, dead, n);
	struct rows r;
	enum rc rc;

	rc = take_over(w, ids, false);
	if (rc == OK)
		rc = db_run(w->db, a, NULL, Q_HOST_ABANDONED, &r,
		    DB_ARGS(ids, db_int(a, w->conf->worker_crashes)));
	if (rc != OK)
		return rc;
	host_count_requeue(w, &r);
	rc = db_run(w->db, a, NULL, Q_WORKER_BURY, &r, DB_ARGS(ids));
	for (int i = 0; rc == OK && i < r.n; i++) {
		log_warn("worker_died", "worker", row_text(&r, i, "id"));
		workdir_clear(w, row_text(&r, i, "id"));
	}
	return rc;
}

/* Their host is gone: no lock says so, but nobody renews what they had. */
static enum rc
take_lapsed(struct worker *w)
{
	struct arena *a = &w->scratch;
	struct rows r;
	enum rc rc;

	rc = take_over(w, "{}", true);
	if (rc == OK)
		rc = db_run(w->db, a, NULL, Q_HOST_LAPSED, &r, DB_ARGS(w->id));
	if (rc == OK)
		host_count_requeue(w, &r);
	return rc;
}

static void
lease_watch(struct lease *l, struct worker *w, int64_t now)
{
	const char *dead[SUSPECTS_MAX];
	struct rows r;
	size_t n;

	l->watch_ms = now + WATCH_MS;
	if (db_one(w->db, &w->scratch, NULL, Q_WORKER_WATCH, &r,
		DB_ARGS(w->id)) != OK)
		return;
	read_clock(l, w, &r, now);
	if (now < l->locks_ms)
		return;
	n = find_dead(l, &r, dead);
	if (n < (size_t)l->nsuspects)
		l->watch_ms = now + SECOND_LOOK_MS;
	if (n > 0 && bury_workers(w, dead, n) != OK)
		return;
	if (now < l->lapse_ms || now < l->leases_ms)
		return;
	l->lapse_ms = now + LAPSE_MS;
	if (take_lapsed(w) != OK)
		log_debug("leases_not_checked");
}

void
lease_back(struct lease *l)
{
	int64_t now = clock_ms();

	l->beat_ms = 0;
	l->watch_ms = 0;
	l->nsuspects = 0;
	l->lapse_ms = 0;
	/* Not at the start, when we have lost nothing. */
	if (l->server_ms != 0) {
		l->locks_ms = now + GRACE_MS;
		l->leases_ms = now + GRACE_MS;
	}
}

void
lease_beat_now(struct lease *l)
{
	l->beat_ms = 0;
}

void
lease_deaf(struct lease *l)
{
	int64_t soon = clock_ms() + DEAF_MS;

	if (l->beat_ms > soon)
		l->beat_ms = soon;
}

void
lease_tick(struct lease *l, struct worker *w, struct slot_pool *slot_pool)
{
	int64_t now = clock_ms();

	if (!w->db_up)
		return;
	if (now >= l->beat_ms)
		lease_beat(l, w, slot_pool, now);
	if (now >= l->watch_ms)
		lease_watch(l, w, now);
}

int64_t
lease_next(const struct lease *l)
{
	return l->beat_ms < l->watch_ms ? l->beat_ms : l->watch_ms;
}
