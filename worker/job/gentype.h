/*
 * gentype: one kind of generation ("llms_txt").
 *
 * Each worker/gen/NAME.c defines one `const struct gentype gentype_NAME`;
 * the build makes the table gentypes[].
 */
#ifndef WORKER_JOB_GENTYPE_H
#define WORKER_JOB_GENTYPE_H

#include "core/rc.h"

#include <stdbool.h>

struct job;

struct gentype {
	const char *name; /* as in the API and the database */
	/* Not to be ordered: work of the service itself ("analyze"). */
	bool internal;
	/* It is given the cache of its host (job.h, cache_old). */
	bool cached;
	/*
	 * Does the job in the calling process and blocks until it is done.
	 * OK: its artifacts are complete.  E_STOPPED: job_stopping() said
	 * so.  Anything else: job->error is the sentence, job->permanent
	 * says whether another attempt is of use.
	 */
	enum rc (*run)(struct job *job);
};

extern const struct gentype *const gentypes[]; /* ended by NULL */

/* gentype_find: NULL for a name nobody defines. */
const struct gentype *gentype_find(const char *name);

#endif
