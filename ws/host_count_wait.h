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

struct stats;

struct stats *stats_new(struct live *l);
void stats_free(struct stats *s);

/* stats_open: answers by itself, at once or later. */
void stats_open(struct request *rq);

/* stats_closed: the connection of a held request is gone. */
void stats_closed(struct hold *h);

/* Channels "host:{hostname}". */
void stats_up(struct stats *s);
void stats_message(
    struct stats *s, const char *channel, const char *data, size_t len);

/* stats_tick: a few times a second. */
void stats_tick(struct stats *s, int64_t now);

/* stats_stop: answers all with what is known. */
void stats_stop(struct stats *s);

#endif
