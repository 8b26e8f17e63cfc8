#include "ws/pg.h"

#include "core/clock.h"
#include "core/log.h"
#include "ws/pg_call.h"

#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

/* Back-off between attempts to connect; with jitter. */
#define RETRY_MIN_S 0.1
#define RETRY_MAX_S 1.0
/* A call that had no answer for so long has lost its server. */
#define CALL_MS 5000
#define CONNECT_MS 5000
/* Calls sent before the first is answered. */
#define IN_FLIGHT_MAX 64

enum state { DOWN, CONNECTING, UP };

struct pg {
	struct ev_loop *loop;
	char *conninfo;
	char *role;
	char *program;
	PGconn *conn;
	enum state state;
	int64_t connect_by; /* clock_ms() */
	double retry_s;
	struct ev_io io;
	struct ev_timer retry;
	struct ev_timer watch;
	struct ev_timer refuse;  /* ends the calls of a server that is down */
	struct pg_queue waiting; /* not sent yet */
	struct pg_queue sent;
	bool prepared[Q_MAX];
	bool told_down; /* the log has said so */
};

static void pg_lost(struct pg *pg, const char *why);

/* ---- sending ---------------------------------------------------------- */

static void
watch_io(struct pg *pg, int events)
{
	int fd = PQsocket(pg->conn);

	if (ev_is_active(&pg->io) && pg->io.fd == fd &&
	    (pg->io.events & (EV_READ | EV_WRITE)) == events)
		return;
	ev_io_stop(pg->loop, &pg->io);
	ev_io_set(&pg->io, fd, events);
	ev_io_start(pg->loop, &pg->io);
}

static bool
send_account(struct pg *pg, const struct pg_call *c)
{
	const char *v[] = {c->account};

	return PQsendQueryParams(pg->conn,
		   "SELECT set_config('app.account', $1, true)", 1, NULL, v,
		   NULL, NULL, 0) == 1;
}

static bool
send_call(struct pg *pg, struct pg_call *c)
{
	const struct query_def *def = &query_defs[c->q];
	bool good = true;

	c->at = 0;
	c->wanted = 0;
	c->prepares = !pg->prepared[c->q];
	if (c->prepares) {
		good =
		    PQsendPrepare(pg->conn, def->name, def->sql, 0, NULL) == 1;
		pg->prepared[c->q] = true;
		c->wanted++;
	}
	if (c->account != NULL) {
		good = good && send_account(pg, c);
		c->wanted++;
	}
	return good &&
	       PQsendQueryPrepared(pg->conn, def->name, c->n,
		   (const char *const *)c->v, NULL, NULL, 0) == 1 &&
	       PQpipelineSync(pg->conn) == 1;
}

static void
send_waiting(struct pg *pg)
{
	struct pg_call *c;
	int left;

	while (pg->state == UP && pg->sent.n < IN_FLIGHT_MAX &&
	       (c = pg_queue_get(&pg->waiting)) != NULL) {
		pg_queue_put(&pg->sent, c);
		c->deadline = clock_ms() + CALL_MS;
		if (!send_call(pg, c)) {
			pg_lost(pg, PQerrorMessage(pg->conn));
			return;
		}
	}
	if (pg->state != UP)
		return;
	left = PQflush(pg->conn);
	if (left < 0)
		pg_lost(pg, PQerrorMessage(pg->conn));
	else
		watch_io(pg, left > 0 ? EV_READ | EV_WRITE : EV_READ);
}

/* ---- receiving -------------------------------------------------------- */

static void
note_error(struct pg *pg, struct pg_call *c, const PGresult *res)
{
	const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
	const char *why = PQresultErrorMessage(res);
	struct arena a;

	if (c->rc != OK)
		return;
	c->rc = db_sqlstate_rc(state);
	if (c->prepares && c->at == 0)
		pg->prepared[c->q] = false;
	if (c->rc == E_CONFLICT || c->rc == E_NOTFOUND)
		return;
	arena_init(&a);
	log_warn("db_error", "query", query_defs[c->q].name, "state", state,
	    "why", arena_strndup(&a, why, strcspn(why, "\n")));
	arena_release(&a);
}

