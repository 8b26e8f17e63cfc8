#include "core/queue.h"

#include "core/buf.h"

/* Of one order, in the lane's virtual time; queue_fill.lua has it, too. */
#define COST "1"

void
queue_push_args(struct arena *a, const char *lane, const char *id,
    const char *account, const char *argv[QUEUE_PUSH_ARGS])
{
	int n = 0;

	argv[n++] = lane_key_name(a, lane, LANE_KEY_QUEUE);
	argv[n++] = lane_key_name(a, lane, LANE_KEY_VIRTUAL_TIME);
	argv[n++] = lane_key_name(a, lane, LANE_KEY_TAGS);
	argv[n++] = lane_key_name(a, lane, LANE_KEY_OWNER);
	argv[n++] = id;
	argv[n++] = account;
	argv[n++] = COST;
	argv[n++] = lane;
	argv[n++] = CHANNEL_WAKE;
}

enum rc
queue_push(struct redis *r, struct arena *a, const char *lane, const char *id,
    const char *account, long long *position)
{
	const char *argv[QUEUE_PUSH_ARGS];
	redisReply *reply;
	enum rc rc;

	queue_push_args(a, lane, id, account, argv);
	rc = redis_script(r, a, SCRIPT_QUEUE_PUSH, &reply, QUEUE_PUSH_KEYS,
	    QUEUE_PUSH_ARGS, argv);
	if (rc == OK && position != NULL)
		*position = reply->integer;
	return rc;
}

enum rc
queue_pop(struct redis *r, struct arena *a, const char *lane, const char **id)
{
	return queue_pop_except(r, a, lane, NULL, 0, id);
}

enum rc
queue_pop_except(struct redis *r, struct arena *a, const char *lane,
    const char *const *accounts, int n, const char **id)
{
	const char **argv = arena_array(a, (size_t)n + 5, sizeof(*argv));
	redisReply *reply;
	enum rc rc;

	argv[0] = lane_key_name(a, lane, LANE_KEY_QUEUE);
	argv[1] = lane_key_name(a, lane, LANE_KEY_VIRTUAL_TIME);
	argv[2] = lane_key_name(a, lane, LANE_KEY_TAGS);
	argv[3] = lane_key_name(a, lane, LANE_KEY_OWNER);
	argv[4] = lane_key_name(a, lane, LANE_KEY_PAUSED);
	for (int i = 0; i < n; i++)
		argv[5 + i] = accounts[i];
	rc = redis_script(r, a, SCRIPT_QUEUE_POP, &reply, 5, 5 + n, argv);
	if (rc != OK)
		return rc;
	if (reply->type != REDIS_REPLY_STRING)
		return E_NOTFOUND;
	*id = arena_strdup(a, reply->str);
	return OK;
}

enum rc
queue_return(struct redis *r, struct arena *a, const char *lane, const char *id,
    const char *account)
{
	const char *argv[] = {
	    lane_key_name(a, lane, LANE_KEY_QUEUE),
	    lane_key_name(a, lane, LANE_KEY_VIRTUAL_TIME),
	    lane_key_name(a, lane, LANE_KEY_OWNER),
	    id,
	    account,
	};
	redisReply *reply;

	return redis_script(r, a, SCRIPT_QUEUE_RETURN, &reply, 3, 5, argv);
}

enum rc
queue_pause(struct redis *r, struct arena *a, const char *lane, long long ms)
{
	const char *paused = lane_key_name(a, lane, LANE_KEY_PAUSED);
	redisReply *reply;

	if (ms > 0)
		return redis_do(r, a, &reply, "SET %s 1 PX %lld", paused, ms);
	return redis_do(r, a, &reply, "SET %s 1", paused);
}

enum rc
queue_resume(struct redis *r, struct arena *a, const char *lane)
{
	redisReply *reply;

	return redis_do(
	    r, a, &reply, "DEL %s", lane_key_name(a, lane, LANE_KEY_PAUSED));
}

enum rc
queue_reserve_call(struct redis *r, struct arena *a, const char *lane,
    long per_minute, long long *wait)
{
	const char *argv[] = {
	    lane_key_name(a, lane, LANE_KEY_CALLS),
	    arena_printf(a, "%ld", 60000000 / per_minute),
	};
	redisReply *reply;
	enum rc rc;

	rc = redis_script(r, a, SCRIPT_LANE_CALL, &reply, 1, 2, argv);
	if (rc == OK)
		*wait = reply->integer;
	return rc;
}

enum rc
queue_wake(struct redis *r, struct arena *a, const char *lane)
{
	redisReply *reply;

	return redis_do(r, a, &reply, "PUBLISH " CHANNEL_WAKE " %s", lane);
}

/* Longest list of one call, bytes. */
#define FILL_MAX_BYTES (1 << 20)

enum rc
queue_fill(struct redis *r, struct arena *a, const char *lane,
    const struct queue_item *items, int n, long long *added)
{
	redisReply *reply;
	struct buf list;
	enum rc rc = E_INTERNAL;
	int i;

	buf_init(&list, FILL_MAX_BYTES);
	for (i = 0; i < n; i++)
		buf_printf(&list, "%s %s %d ", items[i].id, items[i].account,
		    items[i].again ? 1 : 0);
	const char *argv[] = {
	    lane_key_name(a, lane, LANE_KEY_QUEUE),
	    lane_key_name(a, lane, LANE_KEY_VIRTUAL_TIME),
	    lane_key_name(a, lane, LANE_KEY_TAGS),
	    lane_key_name(a, lane, LANE_KEY_OWNER),
	    lane,
	    list.data,
	    CHANNEL_WAKE,
	};
	if (buf_ok(&list))
		rc = redis_script(r, a, SCRIPT_QUEUE_FILL, &reply, 4, 7, argv);
	if (rc == OK && added != NULL)
		*added = reply->integer;
	buf_release(&list);
	return rc;
}

enum rc
queue_remove(struct redis *r, struct arena *a, const char *lane, const char *id)
{
	const char *argv[] = {
	    lane_key_name(a, lane, LANE_KEY_QUEUE),
	    lane_key_name(a, lane, LANE_KEY_VIRTUAL_TIME),
	    lane_key_name(a, lane, LANE_KEY_TAGS),
	    lane_key_name(a, lane, LANE_KEY_OWNER),
	    id,
	    COST,
	};
	redisReply *reply;

	return redis_script(r, a, SCRIPT_QUEUE_REMOVE, &reply, 4, 6, argv);
}

enum rc
queue_position(struct redis *r, struct arena *a, const char *lane,
    const char *id, long long *position, long long *length)
{
	const char *key = lane_key_name(a, lane, LANE_KEY_QUEUE);
	redisReply *reply;
	enum rc rc;

	rc = redis_do(r, a, &reply, "ZRANK %s %s", key, id);
	if (rc != OK)
		return rc;
	*position = reply->type == REDIS_REPLY_INTEGER ? reply->integer + 1 : 0;
	if (length == NULL)
		return OK;
	rc = redis_do(r, a, &reply, "ZCARD %s", key);
	if (rc == OK)
		*length = reply->integer;
	return rc;
}

enum rc
queue_stop(struct redis *r, struct arena *a, const char *id)
{
	redisReply *reply;

	return redis_do(r, a, &reply, "PUBLISH " CHANNEL_STOP " %s", id);
}
