#include "worker/retain.h"

#include "core/log.h"

/* Generations removed at a time, so that no lock is held for long. */
#define BATCH 200
#define BATCHES 50

static enum rc
old_generations(struct worker *w)
{
	struct arena *a = &w->scratch;
	const char *days = db_int(a, w->conf->retention_generation_days);
	enum rc rc = OK;
	struct rows r = {.n = BATCH};

	if (w->conf->retention_generation_days == 0)
		return OK;
	for (int i = 0; rc == OK && r.n == BATCH && i < BATCHES; i++)
		rc = db_run(w->db, a, NULL, Q_RETAIN_GENERATIONS, &r,
		    DB_ARGS(days, db_int(a, BATCH)));
	return rc;
}

void
retain(struct worker *w)
{
	struct arena *a = &w->scratch;
	const struct conf *c = w->conf;
	enum rc rc;

	rc = db_run(w->db, a, NULL, Q_RETAIN_SESSIONS, NULL, DB_NONE);
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
		rc = old_generations(w);
	if (rc == OK)
		rc = db_run(w->db, a, NULL, Q_RETAIN_GUESTS, NULL,
		    DB_ARGS(db_int(a, c->retention_guest_days)));
	if (rc != OK)
		log_warn("retention_failed", "why", db_why(w->db));
}