/* One result of the call at the head; true when the call is answered. */
static bool
take_result(struct pg *pg, struct pg_call *c, PGresult *res)
{
	if (res == NULL) {
		c->at++;
		return false;
	}
	switch (PQresultStatus(res)) {
	case PGRES_PIPELINE_SYNC:
		PQclear(res);
		return true;
	case PGRES_TUPLES_OK:
	case PGRES_COMMAND_OK:
		if (c->at == c->wanted && c->kept == NULL) {
			c->kept = res;
			return false;
		}
		break;
	case PGRES_PIPELINE_ABORTED:
		break;
	default:
		note_error(pg, c, res);
	}
	PQclear(res);
	return false;
}

static void
pg_receive(struct pg *pg)
{
	PGconn *conn = pg->conn;

	if (!PQconsumeInput(conn)) {
		pg_lost(pg, PQerrorMessage(conn));
		return;
	}
	while (pg->conn == conn && pg->sent.first != NULL && !PQisBusy(conn)) {
		if (PQstatus(conn) != CONNECTION_OK) {
			pg_lost(pg, PQerrorMessage(conn));
			return;
		}
		if (take_result(pg, pg->sent.first, PQgetResult(conn)))
			pg_call_finish(pg_queue_get(&pg->sent));
	}
	if (pg->conn == conn)
		send_waiting(pg);
}

/* ---- connecting ------------------------------------------------------- */

static void
schedule_retry(struct pg *pg)
{
	double jitter = 0.75 + 0.5 * drand48();

	ev_timer_stop(pg->loop, &pg->retry);
	ev_timer_set(&pg->retry, pg->retry_s * jitter, 0.);
	ev_timer_start(pg->loop, &pg->retry);
	pg->retry_s =
	    pg->retry_s * 2 > RETRY_MAX_S ? RETRY_MAX_S : pg->retry_s * 2;
}

static void
pg_lost(struct pg *pg, const char *why)
{
	struct arena a;

	arena_init(&a);
	why = arena_strndup(&a, why, strcspn(why, "\n"));
	ev_io_stop(pg->loop, &pg->io);
	PQfinish(pg->conn);
	pg->conn = NULL;
	pg->state = DOWN;
	memset(pg->prepared, 0, sizeof(pg->prepared));
	if (!pg->told_down)
		log_warn("db_down", "why", why);
	pg->told_down = true;
	arena_release(&a);
	schedule_retry(pg);
	pg_queue_fail(&pg->sent);
	pg_queue_fail(&pg->waiting);
}

static void
ignore_notice(void *arg, const PGresult *res)
{
	(void)arg;
	(void)res;
}

static void
came_up(struct pg *pg)
{
	if (PQsetnonblocking(pg->conn, 1) != 0 ||
	    !PQenterPipelineMode(pg->conn)) {
		pg_lost(pg, PQerrorMessage(pg->conn));
		return;
	}
	PQsetNoticeReceiver(pg->conn, ignore_notice, NULL);
	pg->state = UP;
	pg->retry_s = RETRY_MIN_S;
	log_info("db_up");
	pg->told_down = false;
	watch_io(pg, EV_READ);
	send_waiting(pg);
}

static void
connect_on(struct pg *pg)
{
	switch (PQconnectPoll(pg->conn)) {
	case PGRES_POLLING_READING:
		/* The socket may be another one under the same number. */
		ev_io_stop(pg->loop, &pg->io);
		watch_io(pg, EV_READ);
		break;
	case PGRES_POLLING_WRITING:
		ev_io_stop(pg->loop, &pg->io);
		watch_io(pg, EV_WRITE);
		break;
	case PGRES_POLLING_OK:
		ev_io_stop(pg->loop, &pg->io);
		came_up(pg);
		break;
	default:
		pg_lost(pg, PQerrorMessage(pg->conn));
	}
}

