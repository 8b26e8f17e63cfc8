/*
 * model_use: what a job says of the language model that works for it: how
 * long it will be, what it used, and what its provider allows.
 */
#ifndef WORKER_JOB_MODEL_USE_H
#define WORKER_JOB_MODEL_USE_H

#include "worker/job/job.h"

/*
 * job_passes: every page will be gone over n times, so a total told from now
 * on is one n-th of the whole.  1 again: totals are whole.
 */
void job_passes(struct job *job, int n);

/* job_tokens: tokens a language model has read and written for the job. */
void job_tokens(struct job *job, long tokens);

/*
 * job_call: before each call of a provider's model: waits until one more is
 * allowed by the limit per minute of all workers together.  The first one
 * brings the provider's key: conf has it from then on.  False: the job was
 * stopped meanwhile.
 */
bool job_call(struct job *job, const char *provider);

/*
 * job_later: after a failure another try is of no use before ms have passed,
 * as the other side said (Retry-After).
 */
void job_later(struct job *job, long ms);

/*
 * job_quota: the provider lets nobody in for ms more (a daily quota).  Its
 * lane is parked for so long: what has not started waits there.  A job that
 * fails after this waits too, and the try is not counted, unless the failure
 * is permanent; one that can do without goes on.  why is the sentence.
 */
void job_quota(struct job *job, long ms, const char *why);

#endif
