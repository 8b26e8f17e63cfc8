#include "ws/async_pg.h"

#include "core/clock.h"
#include "core/log.h"

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

struct pg_call {
	struct pg_call *next;
	enum query q;
	char *account; /* or NULL */
	char **v;
	int n;
	pg_done *done; /* NULL once canceled */
	void *arg;
	int64_t deadline; /* clock_ms() */
	bool prepares;    /* its first statement is the PREPARE */
	int wanted;       /* which of its statements has the rows, from 0 */
	int at;           /* which of them is being answered */
	enum rc rc;
	PGresult *kept;
};

struct pg_queue {
	struct pg_call *first;
	struct pg_call **last;
	int n;
};

struct async_pg {
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
	struct ev_timer deadline_check;
	struct ev_timer refuse;  /* fails the calls while the server is down */
	struct pg_queue waiting; /* not sent yet */
	struct pg_queue sent;
	bool prepared[Q_MAX];
	bool down_logged; /* that was logged */
};

static void async_pg_lost(struct async_pg *pg, const char *why);

/* ---- calls and their queues -------------------------------------------- */

static char *
copy_string(const char *s)
{
	char *p = s == NULL ? NULL : strdup(s);

	if (s != NULL && p == NULL)
		fatal("out of memory");
	return p;
}

static struct pg_call *
pg_call_new(const char *account, enum query q, struct db_args args,
    pg_done *done, void *arg)
{
	struct pg_call *c = calloc(1, sizeof(*c));

	if (args.n != query_defs[q].nparams)
		BUG("query %s takes %d parameters, not %d", query_defs[q].name,
		    query_defs[q].nparams, args.n);
	if (c == NULL ||
	    (c->v = calloc((size_t)args.n + 1, sizeof(*c->v))) == NULL)
		fatal("out of memory");
	c->q = q;
	c->account = copy_string(account);
	c->n = args.n;
	for (int i = 0; i < args.n; i++)
		c->v[i] = copy_string(args.v[i]);
	c->done = done;
	c->arg = arg;
	return c;
}

static void
pg_queue_init(struct pg_queue *q)
{
	*q = (struct pg_queue){.last = &q->first};
}

static void
pg_queue_put(struct pg_queue *q, struct pg_call *c)
{
	c->next = NULL;
	*q->last = c;
	q->last = &c->next;
	q->n++;
}

static struct pg_call *
pg_queue_get(struct pg_queue *q)
{
	struct pg_call *c = q->first;

	if (c == NULL)
		return NULL;
	q->first = c->next;
	if (q->first == NULL)
		q->last = &q->first;
	q->n--;
	return c;
}

/* Tells the outcome of a call that is in no queue, and frees it. */
static void
pg_call_finish(struct pg_call *c)
{
	struct rows rows = {c->kept, 0};

	if (c->rc == OK && c->kept != NULL)
		rows.n = PQntuples(c->kept);
	if (c->done != NULL)
		c->done(c->arg, c->rc, &rows);
	PQclear(c->kept);
	for (int i = 0; i < c->n; i++)
		free(c->v[i]);
	free(c->v);
	free(c->account);
	free(c);
}

/* All of them are E_UNAVAILABLE. */
static void
pg_queue_fail(struct pg_queue *q)
{
	/* done() may queue new calls: take the list first. */
	struct pg_call *c = q->first, *next;

	pg_queue_init(q);
	for (; c != NULL; c = next) {
		next = c->next;
		c->rc = E_UNAVAILABLE;
		pg_call_finish(c);
	}
}

/* Frees all of them without telling anyone. */
static void
pg_queue_forget(struct pg_queue *q)
{
	for (struct pg_call *c = q->first; c != NULL; c = c->next)
		c->done = NULL;
	pg_queue_fail(q);
}

/* ---- sending ---------------------------------------------------------- */

static void
watch_io(struct async_pg *pg, int events)
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
send_account(struct async_pg *pg, const struct pg_call *c)
{
	const char *v[] = {c->account};

	return PQsendQueryParams(pg->conn,
		   "SELECT set_config('app.account', $1, true)", 1, NULL, v,
		   NULL, NULL, 0) == 1;
}

static bool
send_call(struct async_pg *pg, struct pg_call *c)
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
send_waiting(struct async_pg *pg)
{
	struct pg_call *c;
	int left;

	while (pg->state == UP && pg->sent.n < IN_FLIGHT_MAX &&
	       (c = pg_queue_get(&pg->waiting)) != NULL) {
		pg_queue_put(&pg->sent, c);
		c->deadline = clock_ms() + CALL_MS;
		if (!send_call(pg, c)) {
			async_pg_lost(pg, PQerrorMessage(pg->conn));
			return;
		}
	}
	if (pg->state != UP)
		return;
	left = PQflush(pg->conn);
	if (left < 0)
		async_pg_lost(pg, PQerrorMessage(pg->conn));
	else
		watch_io(pg, left > 0 ? EV_READ | EV_WRITE : EV_READ);
}

/* ---- receiving -------------------------------------------------------- */

