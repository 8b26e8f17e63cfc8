#include "worker/supervisor/retention.h"

#include "core/log.h"

/*
 * Generations removed at a time, with their files: no lock is held for long,
 * and the answer comes in time.
 */
#define BATCH 50

/* *more: so many that there may be others. */
static enum rc
old_generations(struct worker *w, bool *more)
{
	struct arena *a = &w->scratch;
	const char *days = db_int(a, w->conf->retention_generation_days);
	struct rows r;
	enum rc rc;

	*more = false;
	if (w->conf->retention_generation_days == 0)
		return OK;
	rc = db_run(w->db, a, NULL, Q_RETAIN_GENERATIONS, &r,
	    DB_ARGS(days, db_int(a, BATCH)));
	*more = rc == OK && r.n == BATCH;
	return rc;
}

static enum rc
the_rest(struct worker *w)
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

bool
retention_run(struct worker *w)
{
	bool more;
	enum rc rc = old_generations(w, &more);

	if (rc == OK && !more)
		rc = the_rest(w);
	if (rc != OK)
		log_warn("retention_failed", "why", db_error_text(w->db));
	return more;
}
