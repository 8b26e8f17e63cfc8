/* What /admin shows: lanes, providers, workers, failures. */
#include "core/order.h"
#include "core/text.h"
#include "fcgi/admin.h"
#include "fcgi/csrf.h"
#include "fcgi/request.h"
#include "fcgi/datetime.h"

#include <math.h>
#include <string.h>

#define FAILURES 10
/* A worker that was not heard for so long counts as away (seconds). */
#define WORKER_SECONDS 30

static int
find_row(const struct rows *r, const char *column, const char *name)
{
	for (int i = 0; i < r->n; i++)
		if (strcmp(row_text(r, i, column), name) == 0)
			return i;
	return -1;
}

static void
put_when(struct request *rq, struct json_object *o, const char *key,
    const struct rows *r, int row, const char *column)
{
	const char *at = row_text(r, row, column);

	json_put_str(o, key, at);
	json_put_str(o, arena_printf(rq->arena, "%sText", key),
	    datetime_text(rq->arena, at));
}

/* ---- lanes --------------------------------------------------------------- */

static void
put_counts(
    struct request *rq, struct json_object *o, const struct rows *r, int row)
{
	static const char *const names[] = {"waiting", "delayed", "active",
	    "completed", "failed", "canceled", "hour"};
	const char *oldest = NULL;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		int64_t n = row < 0 ? 0 : row_int(r, row, names[i]);

		json_put_num(o, names[i], n);
		json_put_str(o, arena_printf(rq->arena, "%sText", names[i]),
		    text_number(rq->arena, n));
	}
	if (row >= 0 && !row_null(r, row, "oldest"))
		oldest = datetime_span(rq->arena, row_double(r, row, "oldest"));
	json_put_str(o, "oldest", oldest);
}

/* Running, stopped by hand, or parked until some time. */
static void
put_state(
    struct request *rq, struct json_object *o, const struct rows *r, int row)
{
	bool stopped = row >= 0 && row_bool(r, row, "stopped");
	bool parked = stopped && !row_null(r, row, "until");

	json_put_flag(o, "stopped", stopped);
	json_put_str(o, "stateLabel",
	    parked    ? "Parked"
	    : stopped ? "Stopped"
		      : "Open");
	json_put_str(o, "stateClass",
	    parked    ? "pending"
	    : stopped ? "failed"
		      : "completed");
	json_put_str(o, "reason", stopped ? row_text(r, row, "reason") : NULL);
	if (parked)
		put_when(rq, o, "until", r, row, "until");
	if (row >= 0 && !row_null(r, row, "parallel"))
		json_put_str(o, "parallel",
		    text_number(rq->arena, row_int(r, row, "parallel")));
	if (row >= 0 && !row_null(r, row, "per_minute"))
		json_put_str(o, "perMinute",
		    text_number(rq->arena, row_int(r, row, "per_minute")));
}

static enum rc
put_lanes(struct request *rq, struct json_object *o)
{
	struct json_object *list = json_object_new_array(), *l;
	struct rows counts, hosts, states;
	struct admin_lane lane;
	enum rc rc;

	json_put(o, "lanes", list);
	rc = db_run(rq->db, rq->arena, rq->session.account, Q_ADMIN_LANES,
	    &counts, DB_NONE);
	if (rc == OK)
		rc = db_run(
		    rq->db, rq->arena, NULL, Q_ADMIN_HOSTS, &hosts, DB_NONE);
	if (rc == OK)
		rc = db_run(rq->db, rq->arena, NULL, Q_ADMIN_LANE_ROWS, &states,
		    DB_NONE);
	for (int i = 0; rc == OK && admin_lane_at(rq, i, &lane); i++) {
		l = json_object_new_object();
		json_put_str(l, "lane", lane.name);
		json_put_str(l, "label", lane.label);
		json_put_flag(l, "orders", lane.orders);
		json_put_flag(l, "ready", lane.ready);
		if (lane.orders)
			put_counts(rq, l, &counts,
			    find_row(&counts, "lane", lane.name));
		else
			put_counts(rq, l, &hosts, 0);
		put_state(rq, l, &states, find_row(&states, "name", lane.name));
		json_object_array_add(list, l);
	}
	return rc;
}

/* ---- providers ------------------------------------------------------------
 */

static void
put_probe(
    struct request *rq, struct json_object *o, const struct rows *r, int row)
{
	bool testing =
	    row >= 0 && strcmp(row_text(r, row, "state"), "done") != 0;

	json_put_flag(o, "testing", testing);
	if (row < 0 || testing || row_null(r, row, "done"))
		return;
	json_put_flag(o, "tested", true);
	json_put_flag(o, "good", row_bool(r, row, "good"));
	json_put_str(o, "why", row_text(r, row, "why"));
	put_when(rq, o, "done", r, row, "done");
}

