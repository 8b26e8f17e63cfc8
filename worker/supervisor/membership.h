/*
 * lock: this worker's place among the workers.
 *
 * A row in table workers, and its advisory lock on an idle connection of our
 * own: the server frees the lock in the moment we die, and we learn at once
 * when the connection goes.  Without the lock nothing is claimed.
 */
#ifndef WORKER_SUPERVISOR_MEMBERSHIP_H
#define WORKER_SUPERVISOR_MEMBERSHIP_H

#include "worker/supervisor/worker.h"

struct membership {
	struct db *db; /* owned; for the lock alone */
	int64_t key;   /* random, our own */
	int slots;     /* shown in the row */
	bool held;
	int times;        /* it was taken; more often after each loss */
	int64_t backend;  /* the server's process that holds it for us */
	int64_t retry_ms; /* not tried before, monotonic */
	int64_t pause_ms; /* between two tries */
	bool unfit;       /* the schema is not ours, and that was said */
};

void membership_init(struct membership *l, const struct conf *c, int slots);

/*
 * membership_take: gets the lock and registers the worker, if it has not; true
 * while it is held.  Call it often.
 */
bool membership_take(struct membership *l, struct worker *w);

/* membership_fd: readable when something happened to the connection; or -1. */
int membership_fd(struct membership *l);

/* membership_check: membership_fd is readable: does the lock still stand? */
void membership_check(struct membership *l);

/*
 * membership_ask: a query on the connection of a lock that is held.  It gives
 * one row, whose column "backend" is pg_backend_pid(): where that is another,
 * or nothing is answered, the lock is lost.
 */
void membership_ask(struct membership *l, enum query q, struct db_args args);

/* membership_leave: the row and the lock go, and all that l has. */
void membership_leave(struct membership *l, struct worker *w);

#endif
