/*
 * The status dialect: listens to all of the account's generations from the
 * start and is never asked for anything.
 *
 * {"type":"connected","payload":{cursor,resumed,missed}}, the present state of
 * what is not over or what came after the cursor, and then for each change
 * {"type":"status_update","payload":{generationId,userId,type,status,
 *   timestamp,metadata:{resultUrls,tokensUsed,...}}}
 * with the time in ms since 1970 and status "deleted" for what is gone.
 * Progress is not told.  metadata.cursor is the place to go on from by another
 * transport.  "resumed" with the same payload comes before present states that
 * are told again, because events may have been lost.
 */
#include "ws/dialect.h"

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

/* What the event knows besides; not how it was transported. */
static struct json_object *
event_metadata(const struct update *u, struct json_object *event)
{
	struct json_object *to = json_object_new_object();
	char cursor[CURSOR_MAX];

	json_object_object_foreach(json_sub(event, "metadata"), key, v)
	{
		if (strcmp(key, "event") != 0 && strcmp(key, "cursor") != 0 &&
		    strcmp(key, "prev") != 0 && strcmp(key, "content") != 0)
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

/* It listens from the start, so that is when it is connected. */
static const char *
status_subscribed(const struct subscribed *s, struct arena *a, struct buf *out)
{
	const char *type = s->again ? "resumed" : "connected";
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
status_complaint(const struct complaint *c, struct arena *a, struct buf *out)
{
	put_message(out, a, "error", dialect_complaint(c));
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
    .path = "/ws/status",
    .all_at_once = true,
    .changes_only = true,
    .update = status_update,
    .subscribed = status_subscribed,
    .complaint = status_complaint,
    .pong = status_pong,
};
