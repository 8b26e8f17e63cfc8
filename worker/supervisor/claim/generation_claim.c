#include "worker/supervisor/claim/generation_claim.h"

#include "core/clock.h"
#include "core/events.h"
#include "core/log.h"
#include "worker/supervisor/lane.h"
#include "worker/supervisor/artifacts.h"

#include <string.h>

#define BACKOFF_MAX_MS 3600000

/* ---- the claim ----------------------------------------------------------- */

static void
fill_in(struct worker *w, struct running_job *work)
{
	const struct rows *row = &work->row;
	int64_t now = clock_ms();

	work->attempt = (int)row_int(row, 0, "attempt");
	work->type = row_text(row, 0, "type");
	work->outcome.processed = row_int(row, 0, "processed");
	work->outcome.total = row_int(row, 0, "total");
	work->floor = work->outcome.processed;
	text_cut(work->stage, sizeof(work->stage), row_text(row, 0, "stage"));
	text_cut(
	    work->message, sizeof(work->message), row_text(row, 0, "message"));
	work->limit_ms = now + (int64_t)w->conf->worker_job_seconds * 1000;
	/* The claim itself was kept and told. */
	work->told_ms = now;
	work->kept_ms = now;
}

/*
 * Not to be had: for ever, or because of its lane?  Then it goes back into
 * that, and is the next again where the lane is open by now (E_NOTFOUND).
 */
static enum rc
lane_of_unclaimed(struct worker *w, const char *lane, const char *id)
{
	struct rows r;
	enum rc rc;

	rc = db_one(
	    w->db, &w->scratch, NULL, Q_GENERATION_HELD, &r, DB_ARGS(id));
	if (rc != OK)
		return rc;
	rc = worker_heard(w, queue_return(w->redis, &w->scratch, lane, id,
				 row_text(&r, 0, "account_id")));
	if (rc != OK)
		return rc;
	return row_bool(&r, 0, "open") ? E_NOTFOUND : E_LIMIT;
}

enum rc
generation_claim(struct worker *w, const char *lane, const char *id,
    struct running_job **out)
{
	struct running_job *work = running_job_new(&duty_generation, id, lane);
	enum rc rc;

	rc = db_one(w->db, &work->arena, NULL, Q_GENERATION_CLAIM, &work->row,
	    DB_ARGS(
		id, w->id, db_int(&w->scratch, w->conf->worker_lease_seconds)));
	if (rc != OK) {
		running_job_free(work);
		return rc == E_NOTFOUND ? lane_of_unclaimed(w, lane, id) : rc;
	}
	fill_in(w, work);
	log_info("started", "id", id, "type", work->type, "lane", lane,
	    "attempt", row_text(&work->row, 0, "attempt"));
	if (worker_announce(w, &work->row, 0, EVENT_STATUS) != OK)
		log_debug("start_not_announced", "id", id);
	*out = work;
	return OK;
}

/* ---- while it runs ------------------------------------------------------- */

static void
generation_tell(struct worker *w, struct running_job *work)
{
	const struct rows *row = &work->row;
	long eta = running_job_eta(work, clock_ms());
	struct event e = {
	    .kind = EVENT_PROGRESS,
	    .generation = work->id,
	    .account = row_text(row, 0, "account_id"),
	    .type = work->type,
	    .status = status_name(STATUS_PROCESSING),
	    .revision = row_int(row, 0, "revision"),
	    .metadata = generation_metadata(&w->scratch, row, 0),
	};

	if (!worker_redis(w))
		return;
	json_put_num(e.metadata, "processedUrls", work->outcome.processed);
	json_put_num(e.metadata, "totalUrls", work->outcome.total);
	json_put_str(e.metadata, "stage", work->stage);
	json_put_str(e.metadata, "message", work->message);
	if (eta >= 0)
		json_put_num(e.metadata, "etaSeconds", eta);
	if (worker_heard(w, events_publish(w->redis, &w->scratch, &e, NULL)) !=
	    OK)
		log_debug("progress_not_told", "id", work->id);
}

