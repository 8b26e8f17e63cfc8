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

struct disk_space {
	int64_t look_ms; /* the next look, monotonic */
	int64_t park_ms; /* the lanes are told again then */
	bool low;
};

/* disk_space_look: is there too little?  Looks at the disk once a second. */
bool disk_space_look(struct disk_space *r, struct worker *w);

/* disk_space_stop: stops what runs, and says on the lanes why nothing starts.
 */
void disk_space_stop(
    struct disk_space *r, struct worker *w, struct slot_pool *slot_pool);

/* disk_space_wait: a work that was stopped for lack of room waits again. */
void disk_space_wait(struct worker *w, struct running_job *work);

#endif
