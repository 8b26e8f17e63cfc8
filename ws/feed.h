/*
 * feed: Redis on the event loop; one connection listens, one asks.
 *
 * Invariants: both are up or the feed is down; when one is lost the other is
 * closed and both are tried again with back-off.  A subscription does not
 * outlive its connection: when the feed comes up its owner subscribes anew.
 * Callbacks run on the loop, never from within the call that asked.
 */
#ifndef WS_FEED_H
#define WS_FEED_H

#include "core/redis.h"

#include <ev.h>
#include <stdbool.h>

struct feed;
struct feed_call;

/* Who is told; each may be called with the feed half down, but not freed. */
struct feed_listener {
	void *arg;
	void (*up)(void *arg);
	void (*down)(void *arg);
	void (*subscribed)(void *arg, const char *channel);
	void (*unsubscribed)(void *arg, const char *channel);
	void (*message)(
	    void *arg, const char *channel, const char *data, size_t len);
};

/* reply is NULL when Redis is away or answered with an error (logged). */
typedef void feed_done(void *arg, redisReply *reply);

/* feed_open: url as conf redis.url; fatal when it cannot be read. */
struct feed *feed_open(struct ev_loop *loop, const char *url,
    const struct feed_listener *listener);

/* feed_close: calls still under way get their NULL. */
void feed_close(struct feed *f);

bool feed_is_up(const struct feed *f);

/* Nothing happens while the feed is down. */
void feed_subscribe(struct feed *f, const char *channel);
void feed_unsubscribe(struct feed *f, const char *channel);

/* feed_command: words with their terminators; done may be NULL. */
struct feed_call *feed_command(struct feed *f, int argc,
    const char *const *argv, feed_done *done, void *arg);

/* feed_script: argv are nkeys keys, then the arguments. */
struct feed_call *feed_script(struct feed *f, enum script s, int nkeys,
    int argc, const char *const *argv, feed_done *done, void *arg);

/* feed_cancel: done will not be called. */
void feed_cancel(struct feed_call *call);

#endif