static enum rc
keep_progress(struct worker *w, struct running_job *work)
{
	struct arena *a = &w->scratch;
	struct rows r;

	return db_one(w->db, a, NULL, Q_GENERATION_PROGRESS, &r,
	    DB_ARGS(work->id, db_int(a, work->attempt),
		db_int(a, work->outcome.processed),
		db_int(a, work->outcome.total), work->stage, work->message));
}

static enum rc
generation_keep(struct worker *w, struct running_job *work)
{
	enum rc rc = keep_progress(w, work);
	int i;

	for (i = 0; rc == OK && i < work->nartifacts; i++) {
		if (!work->artifacts[i].fresh)
			continue;
		rc = artifacts_put(w, work, &work->artifacts[i]);
		work->artifacts[i].fresh = rc == E_UNAVAILABLE;
		/* A preview that cannot be read now will come again. */
		if (rc == E_INPUT || rc == E_TOOBIG)
			rc = OK;
	}
	if (rc == E_NOTFOUND)
		return E_LATE;
	return rc;
}

/* ---- its end ------------------------------------------------------------- */

static enum rc
finish_row(struct worker *w, struct running_job *work, struct rows *r)
{
	struct arena *a = &w->scratch;

	return db_one(w->db, a, NULL, Q_GENERATION_FINISH, r,
	    DB_ARGS(work->id, db_int(a, work->attempt),
		db_int(a, work->outcome.processed),
		db_int(a, work->outcome.total),
		work->outcome.entries > 0 ? db_int(a, work->outcome.entries)
					  : NULL,
		artifacts_json(a, work), work->message,
		work->outcome.tokens > 0 ? db_int(a, work->outcome.tokens)
					 : NULL));
}

#define MEGABYTE 1048576LL

/* Inside the transaction that put the results: are they too many by now? */
static enum rc
check_ceiling(struct worker *w, struct running_job *work)
{
	struct arena *a = &w->scratch;
	const struct conf *c = w->conf;
	long long account = c->storage_account_megabytes * MEGABYTE;
	long long total = c->storage_total_megabytes * MEGABYTE;
	struct rows r;
	enum rc rc;

	rc = db_one(w->db, a, NULL, Q_STORAGE_USE, &r,
	    DB_ARGS(row_text(&work->row, 0, "account_id"), db_int(a, total)));
	if (rc != OK)
		return rc;
	if (row_int(&r, 0, "own") > account)
		running_job_fail(work, true,
		    "With this file you would use %lld MB. The maximum for an "
		    "account is %d MB. Delete files you no longer need, then "
		    "try again.",
		    (long long)row_int(&r, 0, "own") / MEGABYTE,
		    c->storage_account_megabytes);
	else if (row_int(&r, 0, "total") > total)
		running_job_fail(work, true,
		    "The server has reached its storage limit of %d MB. Ask "
		    "the administrator to raise storage.total_megabytes, then "
		    "try again.",
		    c->storage_total_megabytes);
	else
		return OK;
	return E_TOOBIG;
}

static enum rc
generation_store(struct worker *w, struct running_job *work, struct rows *r)
{
	struct arena *a = &w->scratch;
	enum rc rc = OK;
	int i;

	for (i = 0; rc == OK && i < work->nartifacts; i++)
		if (!work->artifacts[i].partial)
			rc = artifacts_put(w, work, &work->artifacts[i]);
	if (rc == OK)
		rc = db_run(w->db, a, NULL, Q_ARTIFACT_PRUNE, NULL,
		    DB_ARGS(work->id, artifacts_names(a, work)));
	if (rc == OK)
		rc = check_ceiling(w, work);
	if (rc == OK)
		rc = finish_row(w, work, r);
	if (rc == OK && work->complete)
		rc = db_run(w->db, a, NULL, Q_HOST_LEARN, NULL,
		    DB_ARGS(row_text(r, 0, "hostname"), db_int(a, work->urls)));
	return rc;
}

static enum rc
generation_finish(struct worker *w, struct running_job *work, struct rows *r)
{
	enum rc rc;

	rc = db_begin(w->db, NULL, "worker", "finished");
	if (rc != OK)
		return rc;
	rc = generation_store(w, work, r);
	if (rc == OK)
		return db_commit(w->db);
	db_rollback(w->db);
	return rc;
}

