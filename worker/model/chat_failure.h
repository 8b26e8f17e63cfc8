/*
 * chat_failure: what a model's failure means for a job that cannot do without
 * it.
 */
#ifndef WORKER_MODEL_CHAT_FAILURE_H
#define WORKER_MODEL_CHAT_FAILURE_H

#include "core/rc.h"

struct chat_answer;
struct job;

/*
 * job_chat_failed: ends the job by what became of a question (an answer with
 * an error): a quota parks the lane and the job waits with it, what passes is
 * tried again when the provider allows, the rest is final.  Returns what
 * run() is to return.
 */
enum rc job_chat_failed(
    struct job *job, const struct chat_answer *answer) MUST_CHECK;

#endif
