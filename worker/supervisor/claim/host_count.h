/*
 * count: counting a host's URLs, in the lane "analyze".
 *
 * The same pattern as claim.c, on table hosts.  Listeners on the Redis
 * channel "host:{hostname}" hear {"hostname","urlsCount","isComplete",
 * "error"?} whenever the count grows and when it ends.
 */
#ifndef WORKER_SUPERVISOR_CLAIM_HOST_COUNT_H
#define WORKER_SUPERVISOR_CLAIM_HOST_COUNT_H

#include "worker/supervisor/running_job.h"

extern const struct duty duty_host;

/* host_count_claim: E_NOTFOUND: it does not wait.  work is the caller's to
 * free. */
enum rc host_count_claim(struct worker *w, const char *hostname,
    struct running_job **work) MUST_CHECK;

/*
 * host_count_requeue: the hosts of the rows (column hostname) go to the front
 * of the lane; the sweep does it when Redis is away.
 */
void host_count_requeue(struct worker *w, const struct rows *rows);

#endif
