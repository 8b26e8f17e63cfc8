#include "ws/room.h"

#include "core/clock.h"
#include "core/log.h"
#include "ws/client.h"
#include "ws/hub.h"

#include <stdlib.h>
#include <string.h>

/* An update leaves the log when it is so old; the stream still has it. */
#define KEEP_MS 10000
/* Notices that its long-polls got once and not again. */
#define NOTICES_MAX 64

struct room *
room_new(struct hub *hub, const struct uuid *account)
{
	struct room *r = calloc(1, sizeof(*r));

	if (r == NULL)
		fatal("out of memory");
	r->hub = hub;
	r->account = *account;
	uuid_to_text(account, r->account_text);
	r->empty_since = clock_ms();
	return r;
}

/* fn may end the client it is given, but no other. */
static void
room_each_client(struct room *r, void (*fn)(struct client *))
{
	struct client *next;

	for (struct client *c = r->clients; c != NULL; c = next) {
		next = c->room_next;
		fn(c);
	}
}

struct update *
room_at(const struct room *r, uint64_t i)
{
	if (i < r->tail || i >= r->head)
		BUG("index %llu of a log", (unsigned long long)i);
	return r->log[i % (uint64_t)hub_log_size(r->hub)];
}

static void
room_log_drop_oldest(struct room *r)
{
	update_unref(room_at(r, r->tail));
	r->tail++;
	if (r->tail == r->head) {
		free(r->log);
		r->log = NULL;
	}
}

static void
room_log_clear(struct room *r)
{
	while (r->tail < r->head)
		room_log_drop_oldest(r);
}

/* Takes over the reference. */
static void
room_log_append(struct room *r, struct update *u)
{
	uint64_t cap = (uint64_t)hub_log_size(r->hub);

	if (r->head - r->tail == cap)
		room_log_drop_oldest(r);
	if (r->log == NULL)
		r->log = calloc(cap, sizeof(struct update *));
	if (r->log == NULL)
		fatal("out of memory");
	r->log[r->head++ % cap] = u;
	r->last = u->cursor;
	for (struct client *c = r->clients, *next; c != NULL; c = next) {
		next = c->room_next;
		client_room_update(c, u);
	}
}

void
room_free(struct room *r)
{
	history_cancel(r->call);
	room_log_clear(r);
	free(r->notices);
	free(r);
}

bool
room_notice_once(struct room *r, uint64_t hash)
{
	int n = r->nnotices < NOTICES_MAX ? r->nnotices : NOTICES_MAX;

	for (int i = 0; i < n; i++)
		if (r->notices[i] == hash)
			return false;
	if (r->notices == NULL)
		r->notices = calloc(NOTICES_MAX, sizeof(*r->notices));
	if (r->notices == NULL)
		fatal("out of memory");
	r->notices[r->nnotices++ % NOTICES_MAX] = hash;
	return true;
}

bool
room_covers(const struct room *r, const struct cursor *c)
{
	if (!cursor_same_epoch(c, &r->last) || cursor_cmp(c, &r->last) > 0)
		return false;
	if (cursor_cmp(c, &r->last) == 0)
		return true;
	return r->tail < r->head &&
	       cursor_cmp(c, &room_at(r, r->tail)->prev) >= 0;
}

/* ---- reading the stream ----------------------------------------------- */

static void on_history(void *arg, const struct history *h);

static void
room_read_stream(struct room *r)
{
	struct history_query q = {
	    .account = r->account_text,
	    .after = cursor_is_set(&r->last) ? &r->last : NULL,
	    .page = hub_log_size(r->hub),
	    .collapse = INT32_MAX,
	};

	r->heard = (struct cursor){0};
	r->call = history_read(hub_redis(r->hub), &q, on_history, r);
}

/* The channel has brought something newer than the log has. */
static bool
has_heard_newer(const struct room *r)
{
	return cursor_is_set(&r->heard) &&
	       (!cursor_same_epoch(&r->heard, &r->last) ||
		   cursor_cmp(&r->heard, &r->last) > 0);
}

/* Missed events go into the log, or the log starts anew after them. */
static void
room_add_history(struct room *r, const struct history *h)
{
	bool fits = h->complete && h->n == h->total;

	for (int i = 0; i < h->n; i++) {
		if (fits)
			room_log_append(r, h->v[i]);
		else
			update_unref(h->v[i]);
	}
	if (!fits) {
		/* A position at the head is not the one after the gap. */
		room_log_clear(r);
		r->tail = ++r->head;
	}
	r->last = h->last;
	if (!fits && h->complete)
		room_each_client(r, client_wake);
}

static void
room_go_live(struct room *r)
{
	r->state = ROOM_LIVE;
	/* While Redis was down, events may have been lost. */
	if (r->was_live)
		room_each_client(r, client_mark_stale);
	r->was_live = false;
	room_each_client(r, client_room_live);
}

static void
on_history(void *arg, const struct history *h)
{
	struct room *r = arg;
	bool first = !cursor_is_set(&r->last), lost;

	r->call = NULL;
	if (h == NULL)
		return; /* the next tick, or Redis's return, tries again */
	lost =
	    !first && (!cursor_same_epoch(&h->last, &r->last) || !h->complete);
	room_add_history(r, h);
	if (lost) {
		log_info("room_restarted", "account", r->account_text);
		room_each_client(r, client_position_lost);
	}
	if (r->state == ROOM_READING)
		room_go_live(r);
	if (has_heard_newer(r))
		room_read_stream(r);
}

/* ---- the channel ------------------------------------------------------ */

void
room_subscribed(struct room *r)
{
	if (r->state != ROOM_WAITING)
		return;
	r->state = ROOM_READING;
	if (r->call == NULL)
		room_read_stream(r);
}

void
room_lost(struct room *r)
{
	history_cancel(r->call);
	r->call = NULL;
	r->was_live = r->was_live || r->state == ROOM_LIVE;
	r->state = ROOM_WAITING;
	room_each_client(r, client_room_lost);
}

/* The event that follows the last one we have, and nothing is under way. */
static bool
is_next_event(const struct room *r, const struct update *u)
{
	return r->state == ROOM_LIVE && r->call == NULL &&
	       cursor_same_epoch(&u->cursor, &r->last) &&
	       cursor_cmp(&u->prev, &r->last) == 0;
}

void
room_message(struct room *r, struct update *u)
{
	if (is_next_event(r, u)) {
		room_log_append(r, u);
		return;
	}
	if (!cursor_same_epoch(&u->cursor, &r->heard) ||
	    cursor_cmp(&u->cursor, &r->heard) > 0)
		r->heard = u->cursor;
	update_unref(u);
	if (r->state == ROOM_LIVE && r->call == NULL && has_heard_newer(r))
		room_read_stream(r);
}

void
room_check_stream(struct room *r)
{
	if (r->state == ROOM_LIVE && r->call == NULL)
		room_read_stream(r);
}

void
room_tick(struct room *r, int64_t now)
{
	while (r->tail < r->head && room_at(r, r->tail)->at + KEEP_MS < now)
		room_log_drop_oldest(r);
	if (r->call == NULL && async_redis_is_up(hub_redis(r->hub)) &&
	    (r->state == ROOM_READING ||
		(r->state == ROOM_LIVE && has_heard_newer(r))))
		room_read_stream(r);
}
