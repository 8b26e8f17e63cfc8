/* queue_subscriber: a worker hears of work, and knows when it cannot. */
#include "worker/supervisor/queue_subscriber.h"

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

/* How long one listens, in tenths of a second: to a silence, to a word. */
enum { SILENCE = 4, WORD = 50 };

/* What is said meanwhile: the lane; or "refused", or "nothing". */
static const char *
heard(struct queue_subscriber *b, int tenths)
{
	static char lane[16];
	struct queue_subscriber_ear ear = {hear_wake, hear_stop, lane};

	lane[0] = '\0';
	for (int i = 0; i < tenths && b->hung && lane[0] == '\0'; i++) {
		struct pollfd p = {
		    .fd = queue_subscriber_fd(b), .events = POLLIN};

		if (poll(&p, 1, 100) > 0)
			queue_subscriber_hear(b, &ear);
	}
	if (!b->hung)
		return "refused";
	return lane[0] == '\0' ? "nothing" : lane;
}

static void
all(struct test_redis *t, struct redis *r, struct arena *a)
{
	redisReply *reply;
	struct queue_subscriber b;

	queue_subscriber_init(&b, t->url);
	ok(queue_subscriber_hang(&b), "it listens");
	is(heard(&b, SILENCE), "nothing", "nothing is said");
	is_int(queue_wake(r, a, "builtin"), OK, "something is");
	is(heard(&b, WORD), "builtin", "and heard");
	redis_drop(b.redis);
	b.hung = false;
	is_int(redis_do(r, a, &reply, "ACL SETUSER default resetchannels"), OK,
	    "an account that may not listen");
	ok(queue_subscriber_hang(&b), "asks");
	is(heard(&b, WORD), "refused", "and knows that it hears nothing");
	ok(!queue_subscriber_hang(&b), "which it does not ask again at once");
	is_int(redis_do(r, a, &reply, "ACL SETUSER default allchannels"), OK,
	    "until it may");
	b.retry_ms = 0;
	ok(queue_subscriber_hang(&b), "it asks later");
	is(heard(&b, SILENCE), "nothing", "and is let in");
	is_int(queue_wake(r, a, "builtin"), OK, "then, too,");
	is(heard(&b, WORD), "builtin", "it is heard");
	queue_subscriber_release(&b);
}

int
main(void)
{
	test_redis_run(all);
	return done();
}
