#include "cli/migrate.h"

#include "core/clock.h"
#include "core/db.h"
#include "core/log.h"

#include <stdbool.h>
#include <string.h>
#include <unistd.h>

/* How long to wait for another migrator, ms, and how often to ask. */
#define LOCK_WAIT_MS 60000
#define LOCK_ASK_US 100000

struct migrator {
	struct arena *arena;
	struct db *db;
	const struct migration *list;
	struct migrate_report *out;
};

static enum rc
migrator_refuse(struct migrator *m, enum rc rc, const char *why)
{
	m->out->why = why;
	return rc;
}

/* The server said no. */
static enum rc
migrator_failed(struct migrator *m, enum rc rc, const char *what)
{
	return migrator_refuse(m, rc,
	    arena_printf(m->arena, "%s: %s", what,
		*db_error_text(m->db) ? db_error_text(m->db) : rc_name(rc)));
}

static enum rc
migrator_query(struct migrator *m, enum query q, struct rows *rows)
{
	enum rc rc;

	rc = db_run(m->db, m->arena, NULL, q, rows, DB_NONE);
	return rc == OK ? OK : migrator_failed(m, rc, "the database says");
}

static enum rc
take_lock(struct migrator *m)
{
	int64_t until = clock_ms() + LOCK_WAIT_MS;
	bool told = false;
	struct rows r;
	enum rc rc;

	for (;;) {
		rc = migrator_query(m, Q_MIGRATION_LOCK, &r);
		if (rc != OK || row_bool(&r, 0, "mine"))
			return rc;
		if (clock_ms() > until)
			return migrator_refuse(m, E_UNAVAILABLE,
			    "another `platen migrate` works on this database");
		if (!told)
			log_info("migrate_waits", "for", "another migrator");
		told = true;
		usleep(LOCK_ASK_US);
	}
}

/* What the database has must be what we know, number for number. */
static enum rc
compare_migrations(struct migrator *m, const struct rows *r)
{
	const struct migration *known = m->list;
	int i;

	for (i = 0; i < r->n; i++, known++) {
		if (known->number == 0)
			return migrator_refuse(m, E_CONFLICT,
			    arena_printf(m->arena,
				"the database has schema %lld, newer than the "
				"%d of this build: use a newer platen",
				(long long)row_int(r, r->n - 1, "number"), i));
		if (row_int(r, i, "number") != known->number)
			return migrator_refuse(m, E_CONFLICT,
			    arena_printf(m->arena,
				"migration %d is missing in the database, "
				"though a later one is there",
				known->number));
		if (strcmp(row_text(r, i, "sha256"), known->sha256) != 0)
			return migrator_refuse(m, E_CONFLICT,
			    arena_printf(m->arena,
				"migration %d (%s) has changed since it was "
				"applied: put its old text back and write a "
				"new migration instead",
				known->number, known->name));
	}
	m->out->from = m->out->to = r->n;
	return OK;
}

static enum rc
read_migrations(struct migrator *m)
{
	struct rows r;
	enum rc rc;

	m->out->from = m->out->to = 0;
	rc = migrator_query(m, Q_MIGRATION_KNOWN, &r);
	if (rc != OK || !row_bool(&r, 0, "known"))
		return rc;
	rc = migrator_query(m, Q_MIGRATION_LIST, &r);
	return rc == OK ? compare_migrations(m, &r) : rc;
}

static enum rc
prepare_table(struct migrator *m)
{
	enum rc rc;

	rc = migrator_query(m, Q_MIGRATION_SCHEMA, NULL);
	return rc == OK ? migrator_query(m, Q_MIGRATION_TABLE, NULL) : rc;
}

static enum rc
apply_migration(struct migrator *m, const struct migration *mig)
{
	const char *what =
	    arena_printf(m->arena, "migration %d (%s)", mig->number, mig->name);
	enum rc rc;

	rc = db_begin(m->db, NULL, "migrate", NULL);
	if (rc != OK)
		return migrator_failed(m, rc, what);
	rc = db_script(m->db, mig->sql);
	if (rc == OK)
		rc = db_run(m->db, m->arena, NULL, Q_MIGRATION_NOTE, NULL,
		    DB_ARGS(
			db_int(m->arena, mig->number), mig->name, mig->sha256));
	if (rc == OK)
		rc = db_commit(m->db);
	if (rc != OK) {
		rc = migrator_failed(m, rc, what);
		db_rollback(m->db);
		return rc;
	}
	m->out->to = mig->number;
	log_info("migrated", "number", log_num(mig->number), "name", mig->name);
	return OK;
}

static enum rc
apply_missing(struct migrator *m)
{
	int i, have = m->out->from;
	enum rc rc = OK;

	if (m->list[have].number != 0)
		rc = prepare_table(m);
	for (i = have; rc == OK && m->list[i].number != 0; i++)
		rc = apply_migration(m, &m->list[i]);
	return rc;
}

enum rc
migrate_run(struct arena *a, const struct conf *c, const struct migration *list,
    struct migrate_report *out)
{
	struct migrator m = {a, NULL, list, out};
	enum rc rc;

	*out = (struct migrate_report){0, 0, NULL};
	m.db = db_open(c->db_conninfo, c->db_owner, "platen migrate");
	rc = take_lock(&m);
	if (rc == OK)
		rc = read_migrations(&m);
	if (rc == OK)
		rc = apply_missing(&m);
	db_close(m.db);
	return rc;
}

enum rc
migrate_check(struct arena *a, const struct conf *c,
    const struct migration *list, struct migrate_report *out)
{
	struct migrator m = {a, NULL, list, out};
	enum rc rc;

	*out = (struct migrate_report){0, 0, NULL};
	m.db = db_open(c->db_conninfo, c->db_owner, "platen migrate");
	rc = read_migrations(&m);
	db_close(m.db);
	return rc;
}
