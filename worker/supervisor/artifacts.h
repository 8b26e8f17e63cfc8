/*
 * result: from the files of a slot to the rows of table artifacts.
 *
 * The slot owns its directory and may be in strange hands: a file counts only
 * when it is a plain one, of the slot's own, in that directory itself.
 */
#ifndef WORKER_SUPERVISOR_ARTIFACTS_H
#define WORKER_SUPERVISOR_ARTIFACTS_H

#include "worker/supervisor/running_job.h"

#include <sys/types.h>

/*
 * artifacts_open: a file in a slot's directory, to be read; -1 for anything
 * that is not a plain file of the slot's own.
 */
int artifacts_open(int dir, const char *file, off_t *size);

/*
 * artifacts_put: reads the file and puts it, if the fence still holds
 * (E_NOTFOUND: it does not).  E_INPUT, E_TOOBIG: the file will not do; the
 * work has become a failure if the artifact was a final one.
 */
enum rc artifacts_put(struct worker *w, struct running_job *work,
    const struct artifact *art) MUST_CHECK;

/* artifacts_json: column "result", the facts and {"artifacts":[names]}. */
const char *artifacts_json(struct arena *a, const struct running_job *work);

/* artifacts_names: the names of the final artifacts as an array parameter. */
const char *artifacts_names(struct arena *a, const struct running_job *work);

#endif
