/* probe: tests of providers, asked for by the operator, in lane "probe". */
#ifndef WORKER_SUPERVISOR_CLAIM_MODEL_PROBE_H
#define WORKER_SUPERVISOR_CLAIM_MODEL_PROBE_H

#include "worker/supervisor/running_job.h"

extern const struct duty duty_probe;

/*
 * model_probe_claim: makes the test of a provider this worker's.  E_NOTFOUND:
 * none is asked for.  work is the caller's to free.
 */
enum rc model_probe_claim(struct worker *w, const char *provider,
    struct running_job **work) MUST_CHECK;

/* model_probe_fill: tests that were asked for and stand in no lane. */
enum rc model_probe_fill(struct worker *w) MUST_CHECK;

#endif
