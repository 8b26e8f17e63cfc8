#include "cli/redis_server.h"

#include "core/log.h"
#include "core/redis.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define STOP_MS 10000

struct member *
redis_server_add(struct watch *w)
{
	/* Its folder of sockets is descriptor 3: a path would be too long. */
	static const char *const argv[] = {"redis-server", "--port", "0",
	    "--unixsocket", "/proc/self/fd/3/redis.sock", "--unixsocketperm",
	    "700", "--save", "", "--appendonly", "yes", "--appendfsync",
	    "everysec", "--daemonize", "no", "--supervised", "no", NULL};
	struct member m = {.name = "redis",
	    .spec =
		{
		    .argv = argv,
		    .cwd = var_path(w->var, "redis"),
		    .fds = {w->var->sockets, -1},
		    .death_signal = SIGTERM,
		},
	    .stop_signal = SIGTERM,
	    .hurry_signal = SIGTERM,
	    .stop_ms = STOP_MS};

	return watch_add(w, &m);
}

bool
redis_server_ready(const char *url)
{
	struct timeval wait = {1, 0};
	struct redis_where where;
	redisReply *reply = NULL;
	redisContext *c;
	struct arena a;
	bool ready;

	arena_init(&a);
	if (redis_parse(&a, url, &where) != NULL || where.path == NULL)
		BUG("not a private redis: %s", url);
	c = redisConnectUnixWithTimeout(where.path, wait);
	if (c != NULL && c->err == 0 && redisSetTimeout(c, wait) == REDIS_OK)
		reply = redisCommand(c, "PING");
	ready = reply != NULL && reply->type == REDIS_REPLY_STATUS;
	freeReplyObject(reply);
	if (c != NULL)
		redisFree(c);
	arena_release(&a);
	return ready;
}

bool
redis_server_set_aside(const struct var *v)
{
	const char *data = var_path(v, "redis"), *aside;

	aside = arena_printf(
	    v->arena, "%s/redis.broken-%lld", v->path, (long long)time(NULL));
	if (rmdir(data) == 0 || rename(data, aside) < 0)
		aside = NULL;
	else
		log_warn("redis_set_aside", "to", aside);
	mkdir(data, 0700);
	return aside != NULL;
}