static void
connect_start(struct pg *pg)
{
	const char *keys[] = {
	    "dbname", "user", "application_name", "options", NULL};
	const char *values[] = {pg->conninfo, pg->role, pg->program,
	    "-c search_path=platen -c timezone=UTC", NULL};

	/* dbname first and expanded: it holds the whole connection string. */
	pg->conn = PQconnectStartParams(keys, values, 1);
	if (pg->conn == NULL)
		fatal("out of memory");
	pg->state = CONNECTING;
	pg->connect_by = clock_ms() + CONNECT_MS;
	if (PQstatus(pg->conn) == CONNECTION_BAD)
		pg_lost(pg, PQerrorMessage(pg->conn));
	else
		watch_io(pg, EV_WRITE);
}

/* ---- the loop's calls ------------------------------------------------- */

static void
on_io(struct ev_loop *loop, struct ev_io *w, int events)
{
	struct pg *pg = w->data;

	(void)loop;
	if (pg->state == CONNECTING)
		connect_on(pg);
	else if (events & EV_READ)
		pg_receive(pg);
	else
		send_waiting(pg);
}

static void
on_retry(struct ev_loop *loop, struct ev_timer *w, int events)
{
	(void)loop;
	(void)events;
	connect_start(w->data);
}

static void
on_refuse(struct ev_loop *loop, struct ev_timer *w, int events)
{
	struct pg *pg = w->data;

	(void)loop;
	(void)events;
	if (pg->state == DOWN)
		pg_queue_fail(&pg->waiting);
}

static void
on_watch(struct ev_loop *loop, struct ev_timer *w, int events)
{
	struct pg *pg = w->data;
	int64_t now = clock_ms();

	(void)loop;
	(void)events;
	if (pg->state == CONNECTING && now > pg->connect_by)
		pg_lost(pg, "no connection within 5 seconds");
	else if (pg->state == UP && pg->sent.first != NULL &&
		 now > pg->sent.first->deadline)
		pg_lost(pg, "no answer within 5 seconds");
}

/* ---- for everyone ----------------------------------------------------- */

struct pg *
pg_open(struct ev_loop *loop, const char *conninfo, const char *role,
    const char *program)
{
	struct pg *pg = calloc(1, sizeof(*pg));

	if (pg == NULL || (pg->conninfo = strdup(conninfo)) == NULL ||
	    (pg->role = strdup(role)) == NULL ||
	    (pg->program = strdup(program)) == NULL)
		fatal("out of memory");
	pg->loop = loop;
	pg->retry_s = RETRY_MIN_S;
	pg_queue_init(&pg->waiting);
	pg_queue_init(&pg->sent);
	ev_io_init(&pg->io, on_io, -1, 0);
	ev_timer_init(&pg->retry, on_retry, 0., 0.);
	ev_timer_init(&pg->watch, on_watch, 1., 1.);
	ev_timer_init(&pg->refuse, on_refuse, 0., 0.);
	pg->io.data = pg->retry.data = pg->watch.data = pg->refuse.data = pg;
	ev_timer_start(loop, &pg->watch);
	connect_start(pg);
	return pg;
}

void
pg_close(struct pg *pg)
{
	if (pg == NULL)
		return;
	ev_io_stop(pg->loop, &pg->io);
	ev_timer_stop(pg->loop, &pg->retry);
	ev_timer_stop(pg->loop, &pg->watch);
	ev_timer_stop(pg->loop, &pg->refuse);
	pg_queue_forget(&pg->sent);
	pg_queue_forget(&pg->waiting);
	PQfinish(pg->conn);
	free(pg->conninfo);
	free(pg->role);
	free(pg->program);
	free(pg);
}

struct pg_call *
pg_call(struct pg *pg, const char *account, enum query q, struct db_args args,
    pg_done *done, void *arg)
{
	struct pg_call *c = pg_call_new(account, q, args, done, arg);

	pg_queue_put(&pg->waiting, c);
	if (pg->state == UP)
		/* Not from here: an error would call done() at once. */
		ev_feed_event(pg->loop, &pg->io, EV_WRITE);
	else if (pg->state == DOWN && !ev_is_active(&pg->refuse)) {
		ev_timer_set(&pg->refuse, 0., 0.);
		ev_timer_start(pg->loop, &pg->refuse);
	}
	return c;
}

void
pg_cancel(struct pg_call *call)
{
	if (call != NULL)
		call->done = NULL;
}

bool
pg_is_up(const struct pg *pg)
{
	return pg->state == UP;
}
