#include "ws/hub.h"

#include "core/clock.h"
#include "core/log.h"
#include "core/schema/redis_names.h"
#include "ws/client.h"

#include <stdlib.h>
#include <string.h>

/* How long an empty room is kept: longer than between two long-polls. */
#define LINGER_MS 30000

struct hub {
	struct async_redis *redis; /* borrowed */
	struct room **table;
	size_t size; /* a power of two */
	size_t n;
	int log;
};

struct hub *
hub_new(int log)
{
	struct hub *h = calloc(1, sizeof(*h));

	if (h == NULL)
		fatal("out of memory");
	h->log = log;
	h->size = 64;
	h->table = calloc(h->size, sizeof(struct room *));
	if (h->table == NULL)
		fatal("out of memory");
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

static struct room **
room_slot(const struct hub *h, const struct uuid *account)
{
	struct room **p = &h->table[uuid_hash(account) & (h->size - 1)];

	while (*p != NULL && uuid_cmp(&(*p)->account, account) != 0)
		p = &(*p)->next;
	return p;
}

int
hub_client_count(const struct hub *h, const struct uuid *account)
{
	struct room *r = *room_slot(h, account);

	return r == NULL ? 0 : r->n;
}

static void
hub_grow(struct hub *h)
{
	struct room **old = h->table, *next;
	size_t size = h->size;

	h->size *= 2;
	h->table = calloc(h->size, sizeof(struct room *));
	if (h->table == NULL)
		fatal("out of memory");
	for (size_t i = 0; i < size; i++) {
		for (struct room *r = old[i]; r != NULL; r = next) {
			struct room **p = room_slot(h, &r->account);

			next = r->next;
			r->next = NULL;
			*p = r;
		}
	}
	free(old);
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
	struct room **p = room_slot(h, account), *r = *p;

	if (r == NULL) {
		if (h->n >= h->size) {
			hub_grow(h);
			p = room_slot(h, account);
		}
		*p = r = room_new(h, account);
		h->n++;
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
	struct uuid account;

	if (strncmp(channel, CHANNEL_ACCOUNT, sizeof(CHANNEL_ACCOUNT) - 1) !=
		0 ||
	    !uuid_from_text(channel + sizeof(CHANNEL_ACCOUNT) - 1, &account))
		return NULL;
	return *room_slot(h, &account);
}

static void
hub_remove_room(struct hub *h, struct room *r)
{
	struct room **p = room_slot(h, &r->account);

	*p = r->next;
	h->n--;
	room_free(r);
}

void
hub_up(struct hub *h)
{
	for (size_t i = 0; i < h->size; i++)
		for (struct room *r = h->table[i]; r != NULL; r = r->next)
			room_subscribe(r);
}

void
hub_down(struct hub *h)
{
	struct room *next;

	for (size_t i = 0; i < h->size; i++) {
		for (struct room *r = h->table[i]; r != NULL; r = next) {
			next = r->next;
			if (r->n == 0)
				hub_remove_room(h, r);
			else
				room_lost(r);
		}
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
	for (size_t i = 0; i < h->size; i++) {
		for (struct room *r = h->table[i]; r != NULL; r = r->next) {
			room_tick(r, now);
			if (r->n > 0 || r->state == ROOM_LEAVING ||
			    r->empty_since + LINGER_MS > now ||
			    !async_redis_is_up(h->redis))
				continue;
			r->state = ROOM_LEAVING;
			room_unsubscribe(r);
		}
	}
}

void
hub_free(struct hub *h)
{
	struct room *next;

	for (size_t i = 0; i < h->size; i++) {
		for (struct room *r = h->table[i]; r != NULL; r = next) {
			next = r->next;
			room_free(r);
		}
	}
	free(h->table);
	free(h);
}
