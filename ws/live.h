/* live: the state of the sidecar, which all of its parts share. */
#ifndef WS_LIVE_H
#define WS_LIVE_H

#include "core/conf.h"
#include "ws/async_redis.h"
#include "ws/async_pg.h"

#include <ev.h>
#include <stdint.h>

struct auth;
struct client;
struct hub;
struct lws_context;
struct host_count_wait;

/* Since the start, for the log. */
struct live_counters {
	uint64_t opened;   /* listeners */
	uint64_t refused;  /* for lack of a session, of room, of an origin */
	uint64_t frames;   /* written */
	uint64_t events;   /* heard */
	uint64_t messages; /* messages of clients */
};

struct live {
	struct conf conf;
	struct ev_loop *loop;
	struct lws_context *lws;
	struct async_pg *pg;
	struct async_redis *redis;
	struct hub *hub;
	struct auth *auth;
	struct host_count_wait *host_counts;
	struct client *clients; /* all of them */
	int nclients;
	int nheads; /* requests of which a part has come */
	bool stopping;
	struct live_counters counters;
};

#endif
