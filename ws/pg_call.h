/* pg_call: one question to PostgreSQL, and queues of them (for pg.c). */
#ifndef WS_PG_CALL_H
#define WS_PG_CALL_H

#include "ws/pg.h"

#include <libpq-fe.h>
#include <stdint.h>

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

/* pg_call_new: the parameters are copied. */
struct pg_call *pg_call_new(const char *account, enum query q,
    struct db_args args, pg_done *done, void *arg);

/* pg_call_finish: tells the outcome and frees; it is in no queue. */
void pg_call_finish(struct pg_call *c);

void pg_queue_init(struct pg_queue *q);
void pg_queue_put(struct pg_queue *q, struct pg_call *c);
struct pg_call *pg_queue_get(struct pg_queue *q);

/* pg_queue_fail: all of them are E_UNAVAILABLE. */
void pg_queue_fail(struct pg_queue *q);

/* pg_queue_forget: frees all of them without a word. */
void pg_queue_forget(struct pg_queue *q);

#endif
