#include "core/db.h"

#include "core/clock.h"
#include "core/db_conn.h"
#include "core/log.h"
#include "core/schema.h"

#include <libpq-fe.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

/*
 * A server that has not read and answered by then, ms, is taken for gone: a
 * thread of platen-web must not hang with it, nor a worker's heartbeat.
 */
#define ANSWER_MS 5000

/* Who waits for an answer does something else (db_set_wait_callback) so often,
 * ms. */
#define MEANWHILE_MS 500

/* Whose transaction it is, and what its history says. */
#define SQL_SETTINGS                                                       \
	"SELECT set_config('app.account', $1, true), "                     \
	"set_config('app.actor', $2, true), set_config('app.reason', $3, " \
	"true)"

enum rc
db_sqlstate_rc(const char *state)
{
	/* connection, rolled back, resources, operator, system: try again */
	static const char *const passing[] = {"08", "40", "53", "57", "58"};

	if (state == NULL || strcmp(state, "25006") == 0)
		return E_UNAVAILABLE;
	if (strcmp(state, "23505") == 0 || strcmp(state, "PL409") == 0)
		return E_CONFLICT;
	if (strcmp(state, "PL404") == 0)
		return E_NOTFOUND;
	for (size_t i = 0; i < sizeof(passing) / sizeof(passing[0]); i++)
		if (strncmp(state, passing[i], 2) == 0)
			return E_UNAVAILABLE;
	return E_INTERNAL;
}

static enum rc
classify_error(struct db *db, const PGresult *res, const char *what)
{
	const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
	enum rc rc = db_sqlstate_rc(state);

	db_keep_error(db, PQresultErrorMessage(res));
	if (state != NULL && rc != E_CONFLICT && rc != E_NOTFOUND)
		log_warn(
		    "db_error", "query", what, "state", state, "why", db->why);
	return rc;
}

static bool
send_prepare(struct db *db, enum query q)
{
	const struct query_def *def = &query_defs[q];

	if (db->prepared[q])
		return true;
	return PQsendPrepare(db->conn, def->name, def->sql, 0, NULL) == 1;
}

static bool
send_plain(struct db *db, const char *sql)
{
	return PQsendQueryParams(db->conn, sql, 0, NULL, NULL, NULL, NULL, 0) ==
	       1;
}

static bool
send_settings(
    struct db *db, const char *account, const char *actor, const char *reason)
{
	const char *v[] = {
	    account ? account : "", actor ? actor : "", reason ? reason : ""};

	return send_plain(db, "BEGIN") &&
	       PQsendQueryParams(
		   db->conn, SQL_SETTINGS, 3, NULL, v, NULL, NULL, 0) == 1;
}

/*
 * Sends what the socket did not take so far and reads what has come; waits
 * for either, ms at most.  false: the connection failed.
 */
static bool
db_exchange(struct db *db, int64_t ms)
{
	struct pollfd p = {.fd = PQsocket(db->conn), .events = POLLIN};
	int unsent = PQflush(db->conn);

	if (unsent < 0)
		return false;
	if (unsent > 0)
		p.events |= POLLOUT;
	if (poll(&p, 1, (int)ms) <= 0 || (p.revents & ~POLLOUT) == 0)
		return true;
	return PQconsumeInput(db->conn) == 1;
}

/* next_result: PQgetResult with a deadline; *late when that has passed. */
static PGresult *
next_result(struct db *db, int64_t deadline, bool *late)
{
	int64_t left;

	while (PQisBusy(db->conn)) {
		if (db->meanwhile != NULL)
			db->meanwhile(db->meanwhile_arg);
		left = deadline - clock_ms();
		if (left > MEANWHILE_MS)
			left = MEANWHILE_MS;
		if (!db_exchange(db, left > 0 ? left : 0))
			break; /* PQgetResult says what is wrong */
		/* What came while we did something else is not late. */
		if (left <= 0 && PQisBusy(db->conn)) {
			*late = true;
			return NULL;
		}
	}
	return PQgetResult(db->conn);
}

