/*
 * job_files: what a job is given in its folder before it runs, as its type says
 * (worker/job/gentype.h, gather).
 */
#ifndef WORKER_SUPERVISOR_JOB_FILES_H
#define WORKER_SUPERVISOR_JOB_FILES_H

#include "worker/supervisor/running_job.h"

/* job_files_name: of the file from that source; NULL: it is given none. */
const char *job_files_name(const struct running_job *job,
    struct json_object *input, enum job_source source);

/*
 * job_files_put: puts the files into job->dir.  E_UNAVAILABLE: one that the job
 * cannot do without is not there; the job has become a failure.
 */
enum rc job_files_put(struct worker *w, struct running_job *job,
    struct json_object *input) MUST_CHECK;

/*
 * job_files_create: a fresh file in a slot's folder that the slot may read; -1
 * and errno.  The folder is the slot's: nothing there is followed or kept.
 */
int job_files_create(int dir, const char *name);

/* job_files_write: all n bytes; false and errno. */
bool job_files_write(int fd, const char *p, size_t n);

#endif
