#include "ws/update.h"

#include "core/clock.h"
#include "core/generation.h"
#include "core/log.h"
#include "core/schema/event_json.h"
#include "ws/dialect.h"

#include <stdlib.h>
#include <string.h>

/* The largest envelope a dialect may make (bytes); content is 64 kB of it. */
#define ENVELOPE_MAX (1024 * 1024)

static struct update *
update_new(const char *json, size_t len)
{
	struct update *u = calloc(1, sizeof(*u));

	if (u == NULL || (u->json = malloc(len + 1)) == NULL)
		fatal("out of memory");
	memcpy(u->json, json, len);
	u->json[len] = '\0';
	u->refs = 1;
	u->at = clock_ms();
	return u;
}

/* What every event has; false when it is missing. */
static bool
update_set_event(const struct event_read *e, struct update *u)
{
	if (!uuid_from_text(
		e->generation == NULL ? "" : e->generation, &u->generation))
		return false;
	u->kind = e->kind;
	u->finished = e->kind == EVENT_DELETED || status_is_final(e->status);
	return true;
}

static bool
update_set_cursors(const struct event_read *e, struct update *u)
{
	if (e->prev != NULL)
		(void)cursor_parse(e->prev, &u->prev);
	return e->cursor != NULL && cursor_parse(e->cursor, &u->cursor);
}

static enum rc
parse_update(const char *json, size_t len, const struct cursor *at,
    const struct cursor *prev, struct update **out)
{
	struct event_read event;
	struct update *u;
	struct arena a;
	const char *why;
	bool good;

	*out = NULL;
	arena_init(&a);
	u = update_new(json, len);
	good = event_json_read(json_parse(&a, json, len, &why), &event) &&
	       update_set_event(&event, u);
	if (good && at == NULL)
		good = update_set_cursors(&event, u);
	if (good && at != NULL) {
		u->cursor = *at;
		if (prev != NULL)
			u->prev = *prev;
	}
	arena_release(&a);
	if (!good) {
		update_unref(u);
		return E_INPUT;
	}
	*out = u;
	return OK;
}

enum rc
update_parse(const char *json, size_t len, struct update **out)
{
	return parse_update(json, len, NULL, NULL, out);
}

enum rc
update_parse_at(const char *json, size_t len, const struct cursor *at,
    const struct cursor *prev, struct update **out)
{
	return parse_update(json, len, at, prev, out);
}

struct update *
update_deleted(const struct uuid *generation, const struct cursor *at)
{
	char id[UUID_LEN + 1], json[160];
	struct update *u;
	int n;

	uuid_to_text(generation, id);
	n = snprintf(json, sizeof(json),
	    "{\"generationId\":\"%s\",\"status\":\"deleted\","
	    "\"metadata\":{\"event\":\"deleted\"}}",
	    id);
	u = update_new(json, (size_t)n);
	u->kind = EVENT_DELETED;
	u->finished = true;
	u->generation = *generation;
	u->cursor = *at;
	return u;
}

struct update *
update_ref(struct update *u)
{
	u->refs++;
	return u;
}

void
update_unref(struct update *u)
{
	if (u == NULL || --u->refs > 0)
		return;
	for (int d = 0; d < DIALECTS_MAX; d++)
		for (int s = 0; s < SHAPE_MAX; s++)
			frame_unref(u->frames[d][s]);
	free(u->json);
	free(u);
}

bool
update_is_for(const struct update *u, int dialect)
{
	if (!dialects[dialect]->changes_only || u->kind == EVENT_DELETED)
		return true;
	return u->snapshot ? !u->finished : u->kind != EVENT_PROGRESS;
}

struct frame *
update_frame(struct update *u, int dialect, enum frame_shape shape)
{
	struct frame **slot = &u->frames[dialect][shape];
	char id[CURSOR_MAX];
	struct json_object *o;
	struct arena a;
	struct buf text;
	const char *type, *why;

	if (*slot != NULL || (u->unsupported & 1u << dialect) != 0 ||
	    !update_is_for(u, dialect))
		return *slot;
	arena_init(&a);
	buf_init(&text, ENVELOPE_MAX);
	o = json_parse(&a, u->json, strlen(u->json), &why);
	type = dialects[dialect]->update(u, o, &a, &text);
	if (!buf_ok(&text))
		log_error("event_too_large", "dialect", dialects[dialect]->name,
		    "bytes", log_num(ENVELOPE_MAX));
	if (!buf_ok(&text) || type == NULL)
		u->unsupported |= (uint8_t)(1u << dialect);
	else
		*slot = frame_message(shape, cursor_text(&u->cursor, id), type,
		    text.data, text.len);
	buf_release(&text);
	arena_release(&a);
	return *slot;
}
