/* db_conn: the connection behind a struct db; for core/db.c alone. */
#ifndef CORE_DB_CONN_H
#define CORE_DB_CONN_H

#include "core/db.h"

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

struct db {
	PGconn *conn; /* NULL while there is none */
	char *conninfo;
	char *role;
	char *program;
	int64_t tried_ms; /* when we last tried to connect */
	int64_t rest_ms;  /* how long not to try again */
	int64_t told_ms;  /* when a failed attempt was last logged */
	bool prepared[Q_MAX];
	bool in_tx;
	int patience_ms;              /* of the transaction; 0: the usual */
	void (*meanwhile)(void *arg); /* see db_set_wait_callback; NULL: none */
	void *meanwhile_arg;
	char why[256];
};

/* db_keep_error: the first line of a message, for db_error_text(). */
void db_keep_error(struct db *db, const char *message);

/*
 * db_connect: OK when there is a connection in pipeline mode.  A server that
 * refused or did not answer is not asked again at once.
 */
enum rc db_connect(struct db *db) MUST_CHECK;

void db_disconnect(struct db *db);

/* db_lost: the connection failed; E_UNAVAILABLE, and it is closed. */
enum rc db_lost(struct db *db);

#endif