static enum rc
is_past_deadline(struct db *db)
{
	db_keep_error(db, "no answer in time");
	log_warn("db_connection_lost", "why", db->why);
	db_disconnect(db);
	return E_UNAVAILABLE;
}

/*
 * Reads results up to the sync point and keeps the one of statement number
 * wanted (from 0; -1 for none).  good counts the statements that succeeded.
 */
static enum rc
db_collect(
    struct db *db, int wanted, const char *what, PGresult **kept, int *good)
{
	int64_t deadline =
	    clock_ms() +
	    (db->patience_ms > ANSWER_MS ? db->patience_ms : ANSWER_MS);
	enum rc rc = OK;
	PGresult *res;
	int index = 0;
	bool between = false, late = false;

	*kept = NULL;
	*good = 0;
	for (;;) {
		res = next_result(db, deadline, &late);
		if (res == NULL) {
			/*
			 * NULL ends one statement.  Twice in a row it says
			 * that the sync point will never come: the server
			 * ended the session in the middle.
			 */
			if (late || between ||
			    PQstatus(db->conn) != CONNECTION_OK)
				goto dead;
			between = true;
			index++;
			continue;
		}
		between = false;
		switch (PQresultStatus(res)) {
		case PGRES_PIPELINE_SYNC:
			PQclear(res);
			return rc;
		case PGRES_TUPLES_OK:
		case PGRES_COMMAND_OK:
			(*good)++;
			if (index == wanted) {
				*kept = res;
				continue;
			}
			break;
		case PGRES_PIPELINE_ABORTED:
			break;
		default:
			if (PQstatus(db->conn) != CONNECTION_OK) {
				PQclear(res);
				goto dead;
			}
			if (rc == OK)
				rc = classify_error(db, res, what);
			break;
		}
		PQclear(res);
	}
dead:
	PQclear(*kept);
	*kept = NULL;
	return late ? is_past_deadline(db) : db_lost(db);
}

static void
clear_result(void *res)
{
	PQclear(res);
}

static void
rows_return(struct arena *a, PGresult *res, struct rows *rows)
{
	if (rows == NULL) {
		PQclear(res);
		return;
	}
	rows->res = res;
	rows->n = res == NULL ? 0 : PQntuples(res);
	if (res != NULL)
		arena_defer(a, clear_result, res);
}

/* A failed pipeline outside a transaction of the caller leaves BEGIN open. */
static void
db_drop_results(struct db *db)
{
	PGresult *res;
	int good;

	if (db->conn == NULL || PQtransactionStatus(db->conn) == PQTRANS_IDLE)
		return;
	if (!send_plain(db, "ROLLBACK") || !PQpipelineSync(db->conn)) {
		(void)db_lost(db);
		return;
	}
	if (db_collect(db, -1, "rollback", &res, &good) != OK)
		log_debug("db_rollback_failed");
}

enum rc
db_run(struct db *db, struct arena *a, const char *account, enum query q,
    struct rows *rows, struct db_args args)
{
	const struct query_def *def = &query_defs[q];
	PGresult *res = NULL;
	bool frame, sent;
	enum rc rc;
	int wanted = 0, good;

	if (rows != NULL)
		*rows = (struct rows){NULL, 0};
	if (args.n != def->nparams)
		BUG("query %s takes %d parameters, not %d", def->name,
		    def->nparams, args.n);
	if (db->in_tx && account != NULL)
		BUG("query %s: the transaction has its account", def->name);
	if (!db->in_tx && (rc = db_connect(db)) != OK)
		return rc;
	if (db->conn == NULL)
		return E_UNAVAILABLE;
	frame = account != NULL;
	sent = send_prepare(db, q);
	if (!db->prepared[q])
		wanted++;
	if (frame) {
		sent = sent && send_settings(db, account, NULL, NULL);
		wanted += 2;
	}
	sent = sent && PQsendQueryPrepared(db->conn, def->name, args.n, args.v,
			   NULL, NULL, 0) == 1;
	if (frame)
		sent = sent && send_plain(db, "COMMIT");
	if (!sent || !PQpipelineSync(db->conn))
		return db_lost(db);
	rc = db_collect(db, wanted, def->name, &res, &good);
	/* PREPARE comes first and stays, whatever the query did. */
	if (good > 0)
		db->prepared[q] = true;
	if (rc == OK) {
		rows_return(a, res, rows);
		return OK;
	}
	PQclear(res);
	if (!db->in_tx)
		db_drop_results(db);
	return rc;
}

