/*
 * redis: a private redis-server for one C test, on a unix socket of its own.
 * It ends with the test, whatever becomes of that.
 */
#ifndef T_REDIS_H
#define T_REDIS_H

#include "core/arena.h"
#include "core/redis.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

struct test_redis {
	pid_t pid;
	char dir[64];
	char url[160];  /* as redis.url takes it */
	char path[128]; /* of the socket */
};

/* The socket is there a moment before anybody listens. */
static bool
test_redis_listens(const struct test_redis *t)
{
	redisContext *c = redisConnectUnix(t->path);
	bool good = c != NULL && c->err == 0;

	redisFree(c);
	return good;
}

static void
test_redis_start(struct test_redis *t)
{
	/* As in each of our programs. */
	signal(SIGPIPE, SIG_IGN);
	snprintf(t->dir, sizeof(t->dir), "/tmp/platen-t-redis-XXXXXX");
	if (mkdtemp(t->dir) == NULL)
		abort();
	snprintf(t->path, sizeof(t->path), "%s/sock", t->dir);
	snprintf(t->url, sizeof(t->url), "unix:%s", t->path);
	t->pid = fork();
	if (t->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (freopen("/dev/null", "w", stdout) != NULL)
			execlp("redis-server", "redis-server", "--port", "0",
			    "--unixsocket", t->path, "--dir", t->dir, "--save",
			    "", (char *)NULL);
		_exit(127);
	}
	for (int i = 0; !test_redis_listens(t); i++) {
		if (i == 500)
			abort();
		usleep(10000);
	}
}

/* A second time does nothing. */
static void
test_redis_stop(struct test_redis *t)
{
	if (t->pid == 0)
		return;
	kill(t->pid, SIGKILL);
	waitpid(t->pid, NULL, 0);
	t->pid = 0;
	unlink(t->path);
	rmdir(t->dir);
}

/* test_redis_run: body with a redis-server, a client of it, and an arena. */
static void
test_redis_run(
    void (*body)(struct test_redis *t, struct redis *r, struct arena *a))
{
	struct test_redis t;
	struct redis *r;
	struct arena a;

	arena_init(&a);
	test_redis_start(&t);
	r = redis_open(t.url, 5000);
	body(&t, r, &a);
	redis_close(r);
	arena_release(&a);
	test_redis_stop(&t);
}

#endif
