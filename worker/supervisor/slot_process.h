/* spawn: starting a slot's process. */
#ifndef WORKER_SUPERVISOR_SLOT_PROCESS_H
#define WORKER_SUPERVISOR_SLOT_PROCESS_H

#include "worker/supervisor/slot_pool.h"

/*
 * spawn_slot: makes the slot's directory if need be and executes this
 * program as `platen-worker --slot N` in it, with the wire on RUNNER_FD and a
 * configuration without secrets on RUNNER_CONF_FD.  false: not now; the
 * reason is in the log.
 */
bool spawn_slot(struct worker *w, struct slot *s);

#endif
