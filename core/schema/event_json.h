/*
 * event_json: one event of a generation (core/events.h) as JSON:
 *   {"generationId","userId","type","status","timestamp","metadata"}
 * where metadata has "event" (its kind), "revision" and what else there is to
 * say; sql/redis/event.lua adds "cursor" and "prev" to it.
 */
#ifndef CORE_SCHEMA_EVENT_JSON_H
#define CORE_SCHEMA_EVENT_JSON_H

#include "core/arena.h"
#include "core/events.h"
#include "core/json.h"

#include <stdbool.h>

/* event_json_make: of that time (Unix time, ms); goes with the arena. */
struct json_object *event_json_make(
    struct arena *a, const struct event *e, long long unix_ms);

/*
 * event_json_open: the text of an event of now without its two closing braces,
 * for the script to add its cursors; in the arena.
 */
const char *event_json_open(struct arena *a, const struct event *e);

/* What a listener reads first; strings are borrowed, NULL where missing. */
struct event_read {
	enum event_kind kind;
	const char *generation;
	const char *status; /* "" where missing */
	long revision;      /* 0 where missing */
	const char *cursor, *prev;
	struct json_object *metadata;
};

/*
 * event_json_is_internal: a member of the metadata that says how the event
 * travels and is nothing a listener is shown ("event", "cursor", "prev").
 */
bool event_json_is_internal(const char *member);

/* event_json_read: false: it is no event. */
bool event_json_read(struct json_object *o, struct event_read *out);

#endif
