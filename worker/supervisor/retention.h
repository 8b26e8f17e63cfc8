/* retention: what is old is removed, by the rules "retention.*". */
#ifndef WORKER_SUPERVISOR_RETENTION_H
#define WORKER_SUPERVISOR_RETENTION_H

#include "worker/supervisor/worker.h"

/*
 * retention: one step; true: there is more, so call it again soon, but let
 * others have their turn before.  What fails is left to the next round.
 */
bool retention_run(struct worker *w);

#endif
