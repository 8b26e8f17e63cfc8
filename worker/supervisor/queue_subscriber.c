#include "worker/supervisor/queue_subscriber.h"

#include "core/clock.h"
#include "core/log.h"
#include "worker/supervisor/worker.h"
#include "core/queue.h"

#include <string.h>

#define PAUSE_MS 100
#define PAUSE_MAX_MS 2000
/* A server that lets us in, but not listen, is asked again after this. */
#define REFUSED_MS 30000

/* A silent server is asked after this, and given up after that. */
#define PING_MS 10000
#define SILENCE_MS 20000

void
queue_subscriber_init(struct queue_subscriber *b, const char *url)
{
	memset(b, 0, sizeof(*b));
	b->redis = redis_open(url, WORKER_REDIS_MS);
}

void
queue_subscriber_release(struct queue_subscriber *b)
{
	redis_close(b->redis);
	b->redis = NULL;
}

static void
subscriber_disconnect(struct queue_subscriber *b)
{
	redis_drop(b->redis);
	b->hung = false;
}

/* Commands on a subscribed connection are a few bytes: they fit. */
static bool
subscriber_send(
    struct queue_subscriber *b, redisContext *c, const char *command)
{
	int written = 0;

	if (redisAppendCommand(c, command) == REDIS_OK)
		while (redisBufferWrite(c, &written) == REDIS_OK)
			if (written != 0)
				return true;
	subscriber_disconnect(b);
	return false;
}

static void
listen_for_silence(struct queue_subscriber *b, int64_t now)
{
	if (now - b->heard_ms > SILENCE_MS) {
		log_warn("bell_silent");
		subscriber_disconnect(b);
	} else if (now - b->heard_ms > PING_MS && !b->pinged) {
		b->pinged = subscriber_send(b, redis_context(b->redis), "PING");
	}
}

bool
queue_subscriber_hang(struct queue_subscriber *b)
{
	int64_t now = clock_ms();
	redisContext *c;

	if (b->hung)
		listen_for_silence(b, now);
	if (b->hung || now < b->retry_ms)
		return false;
	b->pause_ms = b->pause_ms == 0 ? PAUSE_MS : b->pause_ms * 2;
	if (b->pause_ms > PAUSE_MAX_MS)
		b->pause_ms = PAUSE_MAX_MS;
	b->retry_ms = now + b->pause_ms;
	c = redis_context(b->redis);
	if (c == NULL ||
	    !subscriber_send(b, c, "SUBSCRIBE " CHANNEL_WAKE " " CHANNEL_STOP))
		return false;
	b->hung = true;
	b->pause_ms = 0;
	b->heard_ms = clock_ms();
	b->pinged = false;
	return true;
}

int
queue_subscriber_fd(struct queue_subscriber *b)
{
	redisContext *c = b->hung ? redis_context(b->redis) : NULL;

	return c == NULL ? -1 : c->fd;
}

/* {"message", channel, text}; the answers to SUBSCRIBE are of no use. */
static void
subscriber_deliver(const redisReply *r, const struct queue_subscriber_ear *ear)
{
	if (r->type != REDIS_REPLY_ARRAY || r->elements != 3 ||
	    r->element[2]->type != REDIS_REPLY_STRING ||
	    r->element[1]->type != REDIS_REPLY_STRING)
		return;
	if (strcmp(r->element[1]->str, CHANNEL_WAKE) == 0)
		ear->wake(ear->arg, r->element[2]->str);
	else if (strcmp(r->element[1]->str, CHANNEL_STOP) == 0)
		ear->stop(ear->arg, r->element[2]->str);
}

/* An account of Redis that may not subscribe: the sweep finds what is due. */
static void
subscriber_refused(struct queue_subscriber *b, const redisReply *r)
{
	if (!b->refused)
		log_warn("bell_refused", "why", r->str);
	b->refused = true;
	subscriber_disconnect(b);
	b->retry_ms = clock_ms() + REFUSED_MS;
}

void
queue_subscriber_hear(
    struct queue_subscriber *b, const struct queue_subscriber_ear *ear)
{
	redisContext *c = redis_context(b->redis);
	void *reply = NULL;

	if (c == NULL || redisBufferRead(c) != REDIS_OK) {
		log_warn("bell_lost", "why", c == NULL ? NULL : c->errstr);
		subscriber_disconnect(b);
		return;
	}
	b->heard_ms = clock_ms();
	b->pinged = false;
	while (b->hung && redisReaderGetReply(c->reader, &reply) == REDIS_OK &&
	       reply != NULL) {
		if (((redisReply *)reply)->type == REDIS_REPLY_ERROR)
			subscriber_refused(b, reply);
		else
			subscriber_deliver(reply, ear);
		freeReplyObject(reply);
		reply = NULL;
	}
}
