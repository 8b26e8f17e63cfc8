#include "worker/supervisor/membership.h"

#include "core/clock.h"
#include "core/log.h"

#include <string.h>
#include <unistd.h>

#define PAUSE_MS 100
#define PAUSE_MAX_MS 800

void
membership_init(struct membership *l, const struct conf *c, int slots)
{
	memset(l, 0, sizeof(*l));
	l->db = db_open(c->db_conninfo, "platen_worker", "platen-worker-lock");
	random_bytes(&l->key, sizeof(l->key));
	l->slots = slots;
}

static enum rc
membership_acquire(struct membership *l, struct arena *a)
{
	struct rows r;
	enum rc rc;

	/* The schema must be ours before anything is written. */
	rc = db_ping(l->db);
	if (rc == E_CONFLICT && !l->unfit)
		log_warn("schema_unfit", "why", db_error_text(l->db));
	l->unfit = rc == E_CONFLICT;
	if (rc == OK)
		rc = db_one(l->db, a, NULL, Q_WORKER_LOCK, &r,
		    DB_ARGS(db_int(a, l->key)));
	if (rc != OK)
		return rc;
	l->backend = row_int(&r, 0, "backend");
	/* Our old connection may not have been given up yet. */
	return row_bool(&r, 0, "got") ? OK : E_CONFLICT;
}

static enum rc
membership_enlist(struct membership *l, struct worker *w)
{
	struct arena *a = &w->scratch;
	char host[256] = "unknown";

	gethostname(host, sizeof(host) - 1);
	return db_run(w->db, a, NULL, Q_WORKER_REGISTER, NULL,
	    DB_ARGS(w->id, db_int(a, l->key), host, db_int(a, getpid()),
		db_int(a, l->slots)));
}

bool
membership_take(struct membership *l, struct worker *w)
{
	int64_t now = clock_ms();
	enum rc rc;

	if (l->held || now < l->retry_ms)
		return l->held;
	l->pause_ms = l->pause_ms == 0 ? PAUSE_MS : l->pause_ms * 2;
	if (l->pause_ms > PAUSE_MAX_MS)
		l->pause_ms = PAUSE_MAX_MS;
	l->retry_ms = now + l->pause_ms;
	rc = membership_acquire(l, &w->scratch);
	/* The row after the lock: a row without its lock means a death. */
	if (rc == OK)
		rc = membership_enlist(l, w);
	if (rc != OK) {
		log_debug("lock_not_taken", "why", db_error_text(l->db));
		return false;
	}
	l->held = true;
	l->times++;
	l->pause_ms = 0;
	log_debug("lock_taken");
	return true;
}

int
membership_fd(struct membership *l)
{
	return l->held ? db_socket(l->db) : -1;
}

void
membership_check(struct membership *l)
{
	membership_ask(l, Q_WORKER_BACKEND, DB_NONE);
}

void
membership_ask(struct membership *l, enum query q, struct db_args args)
{
	struct arena a;
	struct rows r;
	enum rc rc;

	arena_init(&a);
	/* Asking reads what came; db connects again if it must. */
	rc = db_one(l->db, &a, NULL, q, &r, args);
	l->held = rc == OK && row_int(&r, 0, "backend") == l->backend;
	arena_release(&a);
	if (!l->held)
		log_warn(
		    "lock_lost", "why", rc == OK ? NULL : db_error_text(l->db));
}

static void
membership_release(struct membership *l)
{
	db_close(l->db);
	l->db = NULL;
	l->held = false;
}

void
membership_leave(struct membership *l, struct worker *w)
{
	if (db_run(w->db, &w->scratch, NULL, Q_WORKER_LEAVE, NULL,
		DB_ARGS(w->id)) != OK)
		log_debug("leave_not_noted");
	membership_release(l);
}
