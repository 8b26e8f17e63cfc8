#include "core/events.h"

#include "core/clock.h"
#include "core/ids.h"
#include "core/log.h"

#include <string.h>

#define EPOCH_KEY "platen:epoch"
#define EPOCH_LEN 9

static const char *const kind_names[EVENT_MAX] = {
    [EVENT_CREATED] = "created",
    [EVENT_PROGRESS] = "progress",
    [EVENT_STATUS] = "status",
    [EVENT_DELETED] = "deleted",
};

const char *
event_kind_name(enum event_kind k)
{
	return k < EVENT_MAX ? kind_names[k] : "unknown";
}

/* The public JSON without its two closing braces: the script adds cursors. */
static const char *
open_json(struct arena *a, const struct event *e)
{
	struct json_object *o, *m;
	const char *text;

	m = json_object_new_object();
	json_put_str(m, "event", event_kind_name(e->kind));
	if (e->metadata != NULL) {
		json_object_object_foreach(e->metadata, key, v)
		{
			json_put(m, key, json_object_get(v));
		}
	}
	o = json_new(a);
	json_put_str(o, "generationId", e->generation);
	json_put_str(o, "userId", e->account);
	json_put_str(o, "type", e->type);
	json_put_str(o, "status", e->status);
	json_put_num(o, "timestamp", clock_unix_ms());
	json_put(o, "metadata", m);
	text = json_text(o);
	return arena_strndup(a, text, strlen(text) - 2);
}

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

	rc = redis_do(r, a, &reply, "SET " EPOCH_KEY " %s NX GET", fresh);
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
	    arena_printf(a, "events:user:%s", e->account),
	    arena_printf(a, "job:%s", e->generation),
	    arena_printf(a, "job-history:%s", e->generation),
	    EPOCH_KEY,
	    events_fresh_epoch(a),
	    open_json(a, e),
	    e->account,
	    e->generation,
	    e->kind == EVENT_DELETED ? "0" : "1",
	    arena_printf(a, "%ld", e->revision),
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

	if (redis_do(r, a, &reply, "HGET job:%s json", generation) != OK ||
	    reply->type != REDIS_REPLY_STRING)
		return NULL;
	return json_parse(a, reply->str, reply->len, &why);
}
