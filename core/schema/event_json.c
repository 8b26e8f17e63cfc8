#include "core/schema/event_json.h"

#include "core/clock.h"

#include <string.h>

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

static bool
event_kind_parse(const char *name, enum event_kind *out)
{
	for (int k = 0; k < EVENT_MAX; k++) {
		if (strcmp(name, kind_names[k]) == 0) {
			*out = (enum event_kind)k;
			return true;
		}
	}
	return false;
}

struct json_object *
event_json_make(struct arena *a, const struct event *e, long long unix_ms)
{
	struct json_object *o = json_new(a), *m = json_object_new_object();

	json_put_str(m, "event", event_kind_name(e->kind));
	if (e->metadata != NULL) {
		json_object_object_foreach(e->metadata, key, v)
		{
			json_put(m, key, json_object_get(v));
		}
	}
	json_put_str(o, "generationId", e->generation);
	json_put_str(o, "userId", e->account);
	json_put_str(o, "type", e->type);
	json_put_str(o, "status", e->status);
	json_put_num(o, "timestamp", unix_ms);
	json_put(o, "metadata", m);
	return o;
}

const char *
event_json_open(struct arena *a, const struct event *e)
{
	const char *text = json_text(event_json_make(a, e, clock_unix_ms()));

	return arena_strndup(a, text, strlen(text) - 2);
}

bool
event_json_is_internal(const char *member)
{
	return strcmp(member, "event") == 0 || strcmp(member, "cursor") == 0 ||
	       strcmp(member, "prev") == 0;
}

bool
event_json_read(struct json_object *o, struct event_read *out)
{
	struct json_object *m;

	if (!json_object_is_type(o, json_type_object))
		return false;
	m = json_sub(o, "metadata");
	if (!json_object_is_type(m, json_type_object) ||
	    !event_kind_parse(json_str(m, "event", ""), &out->kind))
		return false;
	out->generation = json_str(o, "generationId", NULL);
	out->status = json_str(o, "status", "");
	out->revision = (long)json_num(m, "revision", 0);
	out->cursor = json_str(m, "cursor", NULL);
	out->prev = json_str(m, "prev", NULL);
	out->metadata = m;
	return true;
}
