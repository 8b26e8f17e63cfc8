/*
 * The generation dialect: {"id":cursor,"type":...,"payload":{...}}.
 *
 * created   {generationId,type,status,prompt,hostname,processedUrls,totalUrls}
 * progress  {generationId,status,processedUrls,totalUrls,stage,message,
 *           etaSeconds}
 * status    {generationId,status,processedUrls,totalUrls,content?,
 *           errorMessage?,entriesCount?}
 * deleted   {generationId}
 *
 * The snapshot of a generation is sent as progress while it runs and as status
 * otherwise; only in a snapshot has a status the content (present_state.h).
 */
#include "ws/dialect.h"
#include "core/live_paths.h"

#include "core/generation.h"

#include <string.h>

static void
put_envelope(struct buf *out, struct arena *a, const char *id, const char *type,
    struct json_object *payload)
{
	struct json_object *o = json_new(a);

	json_put_str(o, "id", id);
	json_put_str(o, "type", type);
	json_put(o, "payload", payload);
	buf_adds(out, json_text(o));
}

/* The member of the metadata under the same name; null where it has none. */
static void
copy_member(struct json_object *to, struct json_object *from, const char *key)
{
	json_put(to, key, json_object_get(json_sub(from, key)));
}

static void
copy_present(struct json_object *to, struct json_object *from, const char *key)
{
	if (json_sub(from, key) != NULL)
		copy_member(to, from, key);
}

static void
put_counts(struct json_object *p, struct json_object *m)
{
	json_put_num(p, "processedUrls", json_num(m, "processedUrls", 0));
	json_put_num(p, "totalUrls", json_num(m, "totalUrls", 0));
}

static void
put_progress(struct json_object *p, struct json_object *m)
{
	put_counts(p, m);
	copy_member(p, m, "stage");
	copy_member(p, m, "message");
	copy_member(p, m, "etaSeconds");
}

static void
put_status(struct json_object *p, struct json_object *m)
{
	put_counts(p, m);
	copy_present(p, m, "content");
	copy_present(p, m, "errorMessage");
	copy_present(p, m, "entriesCount");
}

static void
put_created(
    struct json_object *p, struct json_object *event, struct json_object *m)
{
	json_put_str(p, "type", json_str(event, "type", NULL));
	copy_member(p, m, "prompt");
	copy_member(p, m, "hostname");
	put_counts(p, m);
}

static const char *
generation_update(const struct update *u, struct json_object *event,
    struct arena *a, struct buf *out)
{
	static const char *const types[EVENT_MAX] = {
	    [EVENT_CREATED] = "generation:created",
	    [EVENT_PROGRESS] = "generation:progress",
	    [EVENT_STATUS] = "generation:status",
	    [EVENT_DELETED] = "generation:deleted",
	};
	struct json_object *m = json_sub(event, "metadata");
	struct json_object *p = json_object_new_object();
	char cursor[CURSOR_MAX];

	json_put_str(p, "generationId", json_str(event, "generationId", ""));
	if (u->kind != EVENT_DELETED)
		json_put_str(p, "status", json_str(event, "status", ""));
	if (u->kind == EVENT_CREATED)
		put_created(p, event, m);
	else if (u->kind == EVENT_PROGRESS)
		put_progress(p, m);
	else if (u->kind == EVENT_STATUS)
		put_status(p, m);
	cursor_text(&u->cursor, cursor);
	put_envelope(out, a, cursor[0] ? cursor : NULL, types[u->kind], p);
	return types[u->kind];
}

static struct json_object *
id_list(const struct uuid *ids, int n)
{
	struct json_object *list = json_object_new_array();
	char text[UUID_LEN + 1];

	for (int i = 0; i < n; i++) {
		uuid_to_text(&ids[i], text);
		json_object_array_add(list, json_object_new_string(text));
	}
	return list;
}

static const char *
generation_connected(const char *cursor, struct arena *a, struct buf *out)
{
	struct json_object *p = json_object_new_object();

	json_put_str(p, "cursor", cursor);
	put_envelope(out, a, cursor, "connected", p);
	return "connected";
}

static const char *
generation_subscribed(
    const struct subscribe_answer *s, struct arena *a, struct buf *out)
{
	struct json_object *p = json_object_new_object();

	json_put(p, "generationIds", id_list(s->ids, s->n));
	json_put_str(p, "cursor", s->cursor);
	json_put_flag(p, "resumed", s->resumed);
	if (s->missed >= 0)
		json_put_num(p, "missed", s->missed);
	else
		json_put(p, "missed", NULL);
	put_envelope(out, a, s->cursor, "subscribed", p);
	return "subscribed";
}

static const char *
generation_unsubscribed(const struct uuid *ids, int n, const char *cursor,
    struct arena *a, struct buf *out)
{
	struct json_object *p = json_object_new_object();

	json_put(p, "generationIds", id_list(ids, n));
	put_envelope(out, a, cursor, "unsubscribed", p);
	return "unsubscribed";
}

static const char *
generation_error(const struct client_error *c, struct arena *a, struct buf *out)
{
	put_envelope(out, a, c->cursor, "error", dialect_error_json(c));
	return "error";
}

static const char *
generation_pong(const char *cursor, struct arena *a, struct buf *out)
{
	put_envelope(out, a, cursor, "pong", json_object_new_object());
	return "pong";
}

const struct dialect dialect_generation = {
    .name = "generation",
    .path = LIVE_PATH_WS,
    .update = generation_update,
    .connected = generation_connected,
    .subscribed = generation_subscribed,
    .unsubscribed = generation_unsubscribed,
    .error = generation_error,
    .pong = generation_pong,
    .parse_request = client_request_parse,
};
