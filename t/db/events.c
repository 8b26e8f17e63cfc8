/* Events: one cursor per account, no gap unseen, history that ends. */
#include "core/events.h"

#include "t/redis.h"
#include "t/tap.h"

#define ANN "00000000-0000-7000-8000-000000000001"
#define BOB "00000000-0000-7000-8000-000000000002"
#define JOB "00000000-0000-7000-8000-000000000003"
#define LATE "00000000-0000-7000-8000-000000000004"

static const char *
publish(struct redis *r, struct arena *a, const char *account,
    enum event_kind kind, const char *status, struct json_object *metadata)
{
	struct event e = {kind, JOB, account, "llms_txt", status, 0, metadata};
	const char *cursor = NULL;

	return events_publish(r, a, &e, &cursor) == OK ? cursor : NULL;
}

/* The newest line of the history, decoded. */
static struct json_object *
newest(struct redis *r, struct arena *a)
{
	redisReply *reply;
	const char *why;

	if (redis_do(r, a, &reply, "LINDEX job-history:" JOB " -1") != OK ||
	    reply->type != REDIS_REPLY_STRING)
		return NULL;
	return json_parse(a, reply->str, reply->len, &why);
}

static long long
number(struct redis *r, struct arena *a, const char *command)
{
	redisReply *reply;

	return redis_do(r, a, &reply, command) == OK ? reply->integer : -1;
}

static void
cursors_make_a_chain(struct redis *r, struct arena *a)
{
	struct json_object *m = json_new(a), *o;
	const char *first, *other, *second;

	json_put_str(m, "message", "a \"quoted\" }} message \xc3\xbc");
	first = publish(r, a, ANN, EVENT_CREATED, "pending", NULL);
	ok(first != NULL && strchr(first, '-') != NULL,
	    "an event has a cursor");
	other = publish(r, a, BOB, EVENT_CREATED, "pending", NULL);
	second = publish(r, a, ANN, EVENT_STATUS, "processing", m);
	ok(other != NULL && second != NULL && strcmp(first, second) != 0,
	    "each its own");
	o = newest(r, a);
	is(json_str(o, "generationId", ""), JOB, "it names the generation");
	is(json_str(o, "userId", ""), ANN, "and the account");
	is(json_str(o, "type", ""), "llms_txt", "and the type");
	is(json_str(o, "status", ""), "processing", "and the status");
	ok(json_num(o, "timestamp", 0) > 1700000000000LL, "and the time in ms");
	o = json_sub(o, "metadata");
	is(json_str(o, "event", ""), "status", "what happened");
	is(json_str(o, "message", ""), json_str(m, "message", "-"),
	    "with what belongs to it");
	is(json_str(o, "cursor", ""), second, "its cursor");
	is(json_str(o, "prev", ""), first,
	    "and the one before, of the same account");
}

static void
history_is_bounded(struct redis *r, struct arena *a)
{
	for (int i = 0; i < 150; i++)
		publish(r, a, ANN, EVENT_PROGRESS, "processing", NULL);
	is_int(number(r, a, "LLEN job-history:" JOB), 100,
	    "the last hundred are kept");
	ok(number(r, a, "TTL job-history:" JOB) > 86000 &&
		number(r, a, "TTL events:user:" ANN) > 86000,
	    "for a day");
}

/* The revision of what is told of a generation, and whether it was taken. */
static bool
takes(struct redis *r, struct arena *a, long revision, const char *status)
{
	struct event e = {.kind = EVENT_STATUS,
	    .generation = LATE,
	    .account = ANN,
	    .type = "llms_txt",
	    .status = status,
	    .revision = revision};
	long long before = number(r, a, "LLEN job-history:" LATE);

	return events_publish(r, a, &e, NULL) == OK &&
	       number(r, a, "LLEN job-history:" LATE) == before + 1;
}

static void
late_news_is_dropped(struct redis *r, struct arena *a)
{
	ok(takes(r, a, 2, "processing"), "a worker is quick");
	ok(!takes(r, a, 1, "pending"), "and who ordered is told of no more");
	ok(takes(r, a, 2, "processing"), "the same may be told twice");
	ok(takes(r, a, 3, "completed"), "then the end");
	ok(!takes(r, a, 2, "processing"), "which stays the end");
	ok(takes(r, a, 4, "pending"), "until it is tried again");
}

static void
the_deleted_leave_nothing(struct redis *r, struct arena *a)
{
	ok(publish(r, a, ANN, EVENT_DELETED, "deleted", NULL) != NULL,
	    "listeners hear that it is gone");
	is_int(number(r, a, "EXISTS job-history:" JOB), 0,
	    "and nothing of it stays");
	is_int(number(r, a, "HEXISTS job:" JOB " json"), 0, "nor its state");
	publish(r, a, ANN, EVENT_PROGRESS, "processing", NULL);
	is_int(number(r, a, "EXISTS job-history:" JOB), 0,
	    "what its attempt still tells is dropped");
	ok(number(r, a, "TTL job:" JOB) <= 60, "and soon it is forgotten");
}

static void
an_emptied_redis_starts_anew(struct redis *r, struct arena *a)
{
	const char *one = "", *two = "", *three = "", *cursor;
	redisReply *reply;

	is_int(events_epoch(r, a, &one), OK, "there is an epoch");
	is_int(events_epoch(r, a, &two), OK, "and it stays");
	is(two, one, "the same");
	is_int(
	    redis_do(r, a, &reply, "FLUSHALL"), OK, "until Redis is emptied");
	is_int(events_epoch(r, a, &three), OK, "then it is another");
	ok(strcmp(three, one) != 0, "and everyone can tell");
	cursor = publish(r, a, ANN, EVENT_STATUS, "completed", NULL);
	ok(cursor != NULL && strncmp(cursor, three, strlen(three)) == 0,
	    "cursors are of the new one");
}

static void
a_dead_redis_is_told(struct test_redis *t, struct redis *r, struct arena *a)
{
	test_redis_stop(t);
	is(publish(r, a, ANN, EVENT_STATUS, "completed", NULL), NULL,
	    "a dead Redis fails at once");
}

static void
all(struct test_redis *t, struct redis *r, struct arena *a)
{
	cursors_make_a_chain(r, a);
	history_is_bounded(r, a);
	late_news_is_dropped(r, a);
	the_deleted_leave_nothing(r, a);
	an_emptied_redis_starts_anew(r, a);
	a_dead_redis_is_told(t, r, a);
}

int
main(void)
{
	test_redis_run(all);
	return done();
}