static enum rc
put_providers(struct request *rq, struct json_object *o)
{
	struct json_object *list = json_object_new_array(), *p;
	struct admin_lane lane;
	struct rows r;
	enum rc rc;

	json_put(o, "providers", list);
	rc = db_run(rq->db, rq->arena, NULL, Q_ADMIN_PROBES, &r, DB_NONE);
	for (int i = 0; rc == OK && admin_lane_at(rq, i, &lane); i++) {
		if (!lane.probed)
			continue;
		p = json_object_new_object();
		json_put_str(p, "provider", lane.name);
		json_put_str(p, "label", lane.label);
		json_put_flag(p, "ready", lane.ready);
		json_put_str(p, "model",
		    conf_text(rq->conf,
			arena_printf(rq->arena, "%s.model", lane.name)));
		json_put_str(p, "setting", order_provider_find(lane.name)->key);
		if (lane.ready)
			put_probe(
			    rq, p, &r, find_row(&r, "provider", lane.name));
		json_object_array_add(list, p);
	}
	return rc;
}

/* ---- workers and failures --------------------------------------------------
 */

static enum rc
put_workers(struct request *rq, struct json_object *o)
{
	struct json_object *list = json_object_new_array(), *w;
	struct rows r;
	enum rc rc;

	json_put(o, "workers", list);
	rc = db_run(rq->db, rq->arena, rq->session.account, Q_ADMIN_WORKERS, &r,
	    DB_NONE);
	if (rc != OK)
		return rc;
	for (int i = 0; i < r.n; i++) {
		double age = row_double(&r, i, "age");

		w = json_object_new_object();
		json_put_str(w, "host", row_text(&r, i, "host"));
		json_put_num(w, "pid", row_int(&r, i, "pid"));
		json_put_num(w, "slots", row_int(&r, i, "slots"));
		json_put_num(w, "active", row_int(&r, i, "active"));
		json_put_flag(w, "alive", age < WORKER_SECONDS);
		json_put_str(w, "heard",
		    arena_printf(rq->arena, "%.0f s ago", floor(age)));
		put_when(rq, w, "started", &r, i, "started");
		json_object_array_add(list, w);
	}
	json_put_flag(o, "anyWorker", r.n > 0);
	return OK;
}

static const char *
type_label(const char *name)
{
	const struct ordertype *t = order_type(name);

	return t == NULL ? name : t->label;
}

static const char *
lane_label(const char *name)
{
	const struct order_provider *p = order_provider_find(name);

	return p == NULL ? name : p->label;
}

static enum rc
put_failures(struct request *rq, struct json_object *o)
{
	struct json_object *list = json_object_new_array(), *f;
	struct rows r;
	enum rc rc;

	json_put(o, "failures", list);
	rc = db_run(rq->db, rq->arena, rq->session.account, Q_ADMIN_FAILURES,
	    &r, DB_ARGS(db_int(rq->arena, FAILURES)));
	if (rc != OK)
		return rc;
	for (int i = 0; i < r.n; i++) {
		const char *host = row_text(&r, i, "hostname");

		f = json_object_new_object();
		json_put_str(f, "id", row_text(&r, i, "id"));
		json_put_str(
		    f, "name", *host ? host : row_text(&r, i, "prompt"));
		json_put_str(
		    f, "typeLabel", type_label(row_text(&r, i, "type")));
		json_put_str(
		    f, "lane", lane_label(row_text(&r, i, "provider")));
		json_put_str(f, "error", row_text(&r, i, "error"));
		put_when(rq, f, "ended", &r, i, "ended");
		json_object_array_add(list, f);
	}
	json_put_flag(o, "anyFailure", r.n > 0);
	return OK;
}

/* The sum of a count over all lanes of orders, for people. */
static void
put_sum(struct request *rq, struct json_object *o, struct json_object *lanes,
    const char *key)
{
	int64_t n = 0;

	for (size_t i = 0; i < json_object_array_length(lanes); i++) {
		struct json_object *l = json_object_array_get_idx(lanes, i);

		if (json_flag(l, "orders", false))
			n += json_num(l, key, 0);
	}
	json_put_str(o, key, text_number(rq->arena, n));
}

enum rc
admin_model(struct request *rq, struct json_object *o)
{
	struct json_object *lanes;
	enum rc rc;

	json_put_str(o, "csrf", csrf_field(rq));
	if ((rc = put_lanes(rq, o)) != OK ||
	    (rc = put_providers(rq, o)) != OK ||
	    (rc = put_workers(rq, o)) != OK || (rc = put_failures(rq, o)) != OK)
		return rc;
	lanes = json_sub(o, "lanes");
	put_sum(rq, o, lanes, "completed");
	put_sum(rq, o, lanes, "failed");
	put_sum(rq, o, lanes, "canceled");
	return OK;
}
