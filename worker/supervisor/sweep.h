/*
 * sweep: what Redis has lost is put back from PostgreSQL.
 *
 * Every few seconds a bounded part of the waiting rows is compared with the
 * lanes; at once and wholly when Redis came back or was emptied.  Also here:
 * repeated tries that become due, events that did not go out, and, hourly,
 * the removal of what is old.
 */
#ifndef WORKER_SUPERVISOR_SWEEP_H
#define WORKER_SUPERVISOR_SWEEP_H

#include "worker/supervisor/lane.h"
#include "worker/supervisor/worker.h"

struct sweep {
	int64_t next_ms;   /* the next round, monotonic */
	int64_t epoch_ms;  /* the next look at Redis' epoch */
	int64_t retain_ms; /* the next removal of what is old */
	int64_t open_ms;   /* a parked lane opens then; 0: none does */
	bool whole;        /* the present round goes through everything */
	char epoch[40];    /* of Redis, as last seen */
};

/* sweep_init: the first round is due at once, the first removal later. */
void sweep_init(struct sweep *s);

/* sweep_whole: Redis may have lost everything. */
void sweep_whole(struct sweep *s, struct lanes *lanes);

void sweep_tick(struct sweep *s, struct worker *w, struct lanes *lanes);

/* sweep_next: when sweep_tick has something to do. */
int64_t sweep_next(const struct sweep *s, const struct worker *w);

#endif
