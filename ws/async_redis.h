/*
 * async_redis: Redis on the event loop, by two connections: one subscribes to
 * channels, one sends commands.
 *
 * Invariants: both are up or neither is; when one is lost the other is
 * closed and both are tried again with back-off.  A subscription does not
 * outlive its connection: when the connection is up again its owner subscribes
 * anew. Callbacks run on the loop, never from within the function that was
 * called.
 */
#ifndef WS_ASYNC_REDIS_H
#define WS_ASYNC_REDIS_H

#include "core/redis.h"

#include <ev.h>
#include <stdbool.h>

struct async_redis;
struct redis_call;

/* Called from the loop; they must not close the connection. */
struct async_redis_listener {
	void *arg;
	void (*up)(void *arg);
	void (*down)(void *arg);
	void (*subscribed)(void *arg, const char *channel);
	void (*unsubscribed)(void *arg, const char *channel);
	void (*message)(
	    void *arg, const char *channel, const char *data, size_t len);
};

/* reply is NULL when Redis is down or answered with an error (logged). */
typedef void redis_done(void *arg, redisReply *reply);

/* async_redis_open: url as conf redis.url; fatal when it cannot be read. */
struct async_redis *async_redis_open(struct ev_loop *loop, const char *url,
    const struct async_redis_listener *listener);

/* async_redis_close: calls still under way are answered with NULL. */
void async_redis_close(struct async_redis *redis);

bool async_redis_is_up(const struct async_redis *redis);

/* Each does nothing while the connection is down. */
void async_redis_subscribe(struct async_redis *redis, const char *channel);
void async_redis_unsubscribe(struct async_redis *redis, const char *channel);

/* async_redis_command: argc strings; done may be NULL. */
struct redis_call *async_redis_command(struct async_redis *redis, int argc,
    const char *const *argv, redis_done *done, void *arg);

/* async_redis_script: argv are nkeys keys, then the arguments. */
struct redis_call *async_redis_script(struct async_redis *redis, enum script s,
    int nkeys, int argc, const char *const *argv, redis_done *done, void *arg);

/* async_redis_cancel: done will not be called. */
void async_redis_cancel(struct redis_call *call);

#endif
