/* What is queued for a client, in the words of its dialect. */
#include "ws/client.h"
#include "ws/registry.h"

void
client_note(struct client *c, const struct update *u)
{
	filter_set_over(&c->filter, &u->generation, u->over);
}

void
client_push_update(struct client *c, struct update *u, bool placed)
{
	enum frame_shape shape = c->transport->shape;
	struct frame *f;

	if (shape == SHAPE_SSE && !placed)
		shape = SHAPE_SSE_UNPLACED;
	client_note(c, u);
	f = update_frame(u, c->dialect, shape);
	if (f != NULL)
		client_push(c, frame_ref(f));
}

/* An answer that a dialect worded; type is NULL when it has no word. */
static void
push_answer(struct client *c, const char *type, const struct buf *text)
{
	enum frame_shape shape = c->transport->shape;

	if (shape == SHAPE_SSE)
		shape = SHAPE_SSE_UNPLACED;
	if (type != NULL && buf_ok(text))
		client_push(
		    c, frame_message(shape, NULL, type, text->data, text->len));
}

const char *
client_place(const struct client *c, char out[CURSOR_MAX])
{
	return cursor_text(&c->pos, out);
}

/* Its place, or NULL where it has none. */
static const char *
place_or_null(const struct client *c, char out[CURSOR_MAX])
{
	return *client_place(c, out) != '\0' ? out : NULL;
}

void
client_complain(struct client *c, const char *code, const char *message,
    const char *generation)
{
	const struct dialect *d = dialects[c->dialect];
	char place[CURSOR_MAX];
	struct complaint what = {
	    .code = code,
	    .message = message,
	    .generation = generation,
	    .cursor = place_or_null(c, place),
	};
	struct arena a;
	struct buf text;

	arena_init(&a);
	buf_init(&text, 8192);
	push_answer(c, d->complaint(&what, &a, &text), &text);
	buf_release(&text);
	arena_release(&a);
}

void
client_push_connected(struct client *c)
{
	const struct dialect *d = dialects[c->dialect];
	char place[CURSOR_MAX];
	struct arena a;
	struct buf text;

	if (d->connected == NULL)
		return;
	arena_init(&a);
	buf_init(&text, 8192);
	push_answer(c, d->connected(place_or_null(c, place), &a, &text), &text);
	buf_release(&text);
	arena_release(&a);
}

void
client_pong(struct client *c)
{
	char place[CURSOR_MAX];
	struct arena a;
	struct buf text;

	arena_init(&a);
	buf_init(&text, 8192);
	push_answer(c,
	    dialects[c->dialect]->pong(place_or_null(c, place), &a, &text),
	    &text);
	buf_release(&text);
	arena_release(&a);
}

void
client_push_subscribed(struct client *c, const struct subscribed *s)
{
	const struct dialect *d = dialects[c->dialect];
	struct arena a;
	struct buf text;

	arena_init(&a);
	/* Ids of 39 bytes each. */
	buf_init(&text, 1024 + (size_t)s->n * 48);
	if (d->subscribed != NULL)
		push_answer(c, d->subscribed(s, &a, &text), &text);
	buf_release(&text);
	arena_release(&a);
}

void
client_unsubscribe(struct client *c, const struct ask *ask)
{
	const struct dialect *d = dialects[c->dialect];
	char place[CURSOR_MAX];
	struct arena a;
	struct buf text;

	if (ask->all)
		filter_none(&c->filter);
	for (int i = 0; i < ask->n; i++) {
		if (filter_remove(&c->filter, &ask->ids[i]))
			continue;
		client_complain(c, "too_many",
		    "Too many exceptions: subscribe to the generations you "
		    "want instead.",
		    NULL);
		break;
	}
	registry_put(c);
	arena_init(&a);
	buf_init(&text, 8192);
	if (d->unsubscribed != NULL)
		push_answer(c,
		    d->unsubscribed(
			ask->ids, ask->n, place_or_null(c, place), &a, &text),
		    &text);
	buf_release(&text);
	arena_release(&a);
}
