#include "ws/hub.h"

#include "core/clock.h"
#include "core/log.h"
#include "core/schema/redis_names.h"
#include "core/strmap.h"
#include "ws/client.h"

#include <stdlib.h>
#include <string.h>

/* How long an empty room is kept: longer than between two long-polls. */
#define LINGER_MS 30000

struct hub {
	struct async_redis *redis; /* borrowed */
	struct arena arena;        /* owns the map */
	struct strmap by_account;  /* index of a room by account_text */
	struct room **rooms;       /* owned */
	size_t n, cap;
	int log;
};

struct hub *
hub_new(int log)
{
	struct hub *h = calloc(1, sizeof(*h));

	if (h == NULL)
		fatal("out of memory");
	h->log = log;
	arena_init(&h->arena);
	strmap_init(&h->by_account, &h->arena, 0, false);
	return h;
}

void
hub_set_redis(struct hub *h, struct async_redis *redis)
{
	h->redis = redis;
}

struct async_redis *
hub_redis(const struct hub *h)
{
	return h->redis;
}

int
hub_log_size(const struct hub *h)
{
	return h->log;
}

int
hub_room_count(const struct hub *h)
{
	return (int)h->n;
}

/* The room of an account; NULL: there is none. */
static struct room *
hub_find_room(const struct hub *h, const char *account)
{
	uint32_t i = strmap_get(&h->by_account, account);

	return i == STRMAP_NONE ? NULL : h->rooms[i];
}

int
hub_client_count(const struct hub *h, const struct uuid *account)
{
	char text[UUID_LEN + 1];
	struct room *r;

	uuid_to_text(account, text);
	r = hub_find_room(h, text);
	return r == NULL ? 0 : r->n;
}

static struct room *
hub_add_room(struct hub *h, const struct uuid *account)
{
	struct room *r = room_new(h, account);

	if (h->n == h->cap) {
		h->cap = h->cap == 0 ? 64 : 2 * h->cap;
		h->rooms = realloc(h->rooms, h->cap * sizeof(struct room *));
		if (h->rooms == NULL)
			fatal("out of memory");
	}
	r->index = (uint32_t)h->n;
	h->rooms[h->n++] = r;
	(void)strmap_add(&h->by_account, r->account_text, r->index);
	return r;
}

/* The last room takes the index of the one that goes. */
static void
hub_remove_room(struct hub *h, struct room *r)
{
	struct room *last = h->rooms[--h->n];

	(void)strmap_remove(&h->by_account, r->account_text);
	if (last != r) {
		last->index = r->index;
		h->rooms[last->index] = last;
		strmap_set(&h->by_account, last->account_text, last->index);
	}
	room_free(r);
}

static void
room_subscribe(struct room *r)
{
	char channel[sizeof(CHANNEL_ACCOUNT) + UUID_LEN];

	snprintf(
	    channel, sizeof(channel), CHANNEL_ACCOUNT "%s", r->account_text);
	async_redis_subscribe(r->hub->redis, channel);
}

static void
room_unsubscribe(struct room *r)
{
	char channel[sizeof(CHANNEL_ACCOUNT) + UUID_LEN];

	snprintf(
	    channel, sizeof(channel), CHANNEL_ACCOUNT "%s", r->account_text);
	async_redis_unsubscribe(r->hub->redis, channel);
}

struct room *
hub_enter(struct hub *h, const struct uuid *account, struct client *c)
{
	char text[UUID_LEN + 1];
	struct room *r;

	uuid_to_text(account, text);
	r = hub_find_room(h, text);
	if (r == NULL) {
		r = hub_add_room(h, account);
		room_subscribe(r);
	}
	c->room = r;
	c->room_next = r->clients;
	c->room_prev = NULL;
	if (r->clients != NULL)
		r->clients->room_prev = c;
	r->clients = c;
	r->n++;
	return r;
}

void
hub_leave(struct hub *h, struct client *c)
{
	struct room *r = c->room;

	(void)h;
	if (r == NULL)
		return;
	if (c->room_prev != NULL)
		c->room_prev->room_next = c->room_next;
	else
		r->clients = c->room_next;
	if (c->room_next != NULL)
		c->room_next->room_prev = c->room_prev;
	c->room = NULL;
	c->room_next = c->room_prev = NULL;
	if (--r->n == 0)
		r->empty_since = clock_ms();
}

/* ---- called by Redis ----------------------------------------------- */

static struct room *
room_of_channel(const struct hub *h, const char *channel)
{
	size_t n = sizeof(CHANNEL_ACCOUNT) - 1;

	return strncmp(channel, CHANNEL_ACCOUNT, n) == 0
		   ? hub_find_room(h, channel + n)
		   : NULL;
}

void
hub_up(struct hub *h)
{
	for (size_t i = 0; i < h->n; i++)
		room_subscribe(h->rooms[i]);
}

void
hub_down(struct hub *h)
{
	/* From the end: one that is removed is replaced by the last. */
	for (size_t i = h->n; i-- > 0;) {
		if (h->rooms[i]->n == 0)
			hub_remove_room(h, h->rooms[i]);
		else
			room_lost(h->rooms[i]);
	}
}

void
hub_subscribed(struct hub *h, const char *channel)
{
	struct room *r = room_of_channel(h, channel);

	if (r != NULL)
		room_subscribed(r);
}

/*
 * Only now may the channel be subscribed again: hiredis forgets whom to call
 * when this answer comes.
 */
void
hub_unsubscribed(struct hub *h, const char *channel)
{
	struct room *r = room_of_channel(h, channel);

	if (r == NULL || r->state != ROOM_LEAVING)
		return;
	if (r->n == 0) {
		hub_remove_room(h, r);
		return;
	}
	r->state = ROOM_WAITING;
	room_subscribe(r);
}

void
hub_message(struct hub *h, const char *channel, const char *data, size_t len)
{
	struct room *r = room_of_channel(h, channel);
	struct update *u;

	if (r == NULL)
		return;
	if (update_parse(data, len, &u) == OK)
		room_message(r, u);
	else
		log_warn("event_unreadable", "channel", channel);
}

void
hub_tick(struct hub *h, int64_t now)
{
	for (size_t i = 0; i < h->n; i++) {
		struct room *r = h->rooms[i];

		room_tick(r, now);
		if (r->n > 0 || r->state == ROOM_LEAVING ||
		    r->empty_since + LINGER_MS > now ||
		    !async_redis_is_up(h->redis))
			continue;
		r->state = ROOM_LEAVING;
		room_unsubscribe(r);
	}
}

void
hub_free(struct hub *h)
{
	for (size_t i = 0; i < h->n; i++)
		room_free(h->rooms[i]);
	free(h->rooms);
	arena_release(&h->arena);
	free(h);
}
