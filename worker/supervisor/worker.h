/*
 * worker: what every part of the supervisor works with.
 *
 * Redis is told things as they happen, but nothing waits for it: after a
 * failure it is left alone for a while (worker_redis).
 */
#ifndef WORKER_SUPERVISOR_WORKER_H
#define WORKER_SUPERVISOR_WORKER_H

#include "core/arena.h"
#include "core/conf.h"
#include "core/db.h"
#include "core/generation.h"
#include "core/ids.h"
#include "core/json.h"
#include "core/queue.h"
#include "core/rc.h"
#include "core/redis.h"

#include <stdbool.h>
#include <stdint.h>

/* How long an answer of Redis is waited for, ms. */
#define WORKER_REDIS_MS 5000

struct lanes;
struct permits;

struct worker {
	const struct conf *conf;
	struct lanes *lanes; /* those it serves; borrowed */
	struct db *db;       /* role platen_worker */
	struct redis *redis; /* commands; the subscription is apart */
	/* For host_permit, while Redis is away; NULL: it never was. */
	struct permits *permits;
	struct arena scratch; /* emptied at every turn of the loop */
	char id[UUID_LEN + 1];
	const char *dir;       /* of this worker's slots, absolute */
	int dir_fd;            /* it, open and locked; see workdir.h */
	int64_t redis_rest_ms; /* no command before, monotonic */
	int redis_misses;      /* failures in a row */
	bool db_up;            /* no query while it is not */
	bool stopping;         /* what still runs is to be handed back */
	int64_t due_ms;        /* a repeated try is due then; 0: none known */
};

/* worker_redis: false while Redis is left alone. */
bool worker_redis(const struct worker *w);

/* worker_heard: takes note of how a command to Redis went; returns it. */
enum rc worker_heard(struct worker *w, enum rc rc);

/*
 * worker_announce: the event of a row's present status (columns of table
 * generations), and that it went out.  What fails is made up by the sweep.
 */
enum rc worker_announce(
    struct worker *w, const struct rows *rows, int row, enum event_kind kind);

/* worker_requeue: the row's generation goes to the front of its lane. */
void worker_requeue(struct worker *w, const struct rows *rows, int row);

/* worker_due: a repeated try is due in ms. */
void worker_due(struct worker *w, int64_t ms);

/* pg_array: n strings as an array parameter, in the arena. */
const char *pg_array(struct arena *a, const char *const *v, size_t n);

#endif
