#include "ws/client.h"

#include "core/clock.h"
#include "core/log.h"
#include "ws/auth.h"
#include "ws/hub.h"
#include "ws/join.h"
#include "ws/live.h"
#include "ws/registry.h"

#include <stdlib.h>
#include <string.h>

/* One page of history, frames of a client's own: bounds its memory. */
#define PAGE 64

static void
all_add(struct live *l, struct client *c)
{
	c->next = l->clients;
	if (l->clients != NULL)
		l->clients->prev = c;
	l->clients = c;
	l->nclients++;
}

static void
all_remove(struct live *l, struct client *c)
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
	c->since = clock_unix_ms();
	random_bytes(c->id.b, sizeof(c->id.b));
	c->id.b[6] = (c->id.b[6] & 0x0f) | 0x40; /* RFC 9562, version 4 */
	c->id.b[8] = (c->id.b[8] & 0x3f) | 0x80;
	all_add(l, c);
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
	join_free(c->join);
	history_cancel(c->page);
	hub_leave(c->live->hub, c);
	session_leave(c);
	all_remove(c->live, c);
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
	else if (!feed_is_up(c->live->feed))
		client_room_lost(c);
}

/* ---- the queue -------------------------------------------------------- */

void
client_wake(struct client *c)
{
	lws_callback_on_writable(c->wsi);
}

void
client_kill(struct client *c)
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

/* ---- asking ----------------------------------------------------------- */

void
client_ask(struct client *c, const struct ask *ask)
{
	switch (ask->kind) {
	case CLIENT_PING:
		client_pong(c);
		break;
	case CLIENT_UNSUBSCRIBE:
		client_unsubscribe(c, ask);
		break;
	case CLIENT_SUBSCRIBE:
		if (c->join != NULL)
			BUG("a request to listen inside another");
		join_start(c, ask, false);
		break;
	}
}

/* ---- reading the log -------------------------------------------------- */

/* Told already, by a page of history or by a present state? */
static bool
is_old(const struct client *c, const struct update *u)
{
	return cursor_same_epoch(&c->pos, &u->cursor) &&
	       cursor_cmp(&u->cursor, &c->pos) <= 0;
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
		if (is_old(c, u))
			continue;
		c->pos = u->cursor;
		if (!filter_match(&c->filter, &u->generation))
			continue;
		client_note(c, u);
		return u;
	}
	return NULL;
}

void
client_settle(struct client *c, const struct cursor *at)
{
	c->pos = *at;
	c->seq = c->room->tail;
	while (c->seq < c->room->head && is_old(c, room_at(c->room, c->seq)))
		c->seq++;
	c->is_live = true;
}

void
client_flush(struct client *c, const struct cursor *upto)
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
		return; /* Redis is away: its return brings the present state */
	for (int i = 0; i < h->n; i++) {
		if (h->complete)
			client_push_update(c, h->v[i], true);
		update_unref(h->v[i]);
	}
	if (!h->complete || !cursor_same_epoch(&h->last, &c->pos)) {
		client_lose_place(c);
		return;
	}
	c->pos = h->upto;
	if (cursor_cmp(&h->upto, &h->last) == 0 &&
	    room_covers(c->room, &c->pos)) {
		c->behind = false;
		client_settle(c, &h->upto);
	}
	client_wake(c);
}

static void
read_page(struct client *c)
{
	struct history_query q = {
	    .account = c->room->account_text,
	    .after = &c->pos,
	    .page = PAGE,
	    .collapse = c->live->conf.live_client_frames,
	    .filter = &c->filter,
	    .changes_only = dialects[c->dialect]->changes_only,
	};

	if (c->page == NULL && feed_is_up(c->live->feed))
		c->page = history_read(c->live->feed, &q, on_page, c);
}

struct frame *
client_take(struct client *c)
{
	struct update *u;
	struct frame *f;

	if (c->first != NULL)
		return client_pop(c);
	if (c->join != NULL || !c->is_live)
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
client_idle(const struct client *c)
{
	return c->first == NULL && c->join == NULL && c->is_live &&
	       !c->behind && !c->stale && c->seq == c->room->head;
}

bool
client_over(const struct client *c)
{
	return client_idle(c) && filter_over(&c->filter);
}

/* ---- what the room tells ---------------------------------------------- */

void
client_told(struct client *c, struct update *u)
{
	bool match = filter_match(&c->filter, &u->generation);

	if (c->join != NULL) {
		join_step(c->join);
		return;
	}
	if (!c->is_live || c->behind)
		return;
	/* One that has read everything stays at the head by itself. */
	if (!match && c->seq + 1 == c->room->head) {
		c->seq++;
		if (!is_old(c, u))
			c->pos = u->cursor;
		return;
	}
	if (match)
		client_wake(c);
}

void
client_room_live(struct client *c)
{
	if (!c->greeted) {
		c->greeted = true;
		c->transport->ready(c);
	}
	if (c->join != NULL)
		join_step(c->join);
}

void
client_room_lost(struct client *c)
{
	/* Whoever waits for Redis goes on without it. */
	client_room_live(c);
}

void
client_refresh(struct client *c)
{
	if (c->is_live)
		c->stale = true;
}

void
client_lose_place(struct client *c)
{
	history_cancel(c->page);
	c->page = NULL;
	if (c->join != NULL)
		join_restart(c->join);
	if (c->is_live) {
		c->stale = c->lost = true;
		c->behind = false;
		client_settle(c, &c->room->last);
	}
}

/* Tells the present state again, to one whose knowledge is in doubt. */
static void
tell_again(struct client *c)
{
	struct uid ids[FILTER_MAX];
	struct ask ask = {.kind = CLIENT_SUBSCRIBE, .all = c->filter.all};

	if (!ask.all && c->filter.n == 0) {
		c->stale = c->lost = false;
		return;
	}
	if (!ask.all) {
		for (int i = 0; i < c->filter.n; i++)
			ids[i] = c->filter.v[i].id;
		ask.ids = ids;
		ask.n = c->filter.n;
	}
	join_start(c, &ask, true);
}

void
client_tick(struct client *c, int64_t now)
{
	if (c->stale && c->join == NULL && c->room->state == ROOM_LIVE &&
	    pg_is_up(c->live->pg))
		tell_again(c);
	registry_tick(c, now);
	if (c->join != NULL)
		join_step(c->join);
	else if (c->behind && c->first == NULL)
		read_page(c);
	c->transport->tick(c, now);
}
