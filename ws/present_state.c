#include "ws/present_state.h"

#include "core/generation.h"
#include "core/json.h"
#include "core/log.h"
#include "core/schema/event_json.h"

#include <stdlib.h>
#include <string.h>

/* The llms.txt as JSON text, while the answer as a whole stays small. */
static void
put_content(struct json_object *m, const struct rows *r, int row,
    struct arena *a, size_t *total)
{
	const char *bytes;
	size_t len;

	if (row_null(r, row, "content"))
		return;
	bytes = row_bytes(r, row, "content", a, &len);
	if (*total + len > PRESENT_CONTENT_TOTAL)
		return;
	*total += len;
	json_put(m, "content", json_object_new_string_len(bytes, (int)len));
}

/* A row as an event. */
static struct json_object *
row_event(struct arena *a, const struct rows *r, int row, size_t *total)
{
	const char *status = row_text(r, row, "status");
	struct event e = {
	    .kind = status_is(status, STATUS_PROCESSING) ? EVENT_PROGRESS
							 : EVENT_STATUS,
	    .generation = row_text(r, row, "id"),
	    .account = row_text(r, row, "account_id"),
	    .type = row_text(r, row, "type"),
	    .status = status,
	    .metadata = generation_metadata(a, r, row),
	};

	put_content(e.metadata, r, row, a, total);
	return event_json_make(a, &e, row_int(r, row, "updated_ms"));
}

static char *
copy_bytes(const char *s, size_t len)
{
	char *p = malloc(len + 1);

	if (p == NULL)
		fatal("out of memory");
	memcpy(p, s, len);
	p[len] = '\0';
	return p;
}

static void
set_status(struct present_state *p, const char *status)
{
	snprintf(p->status, sizeof(p->status), "%s", status);
	p->finished = status_is_final(status);
}

struct present_state *
present_state_read(const struct rows *rows, int *n)
{
	struct present_state *v = calloc((size_t)rows->n + 1, sizeof(*v));
	size_t total = 0;
	const char *text;
	struct arena a;

	if (v == NULL)
		fatal("out of memory");
	arena_init(&a);
	for (int i = 0; i < rows->n; i++) {
		if (!uuid_from_text(row_text(rows, i, "id"), &v[i].id))
			BUG("a generation without an id");
		v[i].revision = row_int(rows, i, "revision");
		v[i].announced = row_bool(rows, i, "announced");
		set_status(&v[i], row_text(rows, i, "status"));
		text = json_text(row_event(&a, rows, i, &total));
		v[i].json = copy_bytes(text, strlen(text));
	}
	arena_release(&a);
	*n = rows->n;
	return v;
}

void
present_state_free(struct present_state *p, int n)
{
	if (p == NULL)
		return;
	for (int i = 0; i < n; i++)
		free(p[i].json);
	free(p);
}

/*
 * With the same status the snapshot has the newer numbers, but the row of one
 * that has ended has the result.
 */
static bool
snapshot_is_newer(const struct present_state *p, int64_t revision)
{
	return revision > p->revision ||
	       (revision == p->revision && !p->finished);
}

/* Redis is shared with others, so it must be an event of this generation. */
static bool
is_event_of(const struct uuid *id, const char *snapshot, size_t len)
{
	struct cursor nowhere = {0};
	struct update *u;
	bool same;

	if (update_parse_at(snapshot, len, &nowhere, NULL, &u) != OK)
		return false;
	same = uuid_cmp(&u->generation, id) == 0;
	update_unref(u);
	return same;
}

void
present_state_apply_snapshot(
    struct present_state *p, const char *snapshot, size_t len)
{
	struct event_read event;
	const char *why;
	struct arena a;

	if (!is_event_of(&p->id, snapshot, len))
		return;
	arena_init(&a);
	if (event_json_read(json_parse(&a, snapshot, len, &why), &event) &&
	    status_valid(event.status) &&
	    snapshot_is_newer(p, event.revision)) {
		set_status(p, event.status);
		free(p->json);
		p->json = copy_bytes(snapshot, len);
	}
	arena_release(&a);
}

struct update *
present_state_update(const struct present_state *p, const struct cursor *at)
{
	struct update *u;

	if (p->deleted)
		return update_deleted(&p->id, at);
	if (update_parse_at(p->json, strlen(p->json), at, NULL, &u) != OK)
		BUG("a present state is not an event");
	u->kind = status_is(p->status, STATUS_PROCESSING) ? EVENT_PROGRESS
							  : EVENT_STATUS;
	u->snapshot = true;
	return u;
}
