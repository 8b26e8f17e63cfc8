#include "fcgi/wait.h"

#include "core/order.h"
#include "core/queue.h"
#include "fcgi/request.h"
#include "fcgi/when.h"

#include <math.h>

/* What a lane is like; guessed where nothing was observed. */
struct lane {
	double seconds;  /* of one generation */
	double per_unit; /* of one page */
	double start;    /* added once where only per_unit is known */
	long long active;
};

static void
look_at_lane(
    struct request *rq, const char *name, const char *type, struct lane *out)
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

static long long
count_slots(struct request *rq)
{
	struct rows r;

	if (db_one(rq->db, rq->arena, NULL, Q_WORKER_SLOTS, &r, DB_NONE) != OK)
		return 0;
	return row_int(&r, 0, "slots");
}

/* Slots take turns: each round of them lasts about one generation. */
static double
seconds_until(const struct lane *l, long long slots, long long position)
{
	long long ahead = l->active + position - 1;

	if (slots < 1)
		slots = 1;
	if (ahead < slots)
		return 0;
	return ceil((double)(ahead - slots + 1) / (double)slots) * l->seconds;
}

static void
look_for_stop(struct request *rq, const char *lane, struct wait *out)
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
wait_estimate(struct request *rq, const char *id, const char *lane,
    const char *type, struct wait *out)
{
	struct lane l;

	look_at_lane(rq, lane, type, &l);
	out->position = out->length = 0;
	out->known = queue_position(rq->redis, rq->arena, lane, id,
			 &out->position, &out->length) == OK;
	/* On its way from the lane to a worker, or back: it is next. */
	if (out->position < 1)
		out->position = 1;
	if (out->length < out->position)
		out->length = out->position;
	out->active = l.active;
	out->slots = count_slots(rq);
	out->seconds = seconds_until(&l, out->slots, out->position);
	look_for_stop(rq, lane, out);
}

struct json_object *
wait_json(const struct wait *w)
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
stop_text(struct request *rq, const struct wait *w)
{
	if (w->until == NULL)
		return arena_printf(rq->arena,
		    "The operator has stopped this queue for now%s%s. It "
		    "keeps its place.",
		    *w->stopped ? ": " : "", w->stopped);
	return arena_printf(
	    rq->arena, "%s It keeps its place and starts after", w->stopped);
}

const char *
wait_text(struct request *rq, const struct wait *w)
{
	if (w->stopped != NULL)
		return stop_text(rq, w);
	if (w->slots == 0)
		return "No worker is running just now. It starts as soon as "
		       "one is back.";
	if (!w->known)
		return "It is in the queue.";
	if (w->seconds < 1)
		return arena_printf(rq->arena,
		    "Number %lld in the queue. It starts at once.",
		    w->position);
	return arena_printf(rq->arena,
	    "Number %lld of %lld in the queue. It starts in %s.", w->position,
	    w->length, when_span(rq->arena, w->seconds));
}

double
wait_run_seconds(
    struct request *rq, const char *lane, const char *type, long units)
{
	struct lane l;

	look_at_lane(rq, lane, type, &l);
	return l.start + (double)units * l.per_unit;
}
