/*
 * lane: the lanes this worker serves, one per provider it has.
 *
 * A lane that was found empty is not asked again until it is woken.  Among
 * the others the one with the fewest jobs in our slots comes first, so that
 * slow jobs of one provider leave room for another's.
 *
 * A lane may be stopped: by the operator until he lets it go on, or parked by
 * a worker until the provider's quota is renewed; and it may have a limit of
 * how many run at once.  Table lanes is the truth, and the claim asks it;
 * Redis has a copy, so that an order keeps its place while it waits.
 */
#ifndef WORKER_SUPERVISOR_LANE_H
#define WORKER_SUPERVISOR_LANE_H

#include "core/ids.h"
#include "worker/supervisor/slot_pool.h"

#define LANES_MAX 32

struct lane {
	const char *name;
	bool limited;    /* only so many at once: see lane_left */
	long per_minute; /* calls of its model; 0: no limit */
	bool dry;        /* nothing was in it when we looked last */
	bool gone;       /* the sweep has been through it in this round */
	char at[40];     /* where the sweep goes on: time, */
	char after[UUID_LEN + 1]; /* and id; "" for the start */
};

struct lanes {
	struct lane v[LANES_MAX];
	int n;
	bool analyze_dry; /* of LANE_ANALYZE, which has slots of its own */
	bool probe_dry;   /* of LANE_PROBE, which shares those */
	int turn;         /* who is first among equals */
};

/* lanes_init: one lane for each of these names, ended by NULL. */
void lanes_init(struct lanes *l, const char *const *names);

/* lanes_wake: something may be in the lane of that name; NULL: in any. */
void lanes_wake(struct lanes *l, const char *name);

/*
 * lanes_next: the lanes in which something may wait, one after another from
 * NULL on; NULL: that was the last.
 */
struct lane *lanes_next(struct lanes *l, const struct lane *last);

/* lanes_pick: whose turn it is; NULL when all are dry. */
struct lane *lanes_pick(struct lanes *l, const struct slot_pool *slot_pool);

/*
 * lanes_sync: reads table lanes and copies it to Redis.  open_ms gets when
 * the first of the parked ones opens again (monotonic), 0 when none does.
 */
enum rc lanes_sync(
    struct lanes *l, struct worker *w, int64_t *open_ms) MUST_CHECK;

/* lane_park: nothing of the lane starts for ms; why is the sentence. */
enum rc lane_park(
    struct worker *w, const char *name, int64_t ms, const char *why) MUST_CHECK;

/*
 * lane_call: one call of the provider's model; wait gets the ms until it may
 * be made.  E_UNAVAILABLE: it is limited, and Redis is away.
 */
enum rc lane_call(struct worker *w, const char *name, long *wait) MUST_CHECK;

/* lane_left: one of it has ended: where few may run, another's turn comes. */
void lane_left(struct worker *w, const char *name);

/* lanes_names: as an array parameter. */
const char *lanes_names(const struct lanes *l, struct arena *a);

#endif
