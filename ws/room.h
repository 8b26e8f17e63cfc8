/*
 * room: the listeners of one account, and its latest events.
 *
 * The log is a ring of the account's updates without a gap, shared by all of
 * its clients, who have positions in it.  Each update names the one before it;
 * where that is not the last we have, the gap is filled from the stream before
 * anything newer goes into the log.  Old updates leave the log; a client that
 * still needed one reads the stream instead (client.h).
 *
 * A room stays a while after its last client left: a long-poll that comes back
 * finds its position in memory.
 */
#ifndef WS_ROOM_H
#define WS_ROOM_H

#include "ws/history.h"
#include "ws/update.h"

struct client;
struct hub;

enum room_state {
	ROOM_WAITING, /* for Redis, or for the channel's confirmation */
	ROOM_READING, /* the position of the stream; not live yet */
	ROOM_LIVE,
	ROOM_LEAVING, /* unsubscribed; the confirmation is awaited */
};

struct room {
	struct hub *hub;
	uint32_t index; /* in the hub's list */
	struct uuid account;
	char account_text[UUID_LEN + 1];
	enum room_state state;
	struct history_call *call; /* a reading under way */
	bool was_live;             /* it was live when Redis went away */
	struct cursor last;        /* newest in the log, or just before it */
	struct cursor heard;       /* newest seen on the channel */
	struct update **log;       /* log[i % cap], owned; NULL while empty */
	uint64_t head, tail;       /* next to come; oldest kept */
	struct client *clients;
	int n;
	int64_t empty_since; /* clock_ms() */
	uint64_t *notices;   /* hashes: see room_notice_once; owned, or NULL */
	int nnotices;        /* ever; the newest NOTICES_MAX are kept */
};

struct room *room_new(struct hub *hub, const struct uuid *account);
void room_free(struct room *r);

/* Events of the room's channel: subscribed, a message, connection lost. */
void room_subscribed(struct room *r);
void room_message(struct room *r, struct update *u);
void room_lost(struct room *r);

/* room_check_stream: reads the stream, which may be ahead of the room. */
void room_check_stream(struct room *r);

/*
 * room_notice_once: true the first time it is called with this hash.  For
 * long-polls, which cannot know what the poll before was told.
 */
bool room_notice_once(struct room *r, uint64_t hash);

/* room_tick: drops old updates. */
void room_tick(struct room *r, int64_t now);

/* room_at: an update of the log; tail <= i < head; borrowed. */
struct update *room_at(const struct room *r, uint64_t i);

/*
 * room_covers: everything after the cursor is in the log, or there was
 * nothing.  The room must be live.
 */
bool room_covers(const struct room *r, const struct cursor *c);

#endif
