/*
 * permit: what Redis says of a host for all workers is what one process alone
 * would say, so that a Redis that is away changes nothing but who shares.
 */
#include "core/permit.h"

#include "t/redis.h"
#include "t/tap.h"

#include <string.h>

#define MS 1000LL
#define STEPS 4000

static uint64_t seed = 20261130;

static int
any(int n)
{
	seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return (int)((seed >> 33) % (uint64_t)n);
}

static const char *
number(struct arena *a, long long n)
{
	return arena_printf(a, "%lld", n);
}

static bool
by_redis(struct redis *r, struct arena *a, const char *asker,
    const struct permit_ask *q, int64_t now, struct permit *out)
{
	const char *argv[] = {arena_printf(a, "host:%s:permits", q->host),
	    asker, number(a, q->in_flight), number(a, q->want),
	    number(a, q->window), number(a, q->gap_us),
	    number(a, q->delay_ms * MS), q->knows_delay ? "1" : "0",
	    number(a, q->good), q->bad ? "1" : "0", number(a, q->pause_ms * MS),
	    number(a, q->refused_s), number(a, q->refusals), number(a, now)};
	redisReply *reply;

	if (redis_script(r, a, SCRIPT_HOST_PERMIT, &reply, 1,
		sizeof(argv) / sizeof(argv[0]), argv) != OK ||
	    reply->elements != 6)
		return false;
	*out = (struct permit){(int)reply->element[0]->integer,
	    (int)reply->element[1]->integer, reply->element[2]->integer,
	    reply->element[3]->integer, reply->element[4]->integer,
	    reply->element[5]->integer};
	return true;
}

static struct permit_ask
any_question(void)
{
	static const char *const hosts[] = {"a.example", "b.example:81"};
	struct permit_ask q = {.host = hosts[any(2)],
	    .in_flight = any(3) ? any(9) : 0,
	    .want = any(4) ? any(12) : 0,
	    .window = 8,
	    .gap_us = any(2) ? 100000 : 0,
	    .refusals = 3};

	q.good = any(3) ? any(5) : 0;
	if (any(20) == 0) {
		q.bad = true;
		q.pause_ms = any(2) ? any(3000) : 0;
		q.refused_s = any(3) ? 0 : any(20);
	}
	if (any(3) == 0) {
		q.knows_delay = true;
		q.delay_ms = any(4) ? 0 : 700;
	}
	return q;
}

static bool
same(const struct permit *x, const struct permit *y)
{
	return x->share == y->share && x->starts == y->starts &&
	       x->wait_ms == y->wait_ms && x->gap_us == y->gap_us &&
	       x->renew_ms == y->renew_ms && x->gave_up_s == y->gave_up_s;
}

static void
tell(int step, const char *asker, const struct permit_ask *q,
    const struct permit *one, const struct permit *all)
{
	printf("# step %d, %s of %s: in flight %d, want %d\n", step, asker,
	    q->host, q->in_flight, q->want);
	for (int i = 0; i < 2; i++, one = all)
		printf("# %s %d %d %ld %ld %ld %ld\n", i ? "redis" : "here",
		    one->share, one->starts, one->wait_ms, one->gap_us,
		    one->renew_ms, one->gave_up_s);
}

static void
agree(struct test_redis *t, struct redis *r, struct arena *a)
{
	struct permits *p = permits_new();
	int64_t now = 1000000 * MS;
	int differ = 0, failed = 0;

	(void)t;
	for (int i = 0; i < STEPS; i++) {
		struct permit_ask q = any_question();
		char asker[2] = {(char)('a' + any(5)), '\0'};
		struct permit one, all = {0};

		now += any(40) ? any(300) * MS : any(5000) * MS;
		permits_ask(p, asker, &q, now, &one);
		if (!by_redis(r, a, asker, &q, now, &all))
			failed++;
		else if (!same(&one, &all) && differ++ < 3)
			tell(i, asker, &q, &one, &all);
		arena_reset(a);
	}
	is_int(failed, 0, "Redis answers");
	is_int(differ, 0, "as one process alone would");
	permits_free(p);
}

int
main(void)
{
	test_redis_run(agree);
	return done();
}
