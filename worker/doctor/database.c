/* PostgreSQL: does it answer every role, is its schema ours, who works? */
#include "core/db.h"
#include "core/schema.h"
#include "worker/doctor/doctor.h"

#include <string.h>

/* A worker beats every few seconds; longer than this it is away. */
#define WORKER_SECONDS 30

static const char *const roles[] = {
    "platen_worker", "platen_web", "platen_live"};
#define NROLES (sizeof(roles) / sizeof(roles[0]))

static void
report_unreachable(const struct doctor *d, const char *role, const char *why)
{
	bool refused = strstr(why, "role") != NULL ||
		       strstr(why, "authentication") != NULL;

	doctor_report(d, DOCTOR_FAIL, "postgresql", "PostgreSQL %s%s: %s. %s",
	    refused ? "does not let in " : "does not answer ", role, why,
	    refused ? "`platen migrate` makes the roles; pg_hba.conf and "
		      "pg_ident.conf say who may be one."
		    : doctor_start(d->conf->own_db,
			  "Check db.conninfo, and that the server runs."));
}

static void
report_schema(const struct doctor *d, int64_t have)
{
	if (have == schema_version)
		doctor_report(d, DOCTOR_OK, "schema",
		    "The schema is version %d.", schema_version);
	else
		doctor_report(d, DOCTOR_FAIL, "schema",
		    "The schema is version %lld, and this build needs %d. %s",
		    (long long)have, schema_version,
		    have < schema_version
			? "Run `platen migrate`."
			: "Install the newer build everywhere.");
}

/* False where the database cannot be asked further. */
static bool
check_schema(const struct doctor *d, struct db *db)
{
	struct rows r;

	if (db_one(db, d->arena, NULL, Q_SCHEMA_VERSION, &r, DB_NONE) != OK) {
		const char *why = db_error_text(db);

		if (strstr(why, "schema_migrations") == NULL) {
			report_unreachable(d, roles[0], why);
			return false;
		}
		doctor_report(d, DOCTOR_FAIL, "schema",
		    "The database has no schema of Platen yet. Run `platen "
		    "migrate`.");
		return false;
	}
	doctor_report(d, DOCTOR_OK, "postgresql", "PostgreSQL answers.");
	report_schema(d, row_int(&r, 0, "version"));
	return row_int(&r, 0, "version") == schema_version;
}

static void
check_roles(const struct doctor *d)
{
	struct rows r;

	for (size_t i = 1; i < NROLES; i++) {
		struct db *db =
		    db_open(d->conf->db_conninfo, roles[i], "platen-doctor");

		if (db_one(db, d->arena, NULL, Q_SCHEMA_VERSION, &r, DB_NONE) !=
		    OK)
			report_unreachable(d, roles[i], db_error_text(db));
		db_close(db);
	}
}

static void
check_workers(const struct doctor *d, struct db *db)
{
	struct rows r, slots;
	double age;

	if (db_one(db, d->arena, NULL, Q_WORKER_HEARTBEAT, &r, DB_NONE) != OK ||
	    db_one(db, d->arena, NULL, Q_WORKER_SLOTS, &slots, DB_NONE) != OK) {
		doctor_report(d, DOCTOR_FAIL, "workers",
		    "The table of workers cannot be read: %s.",
		    db_error_text(db));
		return;
	}
	age = row_double(&r, 0, "age");
	if (row_null(&r, 0, "age"))
		doctor_report(d, DOCTOR_FAIL, "workers",
		    "No worker is running, so nothing is processed. Start "
		    "Platen, or platen-worker on its own; %s/log/worker.log "
		    "says why it ended.",
		    d->conf->run_var);
	else if (age > WORKER_SECONDS)
		doctor_report(d, DOCTOR_FAIL, "workers",
		    "No worker has reported for %.0f seconds. Check "
		    "%s/log/worker.log, then restart platen-worker.",
		    age, d->conf->run_var);
	else
		doctor_report(d, DOCTOR_OK, "workers",
		    "%lld at work, with %lld slots; last heard %.0f seconds "
		    "ago.",
		    (long long)row_int(&r, 0, "workers"),
		    (long long)row_int(&slots, 0, "slots"), age);
}

static void
check_lanes(const struct doctor *d, struct db *db)
{
	struct rows r;

	if (db_run(db, d->arena, NULL, Q_LANE_STOPPED_ALL, &r, DB_NONE) != OK)
		return;
	for (int i = 0; i < r.n; i++)
		doctor_report(d, DOCTOR_WARN, "lane",
		    "Nothing of %s starts until %s: %s The page /admin lets "
		    "it go on.",
		    row_text(&r, i, "name"),
		    row_null(&r, i, "until") ? "an administrator resumes it"
					     : row_text(&r, i, "until"),
		    *row_text(&r, i, "reason") ? row_text(&r, i, "reason")
					       : "it was stopped by hand.");
}

void
doctor_database(const struct doctor *d)
{
	struct db *db =
	    db_open(d->conf->db_conninfo, roles[0], "platen-doctor");

	if (check_schema(d, db)) {
		check_roles(d);
		check_workers(d, db);
		check_lanes(d, db);
	}
	db_close(db);
}
