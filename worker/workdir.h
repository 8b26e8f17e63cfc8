/*
 * workdir: run.var/slots/{worker}, where the slots have their directories.
 */
#ifndef WORKER_WORKDIR_H
#define WORKER_WORKDIR_H

#include "worker/worker.h"

/*
 * workdir_make: the folder of worker id, absolute, owned by the conf.  It
 * can be entered by nobody but is listed by its owner alone.
 */
const char *workdir_make(struct conf *c, const char *id);

/* workdir_remove: our own, with all in it. */
void workdir_remove(const struct worker *w);

/* workdir_clear: what a dead worker left, if it was on this host. */
void workdir_clear(const struct worker *w, const char *id);

/* workdir_tidy: old folders of workers that nobody knows any more. */
void workdir_tidy(struct worker *w);

#endif
