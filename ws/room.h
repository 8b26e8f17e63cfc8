/*
 * room: the listeners of one account, and its latest events.
 *
 * The log is a ring of the account's updates without a gap, shared by all of
 * its clients, who hold places in it.  Each update says which one was before
 * it; where that is not the last we have, the hole is filled from the stream
 * before anything newer goes into the log.  What is old leaves the log; a
 * client that still needed it goes on from the stream alone (client.h).
 *
 * A room stays a while after its last client left: one that comes back, as a
 * long-poll does, finds its place in memory.
 */
#ifndef WS_ROOM_H
#define WS_ROOM_H

#include "ws/history.h"
#include "ws/update.h"

struct client;
struct hub;

enum room_state {
	ROOM_WAITING, /* for Redis, or for the channel's confirmation */
	ROOM_READING, /* where the stream stands; not live yet */
	ROOM_LIVE,
	ROOM_LEAVING, /* unsubscribed; the confirmation is awaited */
};

struct room {
	struct hub *hub;
	struct room *next; /* in the hub's table */
	struct uid account;
	char account_text[UUID_LEN + 1];
	enum room_state state;
	struct history_call *call; /* a reading under way */
	bool again;                /* it was live when Redis went away */
	struct cursor last;        /* newest in the log, or just before it */
	struct cursor heard;       /* newest told by the channel */
	struct update **log;       /* log[i % cap], owned; NULL while empty */
	uint64_t head, tail;       /* next to come; oldest kept */
	struct client *clients;
	int n;
	int64_t empty_since; /* clock_ms() */
	uint64_t *told;      /* hashes: see room_tell_once; owned, or NULL */
	int ntold;           /* ever; the newest TOLD_MAX are kept */
};

struct room *room_new(struct hub *hub, const struct uid *account);
void room_free(struct room *r);

/* The channel of the room: confirmed, said something, went away. */
void room_confirmed(struct room *r);
void room_message(struct room *r, struct update *u);
void room_lost(struct room *r);

/* room_doubt: the stream seems to be elsewhere than the room: reads it. */
void room_doubt(struct room *r);

/*
 * room_tell_once: true the first time it is called with this hash.  For
 * long-polls, which cannot remember what they were told.
 */
bool room_tell_once(struct room *r, uint64_t hash);

/* room_tick: lets go of what is old. */
void room_tick(struct room *r, int64_t now);

/* room_at: an update of the log; tail <= i < head; borrowed. */
struct update *room_at(const struct room *r, uint64_t i);

/*
 * room_covers: everything after the cursor is in the log, or there was
 * nothing.  The room must be live.
 */
bool room_covers(const struct room *r, const struct cursor *c);

#endif
