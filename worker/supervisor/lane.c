#include "worker/supervisor/lane.h"

#include "core/clock.h"
#include "core/log.h"

#include <limits.h>
#include <string.h>

/* Redis forgets a pause to the ms; we look a little later. */
#define SLACK_MS 15

void
lanes_init(struct lanes *l, const char *const *names)
{
	memset(l, 0, sizeof(*l));
	for (; names[l->n] != NULL; l->n++) {
		if (l->n == LANES_MAX)
			BUG("more than %d lanes", LANES_MAX);
		l->v[l->n].name = names[l->n];
	}
}

void
lanes_wake(struct lanes *l, const char *name)
{
	if (name == NULL || strcmp(name, LANE_ANALYZE) == 0)
		l->analyze_dry = false;
	if (name == NULL || strcmp(name, LANE_PROBE) == 0)
		l->probe_dry = false;
	for (int i = 0; i < l->n; i++)
		if (name == NULL || strcmp(name, l->v[i].name) == 0)
			l->v[i].dry = false;
}

static int
running_in_lane(const struct slot_pool *slot_pool, const char *lane)
{
	int n = 0;

	for (int i = 0; i < slot_pool->n; i++) {
		const struct slot *s = &slot_pool->slots[i];

		if (s->kind != SLOT_COUNTS && s->work != NULL &&
		    strcmp(s->work->lane, lane) == 0)
			n++;
	}
	return n;
}

struct lane *
lanes_pick(struct lanes *l, const struct slot_pool *slot_pool)
{
	struct lane *best = NULL;
	int fewest = INT_MAX;

	for (int i = 0; i < l->n; i++) {
		struct lane *lane = &l->v[(l->turn + i) % l->n];
		int n;

		if (lane->dry)
			continue;
		n = running_in_lane(slot_pool, lane->name);
		if (n < fewest) {
			fewest = n;
			best = lane;
		}
	}
	if (l->n > 0)
		l->turn = (l->turn + 1) % l->n;
	return best;
}

struct lane *
lanes_next(struct lanes *l, const struct lane *last)
{
	for (int i = last == NULL ? 0 : (int)(last - l->v) + 1; i < l->n; i++)
		if (!l->v[i].dry)
			return &l->v[i];
	return NULL;
}

/*
 * What a row says of a lane, to Redis; a lane without a row is open.  Another
 * process may have told Redis something newer since the row was read: the
 * next round mends that, and the claim does not rely on it.
 */
static enum rc
copy_state(struct worker *w, const char *name, const struct rows *r, int row)
{
	bool forever = row >= 0 && row_null(r, row, "left_ms");
	int64_t left = row >= 0 ? row_int(r, row, "left_ms") : 0;

	if (row < 0 || !row_bool(r, row, "stopped"))
		return worker_heard(
		    w, queue_resume(w->redis, &w->scratch, name));
	return worker_heard(
	    w, queue_pause(w->redis, &w->scratch, name, forever ? 0 : left));
}

static int
find_row(const struct rows *r, const char *name)
{
	for (int i = 0; i < r->n; i++)
		if (strcmp(row_text(r, i, "name"), name) == 0)
			return i;
	return -1;
}

/* The first of those that will open by themselves. */
static int64_t
first_to_open(const struct rows *r)
{
	int64_t first = 0, now = clock_ms();

	for (int i = 0; i < r->n; i++) {
		int64_t at = now + row_int(r, i, "left_ms") + SLACK_MS;

		if (row_bool(r, i, "stopped") && !row_null(r, i, "left_ms") &&
		    (first == 0 || at < first))
			first = at;
	}
	return first;
}

enum rc
lanes_sync(struct lanes *l, struct worker *w, int64_t *open_ms)
{
	struct rows r;
	enum rc rc;

	rc = db_run(w->db, &w->scratch, NULL, Q_LANE_STATES, &r, DB_NONE);
	if (rc != OK)
		return rc;
	*open_ms = first_to_open(&r);
	rc = copy_state(w, LANE_ANALYZE, &r, find_row(&r, LANE_ANALYZE));
	for (int i = 0; rc == OK && i < l->n; i++) {
		int row = find_row(&r, l->v[i].name);

		l->v[i].limited = row >= 0 && !row_null(&r, row, "parallel");
		l->v[i].per_minute = row < 0 || row_null(&r, row, "per_minute")
					 ? 0
					 : (long)row_int(&r, row, "per_minute");
		rc = copy_state(w, l->v[i].name, &r, row);
	}
	return rc;
}

enum rc
lane_park(struct worker *w, const char *name, int64_t ms, const char *why)
{
	struct arena *a = &w->scratch;
	enum rc rc;

	rc = db_run(w->db, a, NULL, Q_LANE_PARK, NULL,
	    DB_ARGS(name, db_int(a, ms), why));
	if (rc != OK)
		return rc;
	log_warn("lane_parked", "lane", name, "ms", log_num(ms), "why", why);
	/* Redis is told at the next sweep if not now; the claim knows. */
	if (worker_redis(w) &&
	    worker_heard(w, queue_pause(w->redis, a, name, ms)) != OK)
		log_debug("lane_not_shut", "lane", name);
	return OK;
}

enum rc
lane_call(struct worker *w, const char *name, long *wait)
{
	const struct lanes *l = w->lanes;
	long per_minute = 0;
	long long ms = 0;
	enum rc rc = OK;

	for (int i = 0; i < l->n; i++)
		if (strcmp(l->v[i].name, name) == 0)
			per_minute = l->v[i].per_minute;
	if (per_minute > 0 && !worker_redis(w))
		return E_UNAVAILABLE;
	if (per_minute > 0)
		rc = worker_heard(w, queue_reserve_call(w->redis, &w->scratch,
					 name, per_minute, &ms));
	*wait = (long)ms;
	return rc;
}

void
lane_left(struct worker *w, const char *name)
{
	const struct lanes *l = w->lanes;

	for (int i = 0; i < l->n; i++)
		if (l->v[i].limited && strcmp(l->v[i].name, name) == 0 &&
		    worker_redis(w) &&
		    worker_heard(w, queue_wake(w->redis, &w->scratch, name)) !=
			OK)
			log_debug("lane_not_woken", "lane", name);
}

const char *
lanes_names(const struct lanes *l, struct arena *a)
{
	const char *names[LANES_MAX];

	for (int i = 0; i < l->n; i++)
		names[i] = l->v[i].name;
	return pg_array(a, names, (size_t)l->n);
}
