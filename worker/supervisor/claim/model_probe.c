#include "worker/supervisor/claim/model_probe.h"

#include "core/clock.h"
#include "core/log.h"

/* Over model.probe_ms: to start, connect and tell, ms. */
#define GRACE_MS 8000

enum rc
model_probe_claim(
    struct worker *w, const char *provider, struct running_job **out)
{
	struct arena *a = &w->scratch;
	int64_t limit = (int64_t)w->conf->model_probe_ms +
			w->conf->model_connect_ms + GRACE_MS;
	struct running_job *work;
	struct rows r;
	enum rc rc;

	rc = db_one(w->db, a, NULL, Q_PROBE_CLAIM, &r,
	    DB_ARGS(provider, db_int(a, limit / 1000 + 1)));
	if (rc != OK)
		return rc;
	work = running_job_new(&duty_probe, provider, LANE_PROBE);
	work->attempt = (int)row_int(&r, 0, "attempt");
	work->type = LANE_PROBE;
	work->limit_ms = clock_ms() + limit;
	log_info("probing", "provider", provider);
	*out = work;
	return OK;
}

enum rc
model_probe_fill(struct worker *w)
{
	struct arena *a = &w->scratch;
	struct rows r;
	enum rc rc;

	rc = db_run(w->db, a, NULL, Q_PROBE_DUE, &r, DB_NONE);
	for (int i = 0; rc == OK && i < r.n; i++) {
		const char *name = row_text(&r, i, "provider");
		struct queue_item item = {name, name, true};

		rc = worker_heard(
		    w, queue_fill(w->redis, a, LANE_PROBE, &item, 1, NULL));
	}
	return rc;
}

/* It is too short to be told about. */
static void
model_probe_tell(struct worker *w, struct running_job *work)
{
	(void)w;
	(void)work;
}

static enum rc
model_probe_keep(struct worker *w, struct running_job *work)
{
	(void)w;
	(void)work;
	return OK;
}

static enum rc
close_work(struct worker *w, struct running_job *work)
{
	struct arena *a = &w->scratch;
	const char *attempt = db_int(a, work->attempt);
	bool good = work->end == JOB_DONE;
	struct rows r;
	enum rc rc;

	if (work->end == JOB_HANDED_BACK)
		rc = db_one(w->db, a, NULL, Q_PROBE_HAND_BACK, &r,
		    DB_ARGS(work->id, attempt));
	else
		rc = db_one(w->db, a, NULL, Q_PROBE_FINISH, &r,
		    DB_ARGS(work->id, attempt, good ? "true" : "false",
			good ? "" : work->outcome.error));
	if (rc == E_NOTFOUND)
		return E_LATE;
	if (rc == OK)
		log_info("probed", "provider", work->id, "error",
		    good ? NULL : work->outcome.error);
	return rc;
}

const struct duty duty_probe = {
    .tell = model_probe_tell,
    .keep = model_probe_keep,
    .close = close_work,
};
