#include "cli/redis_server.h"

#include "cli/environment.h"
#include "core/ids.h"
#include "core/log.h"
#include "core/redis.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define STOP_MS 10000

struct redis_user {
	enum keyholder who;
	const char *keys, *channels, *commands;
};

#define USER(who, keys, channels, commands) {who, keys, channels, commands},
static const struct redis_user redis_users[] = {
#include "cli/redis_users.def"
};
#undef USER

/* Redis is told of passwords by their hashes. */
static const char *
user_line(
    struct arena *a, const struct redis_user *u, const struct role_passwords *k)
{
	const char *password = k->password[u->who];
	const char *hex = sha256_hex(a, password, strlen(password));

	return arena_printf(a, "user %s on #%s %s %s %s\n", key_names[u->who],
	    hex, u->keys, u->channels, u->commands);
}

/*
 * Its folder of sockets is descriptor 3: a path would be too long.  Nobody gets
 * in as "default", but what a script has written is read back from the disk by
 * its rights.
 */
static const char *
redis_configuration(
    struct arena *a, const struct users *u, const struct role_passwords *k)
{
	const char *text = arena_printf(a,
	    "port 0\n"
	    "unixsocket /proc/self/fd/3/redis.sock\n"
	    "unixsocketperm %s\n"
	    "save \"\"\n"
	    "appendonly yes\n"
	    "appendfsync everysec\n"
	    "daemonize no\n"
	    "supervised no\n"
	    "user default off resetpass ~* &* +@all\n",
	    u->apart ? "777" : "700");

	for (size_t i = 0; i < sizeof(redis_users) / sizeof(redis_users[0]);
	     i++)
		text = arena_printf(
		    a, "%s%s", text, user_line(a, &redis_users[i], k));
	return text;
}

struct service *
redis_server_add(struct service_group *w, const struct users *u,
    const struct role_passwords *k)
{
	static const char *const argv[] = {"redis-server", "-", NULL};
	struct arena *a = w->var->arena;
	struct service m = {.name = "redis",
	    .spec =
		{
		    .argv = argv,
		    .env = environment_plain(a),
		    .only_env = true,
		    .cwd = var_dir_path(w->var, "redis"),
		    .input = redis_configuration(a, u, k),
		    .drop = u->apart,
		    .uid = u->redis,
		    .gid = u->redis,
		    .death_signal = SIGTERM,
		},
	    .stop_signal = SIGTERM,
	    .hurry_signal = SIGTERM,
	    .stop_ms = STOP_MS};

	users_chown(u, w->var, "redis", u->redis, u->redis, 0700);
	users_chown(u, w->var, "run/redis", u->redis, u->redis, 0711);
	m.spec.fds[0] = open(var_dir_path(w->var, "run/redis"),
	    O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (m.spec.fds[0] < 0)
		fatal("%s: %s", var_dir_path(w->var, "run/redis"),
		    strerror(errno));
	return service_group_add(w, &m);
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
		reply = where.user == NULL ? redisCommand(c, "PING")
					   : redisCommand(c, "AUTH %s %s",
						 where.user, where.password);
	if (reply != NULL && where.user != NULL) {
		freeReplyObject(reply);
		reply = redisCommand(c, "PING");
	}
	ready = reply != NULL && reply->type == REDIS_REPLY_STATUS;
	if (reply != NULL)
		freeReplyObject(reply);
	if (c != NULL)
		redisFree(c);
	arena_release(&a);
	return ready;
}

bool
redis_server_set_aside(const struct var_dir *v, const struct users *u)
{
	const char *data = var_dir_path(v, "redis"), *aside;

	aside = arena_printf(
	    v->arena, "%s/redis.broken-%lld", v->path, (long long)time(NULL));
	if (rmdir(data) == 0 || rename(data, aside) < 0)
		aside = NULL;
	else
		log_warn("redis_set_aside", "to", aside);
	mkdir(data, 0700);
	users_chown(u, v, "redis", u->redis, u->redis, 0700);
	return aside != NULL;
}
