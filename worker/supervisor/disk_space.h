/*
 * room: the disk under run.var keeps storage.free_megabytes free.
 *
 * Below that no generation starts here, and those that run are stopped and
 * wait until there is room again; no attempt is counted.
 */
#ifndef WORKER_SUPERVISOR_DISK_SPACE_H
#define WORKER_SUPERVISOR_DISK_SPACE_H

#include "worker/supervisor/slot_pool.h"
#include "worker/supervisor/running_job.h"
#include "worker/supervisor/worker.h"

#include <stdbool.h>

struct room {
	int64_t look_ms; /* the next look, monotonic */
	int64_t park_ms; /* the lanes are told again then */
	bool low;
};

/* room_look: is there too little?  Looks at the disk once a second. */
bool room_look(struct room *r, struct worker *w);

/* room_stop: stops what runs, and says on the lanes why nothing starts. */
void room_stop(struct room *r, struct worker *w, struct crew *crew);

/* room_wait: a work that was stopped for lack of room waits again. */
void room_wait(struct worker *w, struct work *work);

#endif
