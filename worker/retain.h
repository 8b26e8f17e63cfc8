/* retain: what is old is removed, by the rules "retention.*". */
#ifndef WORKER_RETAIN_H
#define WORKER_RETAIN_H

#include "worker/worker.h"

/* retain: one round; what fails is left to the next. */
void retain(struct worker *w);

#endif
