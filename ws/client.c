#include "ws/client.h"

#include "core/clock.h"
#include "core/log.h"
#include "ws/auth.h"
#include "ws/hub.h"
#include "ws/subscribe.h"
#include "ws/live.h"
#include "ws/registry.h"

#include <stdlib.h>
#include <string.h>

/* One page of history, frames of a client's own: bounds its memory. */
#define PAGE 64

static void
list_add_client(struct live *l, struct client *c)
{
	c->next = l->clients;
	if (l->clients != NULL)
		l->clients->prev = c;
	l->clients = c;
	l->nclients++;
}

static void
list_remove_client(struct live *l, struct client *c)
{
	if (c->prev != NULL)
		c->prev->next = c->next;
	else
		l->clients = c->next;
	if (c->next != NULL)
		c->next->prev = c->prev;
	l->nclients--;
}

struct client *
client_new(
    struct live *l, struct lws *wsi, const struct transport *t, int dialect)
{
	struct client *c = calloc(1, sizeof(*c));

	if (c == NULL)
		fatal("out of memory");
	c->live = l;
	c->wsi = wsi;
	c->transport = t;
	c->dialect = (int16_t)dialect;
	c->last = &c->first;
	c->connected_at = clock_unix_ms();
	random_bytes(c->id.b, sizeof(c->id.b));
	c->id.b[6] = (c->id.b[6] & 0x0f) | 0x40; /* RFC 9562, version 4 */
	c->id.b[8] = (c->id.b[8] & 0x3f) | 0x80;
	list_add_client(l, c);
	return c;
}

static struct frame *
client_pop(struct client *c)
{
	struct client_item *item = c->first;
	struct frame *f = item->frame;

	c->first = item->next;
	if (c->first == NULL)
		c->last = &c->first;
	free(item);
	return f;
}

void
client_free(struct client *c)
{
	if (c == NULL)
		return;
	if (c->room != NULL)
		registry_remove(c);
	subscribe_free(c->subscribing);
	history_cancel(c->page);
	hub_leave(c->live->hub, c);
	session_leave(c);
	list_remove_client(c->live, c);
	while (c->first != NULL)
		frame_unref(client_pop(c));
	filter_release(&c->filter);
	free(c);
}

void
client_enter(struct client *c, struct cached_session *s)
{
	session_join(s, c);
	hub_enter(c->live->hub, session_account(s), c);
	registry_put(c);
	if (c->room->state == ROOM_LIVE)
		client_room_live(c);
	else if (!async_redis_is_up(c->live->redis))
		client_room_lost(c);
}

/* ---- the queue -------------------------------------------------------- */

void
client_wake(struct client *c)
{
	lws_callback_on_writable(c->wsi);
}

void
client_drop(struct client *c)
{
	/* Not ASYNC: its timers do not start outside of its own callbacks. */
	lws_set_timeout(c->wsi, PENDING_TIMEOUT_CLOSE_SEND, LWS_TO_KILL_SYNC);
}

void
client_push(struct client *c, struct frame *f)
{
	struct client_item *item = malloc(sizeof(*item));

	if (item == NULL)
		fatal("out of memory");
	item->next = NULL;
	item->frame = f;
	*c->last = item;
	c->last = &item->next;
	client_wake(c);
}

/* ---- answers, in its dialect ---------------- ------------------------------
 */

void
client_note_finished(struct client *c, const struct update *u)
{
	filter_set_finished(&c->filter, &u->generation, u->finished);
}

void
client_push_update(struct client *c, struct update *u, bool with_id)
{
	enum frame_shape shape = c->transport->shape;
	struct frame *f;

	if (shape == SHAPE_SSE && !with_id)
		shape = SHAPE_SSE_NO_ID;
	client_note_finished(c, u);
	f = update_frame(u, c->dialect, shape);
	if (f != NULL)
		client_push(c, frame_ref(f));
}

/* An answer as its dialect made it; type is NULL where it has none. */
static void
push_answer(struct client *c, const char *type, const struct buf *text)
{
	enum frame_shape shape = c->transport->shape;

	if (shape == SHAPE_SSE)
		shape = SHAPE_SSE_NO_ID;
	if (type != NULL && buf_ok(text))
		client_push(
		    c, frame_message(shape, NULL, type, text->data, text->len));
}

const char *
client_cursor_text(const struct client *c, char out[CURSOR_MAX])
{
	return cursor_text(&c->position, out);
}

