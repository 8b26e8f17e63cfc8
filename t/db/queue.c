/* Lanes: whose turn it is, and that it is never for ever someone else's. */
#include "core/queue.h"

#include "t/redis.h"
#include "t/tap.h"

static long long
push(struct redis *r, struct arena *a, const char *id, const char *account)
{
	long long at = -1;

	return queue_push(r, a, "builtin", id, account, &at) == OK ? at : -1;
}

static const char *
pop(struct redis *r, struct arena *a)
{
	const char *id = "none";
	enum rc rc = queue_pop(r, a, "builtin", &id);

	return rc == OK ? id : rc_name(rc);
}

static void
one_account_waits_in_order(struct redis *r, struct arena *a)
{
	long long at, length;

	is_int(push(r, a, "a1", "ann"), 1, "the first is next");
	is_int(push(r, a, "a2", "ann"), 2, "the second waits behind it");
	is_int(push(r, a, "a3", "ann"), 3, "and so on");
	is_int(push(r, a, "a2", "ann"), 2, "twice is once, in its place");
	is_int(queue_position(r, a, "builtin", "a3", &at, &length), OK,
	    "the position is known");
	ok(at == 3 && length == 3, "and exact");
	is_int(queue_remove(r, a, "builtin", "a2"), OK, "one leaves");
	is(pop(r, a), "a1", "the first goes");
	is(pop(r, a), "a3", "and who is left");
	is(pop(r, a), "not_found", "then nobody waits");
	is_int(queue_position(r, a, "builtin", "a3", &at, NULL), OK,
	    "who does not wait");
	is_int(at, 0, "has no position");
}

static void
accounts_take_turns(struct redis *r, struct arena *a)
{
	for (int i = 0; i < 50; i++)
		push(r, a, arena_printf(a, "a%02d", i), "ann");
	is_int(push(r, a, "b1", "bob"), 2, "the first of another is next");
	is(pop(r, a), "a00", "after what was due already");
	is(pop(r, a), "b1", "it does not wait behind fifty");
	push(r, a, "b2", "bob");
	push(r, a, "b3", "bob");
	is(pop(r, a), "a01", "then they");
	is(pop(r, a), "b2", "take");
	is(pop(r, a), "a02", "turns");
	is(pop(r, a), "b3", "whoever");
	is(pop(r, a), "a03", "came first");
	for (int i = 4; i < 50; i++)
		if (strcmp(pop(r, a), arena_printf(a, "a%02d", i)) != 0)
			ok(0, "the rest comes in order");
	is(pop(r, a), "not_found", "nobody is forgotten");
}

/* Of those that waited, none is left to wait for. */
static void
the_canceled_cost_nothing(struct redis *r, struct arena *a)
{
	bool gone = true;

	push(r, a, "b1", "bob");
	for (int i = 0; i < 20; i++)
		push(r, a, arena_printf(a, "a%02d", i), "ann");
	for (int i = 0; i < 20; i++)
		if (queue_remove(
			r, a, "builtin", arena_printf(a, "a%02d", i)) != OK)
			gone = false;
	ok(gone, "an account cancels twenty");
	push(r, a, "a99", "ann");
	for (int i = 2; i < 6; i++)
		push(r, a, arena_printf(a, "b%d", i), "bob");
	is(pop(r, a), "a99",
	    "and its next is served as if they had never been");
	is(pop(r, a), "b1", "in turn");
	while (strcmp(pop(r, a), "not_found") != 0)
		continue;
	/* One that had its turn stands at the front and cost nothing. */
	push(r, a, "a1", "ann");
	is(pop(r, a), "a1", "one is taken");
	push(r, a, "b1", "bob");
	is(pop(r, a), "b1", "another's, too");
	is_int(queue_remove(r, a, "builtin", "a1"), OK, "who is not there");
	is_int(queue_remove(r, a, "builtin", "a1"), OK, "leaves twice");
	while (strcmp(pop(r, a), "not_found") != 0)
		continue;
}

static void
lanes_stand_still_alone(struct redis *r, struct arena *a)
{
	const char *id = "none";
	redisReply *reply;

	push(r, a, "a1", "ann");
	is_int(queue_push(r, a, "ollama", "o1", "ann", NULL), OK, "a lane");
	is_int(redis_do(r, a, &reply, "SET lane:ollama:paused 1"), OK,
	    "stands still");
	is_int(queue_pop(r, a, "ollama", &id), E_NOTFOUND,
	    "nothing is taken from it");
	is(pop(r, a), "a1", "the others go on");
	is_int(
	    redis_do(r, a, &reply, "DEL lane:ollama:paused"), OK, "it goes on");
	is_int(queue_pop(r, a, "ollama", &id), OK, "and nothing was lost");
	is(id, "o1", "of it");
}

static void
what_is_lost_comes_back(struct redis *r, struct arena *a)
{
	struct queue_item items[] = {
	    {"a2", "ann", false}, {"a3", "ann", false}, {"old", "ann", true}};
	long long added = -1;

	push(r, a, "a1", "ann");
	push(r, a, "a2", "ann");
	is_int(queue_fill(r, a, "builtin", items, 3, &added), OK, "a fill");
	is_int(added, 2, "adds what is missing");
	is_int(queue_fill(r, a, "builtin", items, 3, &added), OK, "another");
	is_int(added, 0, "has nothing to add");
	is(pop(r, a), "old", "who had its turn before comes first");
	is(pop(r, a), "a1", "then who stood there");
	is(pop(r, a), "a2", "then the rest");
	is(pop(r, a), "a3", "in order");
	is_int(queue_fill(r, a, "builtin", items, 0, &added), OK, "no items");
	is_int(added, 0, "are none");
}

static void
nobody_waits_for_a_dead_redis(
    struct test_redis *t, struct redis *r, struct arena *a)
{
	test_redis_stop(t);
	is(pop(r, a), "unavailable", "a dead Redis is said to be away");
	is_int(push(r, a, "x", "ann"), -1, "for pushing too");
}

static void
all(struct test_redis *t, struct redis *r, struct arena *a)
{
	one_account_waits_in_order(r, a);
	accounts_take_turns(r, a);
	the_canceled_cost_nothing(r, a);
	lanes_stand_still_alone(r, a);
	what_is_lost_comes_back(r, a);
	nobody_waits_for_a_dead_redis(t, r, a);
}

int
main(void)
{
	test_redis_run(all);
	return done();
}
