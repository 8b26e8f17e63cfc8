/* hub: all rooms, by account, and their channels. */
#ifndef WS_HUB_H
#define WS_HUB_H

#include "ws/feed.h"
#include "ws/room.h"

struct hub;

/* hub_new: log is the number of updates a room keeps. */
struct hub *hub_new(int log);
void hub_free(struct hub *h);

/* hub_attach: the feed to listen by; before anything else. */
void hub_attach(struct hub *h, struct feed *f);

struct feed *hub_feed(const struct hub *h);
int hub_log_size(const struct hub *h);

/* hub_enter: puts the client into its account's room, made if need be. */
struct room *hub_enter(
    struct hub *h, const struct uid *account, struct client *c);
void hub_leave(struct hub *h, struct client *c);

/* What the feed says of channels "platen:user:{account}". */
void hub_up(struct hub *h);
void hub_down(struct hub *h);
void hub_confirmed(struct hub *h, const char *channel);
void hub_left(struct hub *h, const char *channel);
void hub_message(
    struct hub *h, const char *channel, const char *data, size_t len);

/* hub_tick: a few times a second. */
void hub_tick(struct hub *h, int64_t now);

/* hub_listeners: how many clients the account has here. */
int hub_listeners(const struct hub *h, const struct uid *account);

int hub_rooms(const struct hub *h);

#endif
