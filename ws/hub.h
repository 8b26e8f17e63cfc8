/* hub: the rooms of all accounts, and the channels they subscribe to. */
#ifndef WS_HUB_H
#define WS_HUB_H

#include "ws/async_redis.h"
#include "ws/room.h"

struct hub;

/* hub_new: log is the number of updates a room keeps. */
struct hub *hub_new(int log);
void hub_free(struct hub *h);

/* hub_set_redis: the connection to use; call it before anything else. */
void hub_set_redis(struct hub *h, struct async_redis *redis);

struct async_redis *hub_redis(const struct hub *h);
int hub_log_size(const struct hub *h);

/* hub_enter: puts the client into its account's room, made if need be. */
struct room *hub_enter(
    struct hub *h, const struct uuid *account, struct client *c);
void hub_leave(struct hub *h, struct client *c);

/* Events of the connection and of channels "platen:user:{account}". */
void hub_up(struct hub *h);
void hub_down(struct hub *h);
void hub_subscribed(struct hub *h, const char *channel);
void hub_unsubscribed(struct hub *h, const char *channel);
void hub_message(
    struct hub *h, const char *channel, const char *data, size_t len);

/* hub_tick: a few times a second. */
void hub_tick(struct hub *h, int64_t now);

/* hub_client_count: how many clients the account has here. */
int hub_client_count(const struct hub *h, const struct uuid *account);

int hub_room_count(const struct hub *h);

#endif
