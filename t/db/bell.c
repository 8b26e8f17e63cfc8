/* bell: a worker hears of work, and knows when it cannot. */
#include "worker/bell.h"

#include "core/queue.h"

#include "t/redis.h"
#include "t/tap.h"

#include <poll.h>

static void
hear_wake(void *arg, const char *lane)
{
	snprintf(arg, 16, "%s", lane);
}

static void
hear_stop(void *arg, const char *id)
{
	(void)arg;
	(void)id;
}

/* What is said within some seconds: the lane; or "refused", or "nothing". */
static const char *
heard(struct bell *b)
{
	static char lane[16];
	struct bell_ear ear = {hear_wake, hear_stop, lane};

	lane[0] = '\0';
	for (int i = 0; i < 50 && lane[0] == '\0'; i++) {
		struct pollfd p = {.fd = bell_fd(b), .events = POLLIN};

		if (!b->hung)
			return "refused";
		if (poll(&p, 1, 100) > 0)
			bell_hear(b, &ear);
		else if (i > 2)
			return "nothing";
	}
	return lane;
}

static void
all(struct test_redis *t, struct redis *r, struct arena *a)
{
	redisReply *reply;
	struct bell b;

	bell_init(&b, t->url);
	ok(bell_hang(&b), "it listens");
	is(heard(&b), "nothing", "nothing is said");
	is_int(queue_wake(r, a, "builtin"), OK, "something is");
	is(heard(&b), "builtin", "and heard");
	redis_drop(b.redis);
	b.hung = false;
	is_int(redis_do(r, a, &reply, "ACL SETUSER default resetchannels"), OK,
	    "an account that may not listen");
	ok(bell_hang(&b), "asks");
	is(heard(&b), "refused", "and knows that it hears nothing");
	ok(!bell_hang(&b), "which it does not ask again at once");
	is_int(redis_do(r, a, &reply, "ACL SETUSER default allchannels"), OK,
	    "until it may");
	b.retry_ms = 0;
	ok(bell_hang(&b), "it asks later");
	is(heard(&b), "nothing", "and is let in");
	is_int(queue_wake(r, a, "builtin"), OK, "then, too,");
	is(heard(&b), "builtin", "it is heard");
	bell_release(&b);
}

int
main(void)
{
	test_redis_run(all);
	return done();
}
