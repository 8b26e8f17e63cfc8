/*
 * slot: one process that runs one job at a time, seen from the supervisor.
 *
 * Invariants: a slot is free only with a process that said it is ready, no
 * work and an empty directory; the files in the directory belong to the work
 * until it is closed, even when the process is gone.
 */
#ifndef WORKER_SUPERVISOR_SLOT_POOL_H
#define WORKER_SUPERVISOR_SLOT_POOL_H

#include "worker/job/wire.h"
#include "worker/supervisor/running_job.h"

#include <sys/types.h>

/* Why a job was told to stop. */
enum stop_why {
	STOP_NONE,
	STOP_LOST, /* canceled, deleted, or another attempt has it */
	STOP_TIME, /* over its time */
	STOP_DISK, /* the disk is nearly full */
	STOP_BACK  /* this worker stops */
};

/* What a slot is for. */
enum slot_kind {
	SLOT_USUAL,  /* generations */
	SLOT_RELIEF, /* generations, while all usual ones have long been busy */
	SLOT_COUNTS  /* the lanes "analyze" and "probe" alone */
};

struct slot {
	int number;
	enum slot_kind kind;
	pid_t pid;         /* 0: no process */
	struct wire wire;  /* while there is a process */
	bool ready;        /* the process waits for a job */
	bool running;      /* it has not said "done" yet */
	bool keyed;        /* the process was given a provider's key */
	int jobs;          /* that this process was given */
	uint64_t names;    /* which files of the resolver it may read */
	int64_t spawn_ms;  /* not started again before */
	int64_t pause_ms;  /* between starts, while they fail */
	int64_t kill_ms;   /* killed then, if it still runs; 0: never */
	int64_t asks_ms;   /* of its questions for permits: since then ... */
	int asks;          /* ... so many */
	int64_t leave_ms;  /* its next call of a model is not before */
	enum stop_why why; /* it was told to stop */
	int dir;           /* its directory; -1 before the first start */
	struct running_job *work; /* owned; NULL: free */
};

/* All slots of a worker. */
struct slot_pool {
	struct slot *slots; /* owned */
	int n;
};

/* slot_pool_make: so many slots of each kind. */
void slot_pool_make(
    struct slot_pool *slot_pool, int usual, int relief, int counters);

/* slot_pool_release: kills what still runs and frees everything. */
void slot_pool_release(struct slot_pool *slot_pool);

/* slot_start: starts the process, if it is time and there is none. */
void slot_start(struct worker *w, struct slot *s);

bool slot_free(const struct slot *s);

/* slot_give: the slot runs the work, which it owns from now on. */
void slot_give(struct worker *w, struct slot *s, struct running_job *work);

/*
 * slot_stop: SIGTERM to the job, SIGKILL a second later.  What becomes of the
 * work stands in why; the first reason stays, but for STOP_LOST.
 */
void slot_stop(struct slot *s, enum stop_why why);

/* slot_read: takes in what the process said; false: nothing is there. */
bool slot_read(struct worker *w, struct slot *s);

/* slot_reaped: its process ended with this wait status. */
void slot_reaped(struct worker *w, struct slot *s, int status);

/*
 * slot_tick: what is due at now: progress, the end of a job, the time limit,
 * the kill.
 */
void slot_tick(struct worker *w, struct slot *s, int64_t now);

/*
 * slot_next: when slot_tick has something to do, or slot_start where a process
 * that ended is to be replaced; INT64_MAX: nothing.
 */
int64_t slot_next(const struct slot *s, bool replaced);

/* slot_quit: ends a process without a job. */
void slot_quit(struct slot *s);

#endif
