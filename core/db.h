/*
 * db: one PostgreSQL connection, named queries, pipelined transactions.
 *
 * Invariants: a query for an account runs inside a transaction that has set
 * app.account, so row-level security sees it; BEGIN, the setting, the query
 * and COMMIT travel in one round trip.  A lost connection is E_UNAVAILABLE
 * and the next call connects again.  Not safe for two threads at once.
 */
#ifndef CORE_DB_H
#define CORE_DB_H

#include "core/arena.h"
#include "core/rc.h"

#include "queries.h"

#include <stdbool.h>
#include <stdint.h>

struct db;

/* One query of sql/queries/. */
struct query_def {
	const char *name;
	int nparams;
	const char *sql;
};
extern const struct query_def query_defs[];

/* Rows of one result; owned by the arena of the call. */
struct rows {
	void *res; /* PGresult */
	int n;
};

/*
 * db_open: a connection to be, as role ("platen_web"); the server is asked
 * at the first call.  program is shown in pg_stat_activity.
 */
struct db *db_open(const char *conninfo, const char *role, const char *program);
void db_close(struct db *db);

/* The parameters of a call, as text; NULL is SQL's NULL. */
struct db_args {
	const char *const *v;
	int n;
};
#define DB_ARGS(...)                                           \
	((struct db_args){(const char *const[]){__VA_ARGS__},  \
	    (int)(sizeof((const char *const[]){__VA_ARGS__}) / \
		  sizeof(const char *))})
#define DB_NONE ((struct db_args){NULL, 0})

/*
 * db_run: one query.  account (uuid text) is whose rows it may see; NULL
 * runs it without one, for tables of no account or roles that see all.
 * Inside db_begin..db_commit account must be NULL: the transaction has it.
 * rows may be NULL.  Errors: E_CONFLICT (a unique key or a refused
 * transition), E_UNAVAILABLE (no server, deadlock), E_INTERNAL (logged).
 */
enum rc db_run(struct db *db, struct arena *a, const char *account,
    enum query q, struct rows *rows, struct db_args args) MUST_CHECK;

/* db_one: the same, and E_NOTFOUND when no row came. */
enum rc db_one(struct db *db, struct arena *a, const char *account,
    enum query q, struct rows *rows, struct db_args args) MUST_CHECK;

/*
 * db_begin: starts a transaction for account (or NULL).  actor and reason go
 * to the status history ("owner", "deleted by its owner"); NULL for neither.
 * Sent with the first query.  End with db_commit or db_rollback.
 */
enum rc db_begin(struct db *db, const char *account, const char *actor,
    const char *reason) MUST_CHECK;
enum rc db_commit(struct db *db) MUST_CHECK;

/*
 * db_set_timeout: until its end, each answer of this transaction may take ms
 * before the server counts as gone; for statements that change many rows.
 */
void db_set_timeout(struct db *db, int ms);
void db_rollback(struct db *db);

/*
 * db_set_wait_callback: fn is called while db waits for an answer, at least
 * twice a second.  It must not use db; its time counts as waiting.
 */
void db_set_wait_callback(struct db *db, void (*fn)(void *arg), void *arg);

/*
 * db_script: statements separated by ";", without parameters or results, as
 * migrations are.  Outside db_begin..db_commit they are one transaction,
 * unless one of them refuses that (CREATE DATABASE alone).
 */
enum rc db_script(struct db *db, const char *text) MUST_CHECK;

/* db_sqlstate_rc: what an SQLSTATE means to a caller; NULL: no server. */
enum rc db_sqlstate_rc(const char *state);

/*
 * db_ping: OK when the server answers and its schema is the one we know;
 * E_CONFLICT when it is another, and db_error_text() is a sentence for
 * operators.
 */
enum rc db_ping(struct db *db) MUST_CHECK;

/* db_socket: the descriptor, for poll(); -1 while not connected. */
int db_socket(struct db *db);

/* db_error_text: the last error as the server reported it, for logs. */
const char *db_error_text(const struct db *db);

/* row_text: a column by name; "" for NULL.  An unknown name is our bug. */
const char *row_text(const struct rows *r, int row, const char *column);
bool row_null(const struct rows *r, int row, const char *column);
int64_t row_int(const struct rows *r, int row, const char *column);
double row_double(const struct rows *r, int row, const char *column);
bool row_bool(const struct rows *r, int row, const char *column);

/* row_bytes: a bytea column, decoded into the arena. */
const char *row_bytes(const struct rows *r, int row, const char *column,
    struct arena *a, size_t *len);

/* db_bytea: bytes as a parameter ("\x..."). */
const char *db_bytea(struct arena *a, const void *p, size_t n);

/* db_int: a number as a parameter. */
const char *db_int(struct arena *a, int64_t n);

#endif
