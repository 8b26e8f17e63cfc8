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

/* claim_host: E_NOTFOUND: it does not wait.  work is the caller's to free. */
enum rc claim_host(
    struct worker *w, const char *hostname, struct work **work) MUST_CHECK;

/*
 * count_requeue: the hosts of the rows (column hostname) go to the front of
 * the lane; the sweep does it when Redis is away.
 */
void count_requeue(struct worker *w, const struct rows *rows);

#endif
