/*
 * workdir: run.var/slots/{worker}, where the slots have their directories.
 *
 * A worker holds its folder locked (flock) while it lives, so that others of
 * this host remove what the dead left and nothing else, whatever they read in
 * the database.
 */
#ifndef WORKER_SUPERVISOR_WORKDIR_H
#define WORKER_SUPERVISOR_WORKDIR_H

#include "worker/supervisor/worker.h"

/*
 * workdir_make: our folder, dir (absolute, owned by the conf) and dir_fd.  It
 * can be entered by nobody but is listed by its owner alone.
 */
void workdir_make(struct worker *w, struct conf *c);

/*
 * workdir_stand: makes it again where someone removed it.  false: it cannot
 * be; the reason is in the log.
 */
bool workdir_stand(struct worker *w) MUST_CHECK;

/* workdir_gone: a folder that is open was removed. */
bool workdir_gone(int fd);

/* workdir_remove: our own, with all in it. */
void workdir_remove(struct worker *w);

/* workdir_clear: what a dead worker left, if it was on this host. */
void workdir_clear(const struct worker *w, const char *id);

/* workdir_tidy: old folders of workers that nobody knows any more. */
void workdir_tidy(struct worker *w);

#endif
