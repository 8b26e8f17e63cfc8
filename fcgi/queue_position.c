#include "fcgi/queue_position.h"

#include "core/order.h"
#include "core/queue.h"
#include "fcgi/request.h"
#include "fcgi/datetime.h"

#include <math.h>
#include <stdlib.h>

/* So many before it are counted; behind them it is days anyway. */
#define WAITING_MAX 10000

/* What a lane is like; guessed where nothing was observed. */
struct lane_speed {
	double seconds;  /* of one generation */
	double per_unit; /* of one page */
	double start;    /* added once where only per_unit is known */
	long long active;
};

static void
lane_load(struct request *rq, const char *name, const char *type,
    struct lane_speed *out)
{
	const struct order_provider *p = order_provider_find(name);
	const struct ordertype *t = order_type(type);
	struct rows r;

	if (p == NULL)
		p = &order_providers[0];
	out->start = p->start;
	out->per_unit = p->per_unit * (t == NULL ? 1 : t->unit_cost);
	out->seconds = p->start;
	if (t != NULL)
		out->seconds += (double)t->usual_units * out->per_unit;
	out->active = 0;
	if (db_one(rq->db, rq->arena, NULL, Q_LANE_STATS, &r,
		DB_ARGS(name, type)) != OK)
		return;
	out->active = row_int(&r, 0, "active");
	if (row_null(&r, 0, "p50"))
		return;
	out->seconds = row_double(&r, 0, "p50");
	out->per_unit = row_double(&r, 0, "unit_p50");
	out->start = 0;
}

/* The workers: their slots, those for relief apart, and what runs in them. */
struct shifts {
	long long slots;
	long long relief;
	double relief_after; /* a slot is busy for long then, seconds */
	struct rows running; /* of query "running", the oldest first */
};

static void
workers_load(struct request *rq, struct shifts *s)
{
	struct rows r;

	*s = (struct shifts){.relief_after = rq->conf->worker_relief_seconds};
	if (db_one(rq->db, rq->arena, NULL, Q_WORKER_SLOTS, &r, DB_NONE) ==
	    OK) {
		s->slots = row_int(&r, 0, "slots");
		s->relief =
		    row_int(&r, 0, "workers") * rq->conf->worker_relief_slots;
	}
	if (db_run(rq->db, rq->arena, NULL, Q_RUNNING, &s->running,
		DB_ARGS(rq->session.account)) != OK)
		s->running = (struct rows){0};
}

/* How long one that runs will go on: by its progress, or as others took. */
static double
remaining_seconds(const struct rows *r, int i, const struct lane_speed *l)
{
	double since = row_double(r, i, "since");

	if (!row_null(r, i, "remaining"))
		return row_double(r, i, "remaining");
	/* One that is over its time already is likely to take a while more. */
	return since < l->seconds ? l->seconds - since : since / 4 + 1;
}

static int
compare_times(const void *x, const void *y)
{
	const double *a = x, *b = y;

	return (*a > *b) - (*a < *b);
}

/*
 * until_slot: when the usual slots have taken all that stand before it; each
 * of those is thought to take as long as its lane's usually do.
 */
static double
until_slot(struct request *rq, const struct shifts *s,
    const struct lane_speed *l, long long position)
{
	int n = s->slots < 1 ? 1 : (int)s->slots;
	double *ends = arena_array(rq->arena, (size_t)n, sizeof(*ends));

	/* The youngest of too many are in slots for relief. */
	for (int i = 0; i < n && i < s->running.n; i++)
		ends[i] = remaining_seconds(&s->running, i, l);
	qsort(ends, (size_t)n, sizeof(*ends), compare_times);
	for (long long i = 1; i < position && i < WAITING_MAX; i++) {
		ends[0] += l->seconds;
		/* To its place again: the others are in order. */
		for (int k = 0; k + 1 < n && ends[k] > ends[k + 1]; k++) {
			double later = ends[k];

			ends[k] = ends[k + 1];
			ends[k + 1] = later;
		}
	}
	return ends[0];
}

