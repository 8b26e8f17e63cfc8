/*
 * queue_subscriber: the Redis subscription that wakes the supervisor.
 *
 * It carries hints only: a lost one costs time until the next sweep or
 * heartbeat, never a job.
 */
#ifndef WORKER_SUPERVISOR_QUEUE_SUBSCRIBER_H
#define WORKER_SUPERVISOR_QUEUE_SUBSCRIBER_H

#include "core/arena.h"
#include "core/redis.h"

#include <stdbool.h>
#include <stdint.h>

struct queue_subscriber {
	struct redis *redis; /* owned; for the subscription alone */
	bool hung;           /* subscribed */
	int64_t retry_ms;    /* not tried before, monotonic */
	int64_t pause_ms;    /* between two tries */
	int64_t heard_ms;    /* when anything came last */
	bool pinged;         /* since then */
	bool refused;        /* it may not subscribe, and that was said */
};

/* Who hears it. */
struct queue_subscriber_ear {
	void (*wake)(void *arg, const char *lane); /* something waits there */
	void (*stop)(void *arg, const char *id);   /* canceled or deleted */
	void *arg;
};

void queue_subscriber_init(struct queue_subscriber *b, const char *url);
void queue_subscriber_release(struct queue_subscriber *b);

/*
 * queue_subscriber_hang: subscribes, if it is not and it is time to; true in
 * the moment it succeeds: what was said in between was missed.  Notices a
 * server that fell silent.  Call it often.
 */
bool queue_subscriber_hang(struct queue_subscriber *b);

/* queue_subscriber_fd: readable when it rings; or -1. */
int queue_subscriber_fd(struct queue_subscriber *b);

/* queue_subscriber_hear: queue_subscriber_fd is readable. */
void queue_subscriber_hear(
    struct queue_subscriber *b, const struct queue_subscriber_ear *ear);

#endif
