/*
 * queue: the lanes in Redis.  They give order and wake-ups only; what is due
 * stands in PostgreSQL, and a sweep puts back what a lane has lost.
 *
 * A lane is named by its provider; LANE_ANALYZE counts hosts, its ids are
 * host names; LANE_PROBE tests providers, its ids are their names.  The names
 * of keys and channels stand in core/schema/redis_names.h.
 */
#ifndef CORE_QUEUE_H
#define CORE_QUEUE_H

#include "core/arena.h"
#include "core/rc.h"
#include "core/redis.h"
#include "core/schema/redis_names.h"

#include <stdbool.h>

/*
 * queue_push: adds id for account (fairness is between accounts; any word
 * that identifies the owner will do); one that waits keeps its position.
 * position (may be NULL) gets 1 for the next.
 */
enum rc queue_push(struct redis *r, struct arena *a, const char *lane,
    const char *id, const char *account, long long *position) MUST_CHECK;

/*
 * queue_push_args: keys and arguments of SCRIPT_QUEUE_PUSH, for a caller with a
 * connection of another kind; they live in the arena.
 */
#define QUEUE_PUSH_KEYS 4
#define QUEUE_PUSH_ARGS 9
void queue_push_args(struct arena *a, const char *lane, const char *id,
    const char *account, const char *argv[QUEUE_PUSH_ARGS]);

/* queue_pop: the next id, in the arena; E_NOTFOUND: empty or paused. */
enum rc queue_pop(struct redis *r, struct arena *a, const char *lane,
    const char **id) MUST_CHECK;

/* queue_pop_except: the same, without the ids of n accounts. */
enum rc queue_pop_except(struct redis *r, struct arena *a, const char *lane,
    const char *const *accounts, int n, const char **id) MUST_CHECK;

/*
 * queue_return: gives back what queue_pop gave, to the front and without
 * waking anyone: the lane takes no more for the moment.
 */
enum rc queue_return(struct redis *r, struct arena *a, const char *lane,
    const char *id, const char *account) MUST_CHECK;

/*
 * queue_pause: queue_pop finds nothing in the lane for ms, or until
 * queue_resume where ms is 0.  Both copy what table lanes says.
 */
enum rc queue_pause(struct redis *r, struct arena *a, const char *lane,
    long long ms) MUST_CHECK;
enum rc queue_resume(
    struct redis *r, struct arena *a, const char *lane) MUST_CHECK;

/*
 * queue_reserve_call: one call of the lane's model, of which per_minute are
 * allowed on all workers together.  wait gets the ms until it may be made; that
 * time is the caller's alone.
 */
enum rc queue_reserve_call(struct redis *r, struct arena *a, const char *lane,
    long per_minute, long long *wait) MUST_CHECK;

/* queue_wake: workers look at the lane. */
enum rc queue_wake(
    struct redis *r, struct arena *a, const char *lane) MUST_CHECK;

/* One that should stand in a lane. */
struct queue_item {
	const char *id;      /* no blanks in it */
	const char *account; /* no blanks in it */
	bool again;          /* it was popped before: to the front */
};

/*
 * queue_fill: adds those of the n items that the lane lacks, and wakes the
 * workers if any.  added (may be NULL) gets how many.
 */
enum rc queue_fill(struct redis *r, struct arena *a, const char *lane,
    const struct queue_item *items, int n, long long *added) MUST_CHECK;

enum rc queue_remove(struct redis *r, struct arena *a, const char *lane,
    const char *id) MUST_CHECK;

/*
 * queue_position: 1 for the next, 0 when it does not wait; length (may be
 * NULL) gets how many wait.
 */
enum rc queue_position(struct redis *r, struct arena *a, const char *lane,
    const char *id, long long *position, long long *length) MUST_CHECK;

/* queue_stop: tells the worker that runs id to stop it at once. */
enum rc queue_stop(struct redis *r, struct arena *a, const char *id) MUST_CHECK;

#endif
