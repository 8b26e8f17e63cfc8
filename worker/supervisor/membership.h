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

struct lock {
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

void lock_init(struct lock *l, const struct conf *c, int slots);

/*
 * lock_take: gets the lock and registers the worker, if it has not; true
 * while it is held.  Call it often.
 */
bool lock_take(struct lock *l, struct worker *w);

/* lock_fd: readable when something happened to the connection; or -1. */
int lock_fd(struct lock *l);

/* lock_check: lock_fd is readable: does the lock still stand? */
void lock_check(struct lock *l);

/*
 * lock_ask: a query on the connection of a lock that is held.  It gives one
 * row, whose column "backend" is pg_backend_pid(): where that is another, or
 * nothing is answered, the lock is lost.
 */
void lock_ask(struct lock *l, enum query q, struct db_args args);

/* lock_leave: the row and the lock go, and all that l has. */
void lock_leave(struct lock *l, struct worker *w);

#endif
