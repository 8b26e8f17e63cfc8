/*
 * claim: a generation in the hands of this worker, from the claim to its end.
 *
 * Every write carries the fence, the number of the attempt: what comes too
 * late changes nothing (E_LATE).
 */
#ifndef WORKER_SUPERVISOR_CLAIM_GENERATION_CLAIM_H
#define WORKER_SUPERVISOR_CLAIM_GENERATION_CLAIM_H

#include "worker/supervisor/running_job.h"

extern const struct duty duty_generation;

/*
 * generation_claim: makes id this worker's, if it still waits, and tells of
 * it.  E_NOTFOUND: it does not wait any more; E_LIMIT: its lane takes no more
 * just now, and it stands there again.  work is the caller's to free.
 */
enum rc generation_claim(struct worker *w, const char *lane, const char *id,
    struct running_job **work) MUST_CHECK;

#endif
