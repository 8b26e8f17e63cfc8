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
struct json_object;

/* What a supervisor can put into the folder of a job. */
enum job_source {
	SOURCE_SITE_CACHE, /* what an earlier run kept of the host */
	SOURCE_EDITS,      /* what people edited in the host's last file */
	SOURCE_MAX
};

struct job_file {
	enum job_source source;
	const char *name; /* of the file, without a folder */
};

struct gentype {
	const char *name; /* as in the API and the database */
	/* Not to be ordered: work of the service itself ("analyze"). */
	bool internal;
	/*
	 * The files that a job with this input is given, as far as they exist:
	 * a list ended by name NULL.  job->given has their paths.  NULL: none.
	 */
	const struct job_file *(*gather)(struct json_object *input);
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

/* gentype_gather: its list; an empty one where it is given nothing. */
const struct job_file *gentype_gather(
    const struct gentype *type, struct json_object *input);

#endif
