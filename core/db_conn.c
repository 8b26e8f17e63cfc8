#include "core/db_conn.h"

#include "core/clock.h"
#include "core/log.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

/*
 * Connection attempts are at least this far apart, ms.  Short: each thread of
 * platen-web has its own connection, and one must not go on refusing for long
 * after another has told /readyz that PostgreSQL is back.
 */
#define RETRY_MS 20

/* A failed attempt is logged so often at most, ms. */
#define TELL_MS 1000

struct db *
db_open(const char *conninfo, const char *role, const char *program)
{
	struct db *db;

	db = calloc(1, sizeof(*db));
	if (db == NULL || (db->conninfo = strdup(conninfo)) == NULL ||
	    (db->role = strdup(role)) == NULL ||
	    (db->program = strdup(program)) == NULL)
		fatal("out of memory");
	return db;
}

void
db_disconnect(struct db *db)
{
	if (db->conn != NULL)
		PQfinish(db->conn);
	db->conn = NULL;
	db->in_tx = false;
	memset(db->prepared, 0, sizeof(db->prepared));
}

void
db_close(struct db *db)
{
	if (db == NULL)
		return;
	db_disconnect(db);
	free(db->conninfo);
	free(db->role);
	free(db->program);
	free(db);
}

void
db_keep_error(struct db *db, const char *text)
{
	size_t n;

	n = strcspn(text, "\n");
	if (n >= sizeof(db->why))
		n = sizeof(db->why) - 1;
	memcpy(db->why, text, n);
	db->why[n] = '\0';
}

/* Notices are the server's chatter; errors are handled where they occur. */
static void
ignore_notice(void *arg, const PGresult *res)
{
	(void)arg;
	(void)res;
}

/*
 * Gone since the last call (a restart)?  Then the next call may connect
 * again; once something was sent, nobody knows what the server did with it.
 */
static bool
has_gone(struct db *db)
{
	struct pollfd p = {.fd = PQsocket(db->conn), .events = POLLIN};

	/* An idle server says nothing but good-bye and notices. */
	while (PQstatus(db->conn) == CONNECTION_OK && poll(&p, 1, 0) > 0)
		if (PQconsumeInput(db->conn) == 0)
			return true;
	return PQstatus(db->conn) != CONNECTION_OK;
}

static enum rc
db_refused(struct db *db, int64_t now)
{
	db_keep_error(db, PQerrorMessage(db->conn));
	if (db->told_ms == 0 || now - db->told_ms >= TELL_MS) {
		log_warn("db_connect_failed", "why", db->why);
		db->told_ms = now;
	}
	db_disconnect(db);
	/* One that lets us wait is asked less often. */
	db->rest_ms = clock_ms() - now;
	if (db->rest_ms < RETRY_MS)
		db->rest_ms = RETRY_MS;
	db->tried_ms = clock_ms();
	return E_UNAVAILABLE;
}

enum rc
db_connect(struct db *db)
{
	const char *keys[] = {"dbname", "user", "application_name",
	    "connect_timeout", "options", NULL};
	const char *values[] = {db->conninfo, db->role, db->program, "2",
	    "-c search_path=platen -c timezone=UTC", NULL};
	int64_t now = clock_ms();

	if (db->conn != NULL && !has_gone(db))
		return OK;
	db_disconnect(db);
	if (db->tried_ms != 0 && now - db->tried_ms < db->rest_ms)
		return E_UNAVAILABLE;
	/* dbname first and expanded: it holds the whole connection string. */
	db->conn = PQconnectdbParams(keys, values, 1);
	if (PQstatus(db->conn) != CONNECTION_OK)
		return db_refused(db, now);
	db->tried_ms = 0;
	db->told_ms = 0;
	PQsetNoticeReceiver(db->conn, ignore_notice, NULL);
	if (!PQenterPipelineMode(db->conn))
		BUG("pipeline mode refused");
	/* Writing has a deadline, too: what does not go out is kept. */
	if (PQsetnonblocking(db->conn, 1) != 0)
		BUG("a new connection has something to send");
	return OK;
}

enum rc
db_lost(struct db *db)
{
	db_keep_error(db, PQerrorMessage(db->conn));
	log_warn("db_connection_lost", "why", db->why);
	db_disconnect(db);
	return E_UNAVAILABLE;
}