/* Its position as text, or NULL where it has none. */
static const char *
cursor_or_null(const struct client *c, char out[CURSOR_MAX])
{
	return *client_cursor_text(c, out) != '\0' ? out : NULL;
}

void
client_push_error(struct client *c, const char *code, const char *message,
    const char *generation)
{
	const struct dialect *d = dialects[c->dialect];
	char cursor[CURSOR_MAX];
	struct client_error what = {
	    .code = code,
	    .message = message,
	    .generation = generation,
	    .cursor = cursor_or_null(c, cursor),
	};
	struct arena a;
	struct buf text;

	arena_init(&a);
	buf_init(&text, 8192);
	push_answer(c, d->error(&what, &a, &text), &text);
	buf_release(&text);
	arena_release(&a);
}

void
client_push_connected(struct client *c)
{
	const struct dialect *d = dialects[c->dialect];
	char cursor[CURSOR_MAX];
	struct arena a;
	struct buf text;

	if (d->connected == NULL)
		return;
	arena_init(&a);
	buf_init(&text, 8192);
	push_answer(
	    c, d->connected(cursor_or_null(c, cursor), &a, &text), &text);
	buf_release(&text);
	arena_release(&a);
}

void
client_push_pong(struct client *c)
{
	char cursor[CURSOR_MAX];
	struct arena a;
	struct buf text;

	arena_init(&a);
	buf_init(&text, 8192);
	push_answer(c,
	    dialects[c->dialect]->pong(cursor_or_null(c, cursor), &a, &text),
	    &text);
	buf_release(&text);
	arena_release(&a);
}

void
client_push_subscribed(struct client *c, const struct subscribe_answer *s)
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
client_unsubscribe(struct client *c, const struct client_request *rq)
{
	const struct dialect *d = dialects[c->dialect];
	char cursor[CURSOR_MAX];
	struct arena a;
	struct buf text;

	if (rq->all)
		filter_none(&c->filter);
	for (int i = 0; i < rq->n; i++) {
		if (filter_remove(&c->filter, &rq->ids[i]))
			continue;
		client_push_error(c, "too_many",
		    "Too many exceptions. Subscribe to the generations you "
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
			rq->ids, rq->n, cursor_or_null(c, cursor), &a, &text),
		    &text);
	buf_release(&text);
	arena_release(&a);
}

/* ---- asking ----------------------------------------------------------- */

void
client_handle(struct client *c, const struct client_request *rq)
{
	switch (rq->kind) {
	case CLIENT_PING:
		client_push_pong(c);
		break;
	case CLIENT_UNSUBSCRIBE:
		client_unsubscribe(c, rq);
		break;
	case CLIENT_SUBSCRIBE:
		if (c->subscribing != NULL)
			BUG("a subscribe request inside another");
		subscribe_start(c, rq, false);
		break;
	}
}

/* ---- reading the log -------------------------------------------------- */

/* Sent already, with a page of history or a snapshot? */
static bool
is_before_position(const struct client *c, const struct update *u)
{
	return cursor_same_epoch(&c->position, &u->cursor) &&
	       cursor_cmp(&u->cursor, &c->position) <= 0;
}

/* The next update of the log for this client; NULL at its end. */
static struct update *
next_in_log(struct client *c)
{
	struct update *u;

	while (c->seq < c->room->head) {
		if (c->seq < c->room->tail) {
			c->behind = true;
			return NULL;
		}
		u = room_at(c->room, c->seq++);
		if (is_before_position(c, u))
			continue;
		c->position = u->cursor;
		if (!filter_match(&c->filter, &u->generation))
			continue;
		client_note_finished(c, u);
		return u;
	}
	return NULL;
}

void
client_set_position(struct client *c, const struct cursor *at)
{
	c->position = *at;
	c->seq = c->room->tail;
	while (c->seq < c->room->head &&
	       is_before_position(c, room_at(c->room, c->seq)))
		c->seq++;
	c->is_live = true;
}

void
client_flush_log(struct client *c, const struct cursor *upto)
{
	struct update *u;

	while (c->is_live && !c->behind && c->seq < c->room->head) {
		if (c->seq >= c->room->tail &&
		    cursor_cmp(&room_at(c->room, c->seq)->cursor, upto) > 0)
			return;
		u = next_in_log(c);
		if (u != NULL)
			client_push_update(c, u, true);
	}
}

