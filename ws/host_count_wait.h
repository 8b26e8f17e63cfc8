/*
 * host_count_wait: GET /api/stats/host?hostname=, a request that waits for the
 * count of a host's URLs.
 *
 * Asks for a count unless there is a fresh one, and waits
 * for it up to live.stats_seconds; then it answers with the count so far.
 * The head is not sent before the outcome is known, because a count that
 * fails has another status.  Few may wait at once, for one address and in all.
 */
#ifndef WS_HOST_COUNT_WAIT_H
#define WS_HOST_COUNT_WAIT_H

#include "ws/conn.h"

#include <stdint.h>

struct host_count_wait;

struct host_count_wait *host_count_wait_new(struct live *l);
void host_count_wait_free(struct host_count_wait *s);

/* host_count_wait_open: answers by itself, at once or later. */
void host_count_wait_open(struct live_request *rq);

/* host_count_wait_closed: the connection of a waiting request is gone. */
void host_count_wait_closed(struct count_waiter *w);

/* Channels "host:{hostname}". */
void host_count_wait_up(struct host_count_wait *s);
void host_count_wait_message(struct host_count_wait *s, const char *channel,
    const char *data, size_t len);

/* host_count_wait_tick: a few times a second. */
void host_count_wait_tick(struct host_count_wait *s, int64_t now);

/* host_count_wait_stop: answers all with the count so far. */
void host_count_wait_stop(struct host_count_wait *s);

#endif
