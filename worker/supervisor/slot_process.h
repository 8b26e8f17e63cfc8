/* spawn: starting a slot's process. */
#ifndef WORKER_SUPERVISOR_SLOT_PROCESS_H
#define WORKER_SUPERVISOR_SLOT_PROCESS_H

#include "worker/supervisor/slot_pool.h"

/*
 * slot_process_spawn: makes the slot's directory if need be and executes this
 * program as `platen-worker --slot N` in it, with the wire on SLOT_WIRE_FD and
 * a configuration without secrets on SLOT_CONF_FD.  false: not now; the reason
 * is in the log.
 */
bool slot_process_spawn(struct worker *w, struct slot *s);

#endif
