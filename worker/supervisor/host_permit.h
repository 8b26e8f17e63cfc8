/*
 * host_permit: answers a slot that asks when requests may go to a host.
 *
 * Redis holds the shares of all workers.  While it is away, the supervisor
 * divides the host between its own slots only (core/permit.h).
 */
#ifndef WORKER_SUPERVISOR_HOST_PERMIT_H
#define WORKER_SUPERVISOR_HOST_PERMIT_H

#include "core/permit.h"
#include "worker/supervisor/worker.h"

/* host_permit: what the slot of that number may do. */
void host_permit(
    struct worker *w, int slot, const struct permit_ask *q, struct permit *out);

#endif