/*
 * until_relief: when a slot for relief takes it; INFINITY: none will.  As the
 * supervisor has it: once every usual slot is busy for long; nobody gets two
 * in a row; the last one is for those who have nothing running.
 */
static double
until_relief(const struct shifts *s, long long position)
{
	long long left = s->slots + s->relief - s->running.n;
	double youngest = 0, own = INFINITY;

	if (s->running.n < s->slots || position > left)
		return INFINITY;
	for (int i = 0; i < s->running.n; i++) {
		double since = row_double(&s->running, i, "since");

		if (i < s->slots)
			youngest = since;
		if (row_bool(&s->running, i, "mine") && since < own)
			own = since;
	}
	if (own < INFINITY && left <= position)
		return INFINITY;
	if (own < youngest)
		youngest = own;
	return s->relief_after > youngest ? s->relief_after - youngest : 0;
}

static double
seconds_until(struct request *rq, const struct shifts *s,
    const struct lane_speed *l, long long position)
{
	double slot = until_slot(rq, s, l, position);
	double relief = until_relief(s, position);

	return slot < relief ? slot : relief;
}

static void
lane_stop_find(struct request *rq, const char *lane, struct queue_position *out)
{
	struct rows r;

	out->stopped = out->until = NULL;
	if (db_one(rq->db, rq->arena, NULL, Q_LANE_STOPPED, &r,
		DB_ARGS(lane)) != OK)
		return;
	out->stopped = row_text(&r, 0, "reason");
	if (row_null(&r, 0, "until"))
		return;
	out->until = row_text(&r, 0, "until");
	out->seconds += row_double(&r, 0, "left_seconds");
}

void
queue_position_estimate(struct request *rq, const char *id, const char *lane,
    const char *type, struct queue_position *out)
{
	struct shifts s;
	struct lane_speed l;

	lane_load(rq, lane, type, &l);
	workers_load(rq, &s);
	out->position = out->length = 0;
	out->known = queue_position(rq->redis, rq->arena, lane, id,
			 &out->position, &out->length) == OK;
	/* On its way from the lane to a worker, or back: it is next. */
	if (out->position < 1)
		out->position = 1;
	if (out->length < out->position)
		out->length = out->position;
	out->active = l.active;
	out->slots = s.slots;
	out->seconds = seconds_until(rq, &s, &l, out->position);
	lane_stop_find(rq, lane, out);
}

struct json_object *
queue_position_json(const struct queue_position *w)
{
	struct json_object *o = json_object_new_object();

	json_put(o, "position",
	    w->known ? json_object_new_int64(w->position) : NULL);
	json_put(o, "queueLength",
	    w->known ? json_object_new_int64(w->length) : NULL);
	json_put_num(o, "activeJobs", w->active);
	json_put_num(o, "estimatedMinutes", (int64_t)ceil(w->seconds / 60));
	return o;
}

static const char *
stop_text(struct request *rq, const struct queue_position *w)
{
	if (w->until == NULL)
		return arena_printf(rq->arena,
		    "The administrator has paused this queue%s%s. Your place "
		    "is kept.",
		    *w->stopped ? ": " : "", w->stopped);
	return arena_printf(rq->arena,
	    "Paused: %s Your place in the queue is kept; work resumes after",
	    w->stopped);
}

const char *
queue_position_text(struct request *rq, const struct queue_position *w)
{
	if (w->stopped != NULL)
		return stop_text(rq, w);
	if (w->slots == 0)
		return "The service is temporarily not processing anything. "
		       "Your file will start as soon as it resumes.";
	if (!w->known)
		return "Waiting in the queue.";
	if (w->seconds < 1)
		return "Next in the queue; starting now.";
	return arena_printf(rq->arena,
	    "Position %lld of %lld in the queue. Starts in %s.", w->position,
	    w->length, datetime_span(rq->arena, w->seconds));
}

double
queue_position_run_seconds(
    struct request *rq, const char *lane, const char *type, long units)
{
	struct lane_speed l;

	lane_load(rq, lane, type, &l);
	return l.start + (double)units * l.per_unit;
}
