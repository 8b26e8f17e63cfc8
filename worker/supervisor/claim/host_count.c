#include "worker/supervisor/claim/host_count.h"

#include "core/clock.h"
#include "core/log.h"

/* A count ends itself in time; this much later it is stopped, ms. */
#define GRACE_MS 5000

enum rc
host_count_claim(
    struct worker *w, const char *hostname, struct running_job **out)
{
	struct running_job *work =
	    running_job_new(&duty_host, hostname, LANE_ANALYZE);
	struct rows r;
	enum rc rc;

	rc = db_one(w->db, &w->scratch, NULL, Q_HOST_CLAIM, &r,
	    DB_ARGS(hostname, w->id,
		db_int(&w->scratch, w->conf->worker_lease_seconds)));
	if (rc != OK) {
		running_job_free(work);
		return rc;
	}
	work->attempt = (int)row_int(&r, 0, "attempt");
	work->type = LANE_ANALYZE;
	work->limit_ms = clock_ms() +
			 (int64_t)w->conf->worker_count_seconds * 1000 +
			 GRACE_MS;
	log_info("counting", "host", hostname);
	*out = work;
	return OK;
}

static void
host_count_publish(
    struct worker *w, const struct running_job *work, bool complete)
{
	struct json_object *o = json_new(&w->scratch);
	redisReply *reply;

	json_put_str(o, "hostname", work->id);
	json_put_num(o, "urlsCount", work->urls);
	json_put_flag(o, "isComplete", complete);
	if (work->outcome.error != NULL)
		json_put_str(o, "error", work->outcome.error);
	if (!worker_redis(w))
		return;
	if (worker_heard(w, redis_do(w->redis, &w->scratch, &reply,
				"PUBLISH " CHANNEL_HOST "%s %s", work->id,
				json_text(o))) != OK)
		log_debug("count_not_told", "host", work->id);
}

static void
host_count_tell(struct worker *w, struct running_job *work)
{
	host_count_publish(w, work, work->counted);
}

/* host_count_counted: the number is known; the job may go on to measure. */
static enum rc
host_count_counted(struct worker *w, struct running_job *work)
{
	struct arena *a = &w->scratch;
	struct rows r;
	enum rc rc;

	rc = db_one(w->db, a, NULL, Q_HOST_COUNTED, &r,
	    DB_ARGS(work->id, db_int(a, work->attempt), db_int(a, work->urls),
		work->detail));
	if (rc == OK && !work->counted) {
		work->counted = true;
		host_count_publish(w, work, true);
	}
	return rc == E_NOTFOUND ? E_LATE : rc;
}

static enum rc
host_count_keep(struct worker *w, struct running_job *work)
{
	struct arena *a = &w->scratch;
	struct rows r;
	enum rc rc;

	if (work->complete)
		return host_count_counted(w, work);
	rc = db_one(w->db, a, NULL, Q_HOST_PROGRESS, &r,
	    DB_ARGS(work->id, db_int(a, work->attempt), db_int(a, work->urls)));
	return rc == E_NOTFOUND ? E_LATE : rc;
}

static enum rc
host_count_finish(struct worker *w, struct running_job *work, const char *error)
{
	struct arena *a = &w->scratch;
	struct rows r;

	return db_one(w->db, a, NULL, Q_HOST_FINISH, &r,
	    DB_ARGS(work->id, db_int(a, work->attempt), db_int(a, work->urls),
		error, work->detail));
}

void
host_count_requeue(struct worker *w, const struct rows *rows)
{
	for (int i = 0; i < rows->n && worker_redis(w); i++) {
		const char *host = row_text(rows, i, "hostname");
		struct queue_item item = {host, host, true};

		if (worker_heard(w, queue_fill(w->redis, &w->scratch,
					LANE_ANALYZE, &item, 1, NULL)) != OK)
			log_debug("host_not_requeued", "host", host);
	}
}

static enum rc
hand_back(struct worker *w, struct running_job *work)
{
	struct arena *a = &w->scratch;
	bool crash = work->end == JOB_CRASHED;
	struct rows r;
	enum rc rc;

	rc = db_one(w->db, a, NULL, Q_HOST_HAND_BACK, &r,
	    DB_ARGS(work->id, db_int(a, work->attempt), crash ? "1" : "0",
		db_int(a, w->conf->worker_attempts)));
	if (rc == OK)
		host_count_requeue(w, &r);
	/* It crashed too often. */
	if (rc == E_NOTFOUND && crash)
		rc = host_count_finish(w, work, work->outcome.error);
	return rc;
}

static enum rc
close_work(struct worker *w, struct running_job *work)
{
	bool back = work->end == JOB_HANDED_BACK || work->end == JOB_CRASHED;
	enum rc rc;

	/* What was counted stays, whatever became of the measuring. */
	if (work->counted)
		rc = host_count_finish(w, work, NULL);
	else
		rc = back ? hand_back(w, work)
			  : host_count_finish(w, work,
				work->end == JOB_FAILED ? work->outcome.error
							: NULL);
	if (rc == E_NOTFOUND)
		return E_LATE;
	if (rc != OK)
		return rc;
	if (back && !work->counted)
		return OK;
	log_info("counted", "host", work->id, "urls", log_num(work->urls),
	    "error", work->outcome.error);
	host_count_publish(w, work, work->counted || work->end == JOB_DONE);
	return OK;
}

const struct duty duty_host = {
    .tell = host_count_tell,
    .keep = host_count_keep,
    .close = close_work,
};
