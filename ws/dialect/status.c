/*
 * The status dialect: a client listens to all generations of its account from
 * the start and can ask for nothing.
 *
 * {"type":"connected","payload":{cursor,resumed,missed}}, the snapshots of
 * what has not ended, or the events after the cursor, and then for each change
 * {"type":"status_update","payload":{generationId,userId,type,status,
 *   timestamp,metadata:{resultUrls,tokensUsed,...}}}
 * with the time in ms since 1970 and status "deleted" for what was deleted.
 * Progress is not sent.  metadata.cursor is where another transport can resume.
 * "resumed" with the same payload comes before snapshots that are sent again
 * because events may have been lost.
 */
#include "ws/dialect.h"
#include "core/live_paths.h"

#include "core/schema/event_json.h"

#include <string.h>

static void
put_message(struct buf *out, struct arena *a, const char *type,
    struct json_object *payload)
{
	struct json_object *o = json_new(a);

	json_put_str(o, "type", type);
	if (payload != NULL)
		json_put(o, "payload", payload);
	buf_adds(out, json_text(o));
}

/* The metadata without the members that only transport the event. */
static struct json_object *
event_metadata(const struct update *u, struct json_object *event)
{
	struct json_object *to = json_object_new_object();
	char cursor[CURSOR_MAX];

	json_object_object_foreach(json_sub(event, "metadata"), key, v)
	{
		if (!event_json_is_internal(key) && strcmp(key, "content") != 0)
			json_put(to, key, json_object_get(v));
	}
	cursor_text(&u->cursor, cursor);
	json_put_str(to, "cursor", cursor[0] != '\0' ? cursor : NULL);
	return to;
}

static const char *
status_update(const struct update *u, struct json_object *event,
    struct arena *a, struct buf *out)
{
	static const char *const same[] = {
	    "generationId", "userId", "type", "status", "timestamp"};
	struct json_object *p = json_object_new_object();

	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		json_put(p, same[i], json_object_get(json_sub(event, same[i])));
	json_put(p, "metadata", event_metadata(u, event));
	put_message(out, a, "status_update", p);
	return "status_update";
}

/* It subscribes at once, so this is its "connected", too. */
static const char *
status_subscribed(
    const struct subscribe_answer *s, struct arena *a, struct buf *out)
{
	const char *type = s->refresh ? "resumed" : "connected";
	struct json_object *p = json_object_new_object();

	json_put_str(p, "cursor", s->cursor);
	json_put_flag(p, "resumed", s->resumed);
	if (s->missed >= 0)
		json_put_num(p, "missed", s->missed);
	else
		json_put(p, "missed", NULL);
	put_message(out, a, type, p);
	return type;
}

static const char *
status_error(const struct client_error *c, struct arena *a, struct buf *out)
{
	put_message(out, a, "error", dialect_error_json(c));
	return "error";
}

static const char *
status_pong(const char *cursor, struct arena *a, struct buf *out)
{
	(void)cursor;
	put_message(out, a, "pong", NULL);
	return "pong";
}

const struct dialect dialect_status = {
    .name = "status",
    .path = LIVE_PATH_WS_STATUS,
    .subscribes_at_once = true,
    .changes_only = true,
    .update = status_update,
    .subscribed = status_subscribed,
    .error = status_error,
    .pong = status_pong,
};