enum rc
db_one(struct db *db, struct arena *a, const char *account, enum query q,
    struct rows *rows, struct db_args args)
{
	enum rc rc;

	rc = db_run(db, a, account, q, rows, args);
	if (rc == OK && rows->n == 0)
		return E_NOTFOUND;
	return rc;
}

enum rc
db_begin(
    struct db *db, const char *account, const char *actor, const char *reason)
{
	PGresult *res;
	enum rc rc;
	int good;

	if (db->in_tx)
		BUG("a transaction inside a transaction");
	rc = db_connect(db);
	if (rc != OK)
		return rc;
	if (!send_settings(db, account, actor, reason) ||
	    !PQpipelineSync(db->conn))
		return db_lost(db);
	rc = db_collect(db, -1, "begin", &res, &good);
	if (rc != OK) {
		db_drop_results(db);
		return rc;
	}
	db->in_tx = true;
	return OK;
}

void
db_set_timeout(struct db *db, int ms)
{
	if (db->in_tx)
		db->patience_ms = ms;
}

static enum rc
db_send_commit(struct db *db)
{
	PGresult *res;
	enum rc rc;
	int good;

	if (!db->in_tx)
		return E_UNAVAILABLE; /* the connection went in the middle */
	db->in_tx = false;
	/* COMMIT of a failed transaction would answer ROLLBACK, silently. */
	if (PQtransactionStatus(db->conn) == PQTRANS_INERROR) {
		db_drop_results(db);
		return E_INTERNAL;
	}
	if (!send_plain(db, "COMMIT") || !PQpipelineSync(db->conn))
		return db_lost(db);
	rc = db_collect(db, -1, "commit", &res, &good);
	if (rc != OK)
		db_drop_results(db);
	return rc;
}

enum rc
db_commit(struct db *db)
{
	enum rc rc = db_send_commit(db);

	db->patience_ms = 0;
	return rc;
}

void
db_rollback(struct db *db)
{
	db->in_tx = false;
	db_drop_results(db);
	db->patience_ms = 0;
}

void
db_set_wait_callback(struct db *db, void (*fn)(void *arg), void *arg)
{
	db->meanwhile = fn;
	db->meanwhile_arg = arg;
}

enum rc
db_script(struct db *db, const char *text)
{
	enum rc rc = OK;
	PGresult *res;

	if (!db->in_tx && (rc = db_connect(db)) != OK)
		return rc;
	if (db->conn == NULL)
		return E_UNAVAILABLE;
	/* Several statements in one text: the simple protocol only. */
	if (!PQexitPipelineMode(db->conn))
		return db_lost(db);
	res = PQexec(db->conn, text);
	if (PQstatus(db->conn) != CONNECTION_OK) {
		PQclear(res);
		return db_lost(db);
	}
	if (PQresultStatus(res) != PGRES_COMMAND_OK &&
	    PQresultStatus(res) != PGRES_TUPLES_OK &&
	    PQresultStatus(res) != PGRES_EMPTY_QUERY)
		rc = classify_error(db, res, "script");
	PQclear(res);
	if (!PQenterPipelineMode(db->conn))
		BUG("pipeline mode refused");
	return rc;
}

enum rc
db_ping(struct db *db)
{
	struct arena a;
	struct rows r;
	enum rc rc;

	arena_init(&a);
	rc = db_one(db, &a, NULL, Q_SCHEMA_VERSION, &r, DB_NONE);
	if (rc == OK && row_int(&r, 0, "version") != schema_version) {
		db_keep_error(db,
		    "the database has another schema version: run "
		    "`platen migrate`");
		rc = E_CONFLICT;
	}
	arena_release(&a);
	return rc;
}

int
db_socket(struct db *db)
{
	return db->conn == NULL ? -1 : PQsocket(db->conn);
}

const char *
db_error_text(const struct db *db)
{
	return db->why;
}
