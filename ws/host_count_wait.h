/*
 * stats_host: GET /api/stats/host?hostname=, a held request.
 *
 * Asks for a count of the host's URLs unless there is a fresh one, and waits
 * for it up to live.stats_seconds; then it answers with the count so far.
 * The head is not sent before the outcome is known, because a count that
 * fails has another status; so few may be held at once, for one address and
 * in all.
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

/* host_count_wait_closed: the connection of a held request is gone. */
void host_count_wait_closed(struct hold *h);

/* Channels "host:{hostname}". */
void host_count_wait_up(struct host_count_wait *s);
void host_count_wait_message(struct host_count_wait *s, const char *channel,
    const char *data, size_t len);

/* host_count_wait_tick: a few times a second. */
void host_count_wait_tick(struct host_count_wait *s, int64_t now);

/* host_count_wait_stop: answers all with what is known. */
void host_count_wait_stop(struct host_count_wait *s);

#endif
