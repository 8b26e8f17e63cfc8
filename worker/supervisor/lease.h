/*
 * lease: who is alive.  We renew the leases of our jobs, and take over those
 * of workers that died.
 *
 * Only the server's clock counts.  A death is seen in two ways: the worker's
 * advisory lock is free (at once), or a lease ran out (its host is gone).  A
 * false alarm is harmless, as the fence keeps the old attempt from writing and
 * a living worker's folder is not removed (workdir.h), but it costs work: so
 * after a restart of the server, which frees every lock, and after a jump of
 * its clock, which ends every lease, the others get time to come back.
 */
#ifndef WORKER_SUPERVISOR_LEASE_H
#define WORKER_SUPERVISOR_LEASE_H

#include "core/ids.h"
#include "worker/supervisor/membership.h"
#include "worker/supervisor/slot_pool.h"

#define SUSPECTS_MAX 64

struct lease {
	int64_t beat_ms;   /* the next heartbeat, monotonic */
	int64_t renew_ms;  /* the next one in the middle of something else */
	int64_t watch_ms;  /* the next look at the others */
	int64_t locks_ms;  /* free locks mean nothing before */
	int64_t leases_ms; /* old leases mean nothing before */
	int64_t lapse_ms;  /* the next look at old leases */
	int64_t server_ms; /* the server's clock when we looked last */
	int64_t looked_ms; /* ours at the same time */
	char suspects[SUSPECTS_MAX][UUID_LEN + 1]; /* of the last look */
	int nsuspects;
};

/* lease_back: the database is there (again): beat at once, judge later. */
void lease_back(struct lease *l);

/* lease_beat_now: someone said that one of our jobs was canceled. */
void lease_beat_now(struct lease *l);

/* lease_deaf: nobody could say that: ask every second.  Call it often. */
void lease_deaf(struct lease *l);

/*
 * lease_tick: heartbeat and watch, when due.  Jobs that are not ours any more
 * are stopped; jobs of the dead go back to their lanes.
 */
void lease_tick(struct lease *l, struct worker *w, struct slot_pool *slot_pool);

/*
 * lease_renew: for db_set_wait_callback: the heartbeat, when due, on the
 * connection of the lock, which has nothing else to do.  What is stored or
 * removed may take longer than a lease; who lost a job is told by the next
 * lease_tick.
 */
void lease_renew(struct lease *l, struct worker *w, struct slot_pool *slot_pool,
    struct membership *lock);

/* lease_next: when lease_tick has something to do. */
int64_t lease_next(const struct lease *l);

#endif
