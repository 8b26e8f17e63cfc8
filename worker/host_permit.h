/*
 * host_permit: when a host may be asked, for a slot that wants to know.
 *
 * Redis holds the shares of all workers; while it is away those of this
 * worker's slots alone are kept apart (worker/crawl/permit.h).
 */
#ifndef WORKER_HOST_PERMIT_H
#define WORKER_HOST_PERMIT_H

#include "worker/crawl/permit.h"
#include "worker/worker.h"

/* host_permit: what the slot of that number may do. */
void host_permit(
    struct worker *w, int slot, const struct permit_ask *q, struct permit *out);

#endif
