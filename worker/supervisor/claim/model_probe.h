/* probe: tests of providers, asked for by the operator, in lane "probe". */
#ifndef WORKER_SUPERVISOR_CLAIM_MODEL_PROBE_H
#define WORKER_SUPERVISOR_CLAIM_MODEL_PROBE_H

#include "worker/supervisor/running_job.h"

extern const struct duty duty_probe;

/*
 * claim_probe: makes the test of a provider this worker's.  E_NOTFOUND: none
 * is asked for.  work is the caller's to free.
 */
enum rc claim_probe(
    struct worker *w, const char *provider, struct work **work) MUST_CHECK;

/* probe_fill: tests that were asked for and stand in no lane. */
enum rc probe_fill(struct worker *w) MUST_CHECK;

#endif
