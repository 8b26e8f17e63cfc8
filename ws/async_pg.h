/*
 * async_pg: PostgreSQL on the event loop, pipelined on one connection.
 *
 * Invariants: a call for an account sets app.account in the same implicit
 * transaction (what stands between two sync points), so row-level security
 * sees it.  done is called exactly once and never from within pg_call, unless
 * the call was canceled.  A lost connection is tried again with back-off; the
 * calls it had are E_UNAVAILABLE.
 */
#ifndef WS_ASYNC_PG_H
#define WS_ASYNC_PG_H

#include "core/db.h"
#include "core/rc.h"

#include <ev.h>
#include <stdbool.h>

struct async_pg;
struct pg_call;

/* rows are freed when it returns; n is 0 unless rc is OK. */
typedef void pg_done(void *arg, enum rc rc, const struct rows *rows);

/* async_pg_open: as db_open; connects at once, in the background. */
struct async_pg *async_pg_open(struct ev_loop *loop, const char *conninfo,
    const char *role, const char *program);

/* async_pg_close: calls still under way are dropped; done is not called. */
void async_pg_close(struct async_pg *pg);

/*
 * pg_call: one named query, for account (uuid text) or NULL; the parameters
 * are copied.  Waits at most a few seconds for a connection or an answer.
 */
struct pg_call *pg_call(struct async_pg *pg, const char *account, enum query q,
    struct db_args args, pg_done *done, void *arg);

/* pg_cancel: done will not be called; the query may run all the same. */
void pg_cancel(struct pg_call *call);

bool async_pg_is_up(const struct async_pg *pg);

#endif
