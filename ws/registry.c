#include "ws/registry.h"

#include "core/clock.h"
#include "core/schema/redis_names.h"
#include "ws/client.h"
#include "ws/live.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define EXPIRE_S "90"
#define REFRESH_MS 30000

struct registry_keys {
	char client[64];
	char subscriptions[64];
};

static void
registry_keys_make(const struct client *c, struct registry_keys *k)
{
	char id[UUID_LEN + 1];

	uuid_to_text(&c->id, id);
	snprintf(k->client, sizeof(k->client), KEY_CLIENT "%s", id);
	snprintf(k->subscriptions, sizeof(k->subscriptions),
	    KEY_SUBSCRIPTIONS "%s", id);
}

static void
registry_command(struct client *c, int argc, const char *const *argv)
{
	async_redis_command(c->live->redis, argc, argv, NULL, NULL);
}

#define COMMAND(c, ...)                                        \
	registry_command((c),                                  \
	    (int)(sizeof((const char *const[]){__VA_ARGS__}) / \
		  sizeof(const char *)),                       \
	    (const char *const[]){__VA_ARGS__})

static void
time_rfc3339(int64_t unix_ms, char out[40])
{
	time_t s = (time_t)(unix_ms / 1000);
	struct tm tm;
	size_t n;

	gmtime_r(&s, &tm);
	n = strftime(out, 32, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(out + n, 40 - n, ".%03dZ", (int)(unix_ms % 1000));
}

static void
put_connection(struct client *c, const struct registry_keys *k)
{
	char at[40];

	time_rfc3339(c->connected_at, at);
	COMMAND(c, "HSET", k->client, "userId", c->room->account_text,
	    "transport", c->transport->name, "dialect",
	    dialects[c->dialect]->name, "connectedAt", at);
	COMMAND(c, "EXPIRE", k->client, EXPIRE_S);
}

static void
put_subscriptions(struct client *c, const struct registry_keys *k)
{
	char rooms[FILTER_MAX][sizeof("user:") + UUID_LEN];
	const char *argv[2 + FILTER_MAX] = {"SADD", k->subscriptions};
	int n = 2;

	COMMAND(c, "DEL", k->subscriptions);
	if (c->filter.all) {
		memcpy(rooms[0], "user:", 5);
		uuid_to_text(&c->room->account, rooms[0] + 5);
		argv[n++] = rooms[0];
	}
	for (int i = 0; !c->filter.all && i < c->filter.n; i++) {
		memcpy(rooms[i], "job:", 4);
		uuid_to_text(&c->filter.v[i].id, rooms[i] + 4);
		argv[n++] = rooms[i];
	}
	if (n == 2)
		return;
	registry_command(c, n, argv);
	COMMAND(c, "EXPIRE", k->subscriptions, EXPIRE_S);
}

void
registry_put(struct client *c)
{
	struct registry_keys k;

	c->registered = clock_ms();
	if (!async_redis_is_up(c->live->redis))
		return;
	registry_keys_make(c, &k);
	put_connection(c, &k);
	put_subscriptions(c, &k);
}

void
registry_tick(struct client *c, int64_t now)
{
	if (c->room != NULL && now - c->registered >= REFRESH_MS)
		registry_put(c);
}

void
registry_remove(struct client *c)
{
	struct registry_keys k;

	if (!async_redis_is_up(c->live->redis))
		return;
	registry_keys_make(c, &k);
	COMMAND(c, "DEL", k.client, k.subscriptions);
}
