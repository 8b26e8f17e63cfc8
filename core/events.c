#include "core/events.h"

#include "core/ids.h"
#include "core/schema/event_json.h"
#include "core/schema/redis_names.h"

#define EPOCH_LEN 9

const char *
events_fresh_epoch(struct arena *a)
{
	char *name = arena_alloc(a, EPOCH_LEN + 1);

	random_bytes(name, EPOCH_LEN);
	for (size_t i = 0; i < EPOCH_LEN; i++)
		name[i] = "0123456789abcdefghjkmnpqrstvwxyz"[name[i] & 31];
	return name;
}

enum rc
events_epoch(struct redis *r, struct arena *a, const char **epoch)
{
	const char *fresh = events_fresh_epoch(a);
	redisReply *reply;
	enum rc rc;

	rc = redis_do(r, a, &reply, "SET " KEY_EPOCH " %s NX GET", fresh);
	if (rc == OK)
		*epoch = reply->type == REDIS_REPLY_STRING
			     ? arena_strdup(a, reply->str)
			     : fresh;
	return rc;
}

enum rc
events_publish(struct redis *r, struct arena *a, const struct event *e,
    const char **cursor)
{
	redisReply *reply;
	enum rc rc;

	const char *argv[] = {
	    arena_printf(a, KEY_EVENTS "%s", e->account),
	    arena_printf(a, KEY_SNAPSHOT "%s", e->generation),
	    arena_printf(a, KEY_HISTORY "%s", e->generation),
	    KEY_EPOCH,
	    events_fresh_epoch(a),
	    event_json_open(a, e),
	    e->generation,
	    e->kind == EVENT_DELETED ? "0" : "1",
	    arena_printf(a, "%ld", e->revision),
	    arena_printf(a, CHANNEL_ACCOUNT "%s", e->account),
	    arena_printf(a, CHANNEL_PUBLIC_ACCOUNT "%s", e->account),
	    CHANNEL_PUBLIC_ALL,
	};

	rc = redis_script(r, a, SCRIPT_EVENT, &reply, 4,
	    (int)(sizeof(argv) / sizeof(argv[0])), argv);
	if (rc != OK)
		return rc;
	if (reply->type != REDIS_REPLY_STRING)
		return E_INTERNAL;
	if (cursor != NULL)
		*cursor = arena_strdup(a, reply->str);
	return OK;
}

struct json_object *
events_last(struct redis *r, struct arena *a, const char *generation)
{
	redisReply *reply;
	const char *why;

	if (redis_do(r, a, &reply, "HGET " KEY_SNAPSHOT "%s json",
		generation) != OK ||
	    reply->type != REDIS_REPLY_STRING)
		return NULL;
	return json_parse(a, reply->str, reply->len, &why);
}