static void
pg_call_fail(struct async_pg *pg, struct pg_call *c, const PGresult *res)
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
pg_call_add_result(struct async_pg *pg, struct pg_call *c, PGresult *res)
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
		pg_call_fail(pg, c, res);
	}
	PQclear(res);
	return false;
}

static void
async_pg_receive(struct async_pg *pg)
{
	PGconn *conn = pg->conn;

	if (!PQconsumeInput(conn)) {
		async_pg_lost(pg, PQerrorMessage(conn));
		return;
	}
	while (pg->conn == conn && pg->sent.first != NULL && !PQisBusy(conn)) {
		if (PQstatus(conn) != CONNECTION_OK) {
			async_pg_lost(pg, PQerrorMessage(conn));
			return;
		}
		if (pg_call_add_result(pg, pg->sent.first, PQgetResult(conn)))
			pg_call_finish(pg_queue_get(&pg->sent));
	}
	if (pg->conn == conn)
		send_waiting(pg);
}

/* ---- connecting ------------------------------------------------------- */

static void
schedule_retry(struct async_pg *pg)
{
	double jitter = 0.75 + 0.5 * drand48();

	ev_timer_stop(pg->loop, &pg->retry);
	ev_timer_set(&pg->retry, pg->retry_s * jitter, 0.);
	ev_timer_start(pg->loop, &pg->retry);
	pg->retry_s =
	    pg->retry_s * 2 > RETRY_MAX_S ? RETRY_MAX_S : pg->retry_s * 2;
}

static void
async_pg_lost(struct async_pg *pg, const char *why)
{
	struct arena a;

	arena_init(&a);
	why = arena_strndup(&a, why, strcspn(why, "\n"));
	ev_io_stop(pg->loop, &pg->io);
	PQfinish(pg->conn);
	pg->conn = NULL;
	pg->state = DOWN;
	memset(pg->prepared, 0, sizeof(pg->prepared));
	if (!pg->down_logged)
		log_warn("db_down", "why", why);
	pg->down_logged = true;
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
mark_up(struct async_pg *pg)
{
	if (PQsetnonblocking(pg->conn, 1) != 0 ||
	    !PQenterPipelineMode(pg->conn)) {
		async_pg_lost(pg, PQerrorMessage(pg->conn));
		return;
	}
	PQsetNoticeReceiver(pg->conn, ignore_notice, NULL);
	pg->state = UP;
	pg->retry_s = RETRY_MIN_S;
	log_info("db_up");
	pg->down_logged = false;
	watch_io(pg, EV_READ);
	send_waiting(pg);
}

static void
connect_continue(struct async_pg *pg)
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
		mark_up(pg);
		break;
	default:
		async_pg_lost(pg, PQerrorMessage(pg->conn));
	}
}

static void
connect_start(struct async_pg *pg)
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
		async_pg_lost(pg, PQerrorMessage(pg->conn));
	else
		watch_io(pg, EV_WRITE);
}

/* ---- the loop's calls ------------------------------------------------- */

static void
on_io(struct ev_loop *loop, struct ev_io *w, int events)
{
	struct async_pg *pg = w->data;

	(void)loop;
	if (pg->state == CONNECTING)
		connect_continue(pg);
	else if (events & EV_READ)
		async_pg_receive(pg);
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
	struct async_pg *pg = w->data;

	(void)loop;
	(void)events;
	if (pg->state == DOWN)
		pg_queue_fail(&pg->waiting);
}

static void
on_deadline_check(struct ev_loop *loop, struct ev_timer *w, int events)
{
	struct async_pg *pg = w->data;
	int64_t now = clock_ms();

	(void)loop;
	(void)events;
	if (pg->state == CONNECTING && now > pg->connect_by)
		async_pg_lost(pg, "no connection within 5 seconds");
	else if (pg->state == UP && pg->sent.first != NULL &&
		 now > pg->sent.first->deadline)
		async_pg_lost(pg, "no answer within 5 seconds");
}

/* ---- for everyone ----------------------------------------------------- */

struct async_pg *
async_pg_open(struct ev_loop *loop, const char *conninfo, const char *role,
    const char *program)
{
	struct async_pg *pg = calloc(1, sizeof(*pg));

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
	ev_timer_init(&pg->deadline_check, on_deadline_check, 1., 1.);
	ev_timer_init(&pg->refuse, on_refuse, 0., 0.);
	pg->io.data = pg->retry.data = pg->deadline_check.data =
	    pg->refuse.data = pg;
	ev_timer_start(loop, &pg->deadline_check);
	connect_start(pg);
	return pg;
}

void
async_pg_close(struct async_pg *pg)
{
	if (pg == NULL)
		return;
	ev_io_stop(pg->loop, &pg->io);
	ev_timer_stop(pg->loop, &pg->retry);
	ev_timer_stop(pg->loop, &pg->deadline_check);
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
pg_call(struct async_pg *pg, const char *account, enum query q,
    struct db_args args, pg_done *done, void *arg)
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
async_pg_is_up(const struct async_pg *pg)
{
	return pg->state == UP;
}