static void
on_page(void *arg, const struct history *h)
{
	struct client *c = arg;

	c->page = NULL;
	if (h == NULL)
		return; /* Redis is down: its return brings the snapshots */
	for (int i = 0; i < h->n; i++) {
		if (h->complete)
			client_push_update(c, h->v[i], true);
		update_unref(h->v[i]);
	}
	if (!h->complete || !cursor_same_epoch(&h->last, &c->position)) {
		client_position_lost(c);
		return;
	}
	c->position = h->upto;
	if (cursor_cmp(&h->upto, &h->last) == 0 &&
	    room_covers(c->room, &c->position)) {
		c->behind = false;
		client_set_position(c, &h->upto);
	}
	client_wake(c);
}

static void
read_page(struct client *c)
{
	struct history_query q = {
	    .account = c->room->account_text,
	    .after = &c->position,
	    .page = PAGE,
	    .collapse = c->live->conf.live_client_frames,
	    .filter = &c->filter,
	    .changes_only = dialects[c->dialect]->changes_only,
	};

	if (c->page == NULL && async_redis_is_up(c->live->redis))
		c->page = history_read(c->live->redis, &q, on_page, c);
}

struct frame *
client_next_frame(struct client *c)
{
	struct update *u;
	struct frame *f;

	if (c->first != NULL)
		return client_pop(c);
	if (c->subscribing != NULL || !c->is_live)
		return NULL;
	while (!c->behind && (u = next_in_log(c)) != NULL) {
		f = update_frame(u, c->dialect, c->transport->shape);
		if (f != NULL)
			return frame_ref(f);
	}
	if (c->behind)
		read_page(c);
	return NULL;
}

bool
client_is_idle(const struct client *c)
{
	return c->first == NULL && c->subscribing == NULL && c->is_live &&
	       !c->behind && !c->stale && c->seq == c->room->head;
}

bool
client_is_finished(const struct client *c)
{
	return client_is_idle(c) && filter_all_finished(&c->filter);
}

/* ---- called by the room ---------------------------------------------- */

void
client_room_update(struct client *c, struct update *u)
{
	bool match = filter_match(&c->filter, &u->generation);

	if (c->subscribing != NULL) {
		subscribe_step(c->subscribing);
		return;
	}
	if (!c->is_live || c->behind)
		return;
	/* One that has read everything stays at the head by itself. */
	if (!match && c->seq + 1 == c->room->head) {
		c->seq++;
		if (!is_before_position(c, u))
			c->position = u->cursor;
		return;
	}
	if (match)
		client_wake(c);
}

void
client_room_live(struct client *c)
{
	if (!c->ready) {
		c->ready = true;
		c->transport->ready(c);
	}
	if (c->subscribing != NULL)
		subscribe_step(c->subscribing);
}

void
client_room_lost(struct client *c)
{
	/* A request that waits for Redis goes on without it. */
	client_room_live(c);
}

void
client_mark_stale(struct client *c)
{
	if (c->is_live)
		c->stale = true;
}

void
client_position_lost(struct client *c)
{
	history_cancel(c->page);
	c->page = NULL;
	if (c->subscribing != NULL)
		subscribe_restart(c->subscribing);
	if (c->is_live) {
		c->stale = c->events_lost = true;
		c->behind = false;
		client_set_position(c, &c->room->last);
	}
}

/* Sends the snapshots again to a client that may have missed events. */
static void
refresh_state(struct client *c)
{
	struct uuid ids[FILTER_MAX];
	struct client_request rq = {
	    .kind = CLIENT_SUBSCRIBE, .all = c->filter.all};

	if (!rq.all && c->filter.n == 0) {
		c->stale = c->events_lost = false;
		return;
	}
	if (!rq.all) {
		for (int i = 0; i < c->filter.n; i++)
			ids[i] = c->filter.v[i].id;
		rq.ids = ids;
		rq.n = c->filter.n;
	}
	subscribe_start(c, &rq, true);
}

void
client_tick(struct client *c, int64_t now)
{
	if (c->stale && c->subscribing == NULL && c->room->state == ROOM_LIVE &&
	    async_pg_is_up(c->live->pg))
		refresh_state(c);
	registry_tick(c, now);
	if (c->subscribing != NULL)
		subscribe_step(c->subscribing);
	else if (c->behind && c->first == NULL)
		read_page(c);
	c->transport->tick(c, now);
}