/* The wait after so many failed tries (from 1). */
static int64_t
backoff_ms(const struct conf *c, int failures)
{
	int64_t ms = c->worker_backoff_ms;
	unsigned char dice;

	while (--failures > 0 && ms < BACKOFF_MAX_MS)
		ms *= 2;
	if (ms > BACKOFF_MAX_MS)
		ms = BACKOFF_MAX_MS;
	/* Between 3/4 and 5/4 of it, so that retries do not come in step. */
	random_bytes(&dice, 1);
	return ms * 3 / 4 + ms * dice / 510;
}

static enum rc
generation_fail(struct worker *w, struct running_job *work, struct rows *r)
{
	struct arena *a = &w->scratch;
	int failures = (int)row_int(&work->row, 0, "failures") + 1;
	int64_t wait = backoff_ms(w->conf, failures);
	enum rc rc;

	if (wait < work->outcome.after_ms)
		wait = work->outcome.after_ms;
	rc = db_one(w->db, a, NULL, Q_GENERATION_FAIL, r,
	    DB_ARGS(work->id, db_int(a, work->attempt),
		work->outcome.permanent ? "true" : "false",
		db_int(a, w->conf->worker_attempts), db_int(a, wait),
		work->outcome.error));
	if (rc == OK && status_is(row_text(r, 0, "status"), STATUS_PENDING))
		worker_due(w, wait);
	return rc;
}

static enum rc
hand_back(struct worker *w, struct running_job *work, struct rows *r)
{
	return db_one(w->db, &w->scratch, NULL, Q_GENERATION_HAND_BACK, r,
	    DB_ARGS(work->id, db_int(&w->scratch, work->attempt),
		"the worker stopped"));
}

static bool
generation_waits(const struct running_job *work)
{
	return work->end == JOB_FAILED && !work->outcome.permanent &&
	       work->outcome.quota_ms > 0;
}

/* Nobody of this provider can run: it waits with its lane. */
static enum rc
wait_with_lane(struct worker *w, struct running_job *work, struct rows *r)
{
	struct arena *a = &w->scratch;

	return db_one(w->db, a, NULL, Q_GENERATION_WAIT, r,
	    DB_ARGS(work->id, db_int(a, work->attempt), work->outcome.quota,
		db_int(a, w->conf->worker_quota_hours)));
}

/* The files are there but will not do: the sentence says why. */
static bool
is_bad_result(enum rc rc)
{
	return rc == E_INPUT || rc == E_TOOBIG;
}

static enum rc
generation_end(struct worker *w, struct running_job *work, struct rows *r)
{
	enum rc rc;

	if (work->end == JOB_DONE) {
		rc = generation_finish(w, work, r);
		if (!is_bad_result(rc))
			return rc;
	}
	if (work->end == JOB_HANDED_BACK)
		return hand_back(w, work, r);
	if (generation_waits(work))
		return wait_with_lane(w, work, r);
	return generation_fail(w, work, r);
}

static enum rc
close_work(struct worker *w, struct running_job *work)
{
	struct rows r;
	enum rc rc = OK;

	/* Before its end, so that what comes next finds the lane parked. */
	if (work->outcome.quota_ms > 0)
		rc = lane_park(
		    w, work->lane, work->outcome.quota_ms, work->outcome.quota);
	if (rc == OK)
		rc = generation_end(w, work, &r);
	if (rc == E_NOTFOUND)
		return E_LATE;
	if (rc != OK)
		return rc;
	lane_left(w, work->lane);
	log_info("ended", "id", work->id, "status", row_text(&r, 0, "status"),
	    "error", work->outcome.error);
	if (worker_announce(w, &r, 0, EVENT_STATUS) != OK)
		log_debug("end_not_announced", "id", work->id);
	/* Told first: whoever takes it next must not be told of before. */
	if (status_is(row_text(&r, 0, "status"), STATUS_PENDING) &&
	    (work->end == JOB_HANDED_BACK || generation_waits(work)))
		worker_requeue(w, &r, 0);
	return OK;
}

const struct duty duty_generation = {
    .tell = generation_tell,
    .keep = generation_keep,
    .close = close_work,
};
