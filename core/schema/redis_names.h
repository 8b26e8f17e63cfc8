/*
 * redis_names: the keys and channels of Redis, each named once.
 *
 * A name that ends in ':' is a prefix.  The scripts of sql/redis build no
 * names: keys are their KEYS, channels their arguments.  cli/redis_users.def
 * says which process may use which.
 */
#ifndef CORE_SCHEMA_REDIS_NAMES_H
#define CORE_SCHEMA_REDIS_NAMES_H

#include "core/arena.h"

/* Lanes that are no provider's: counts of hosts, and tests of providers. */
#define LANE_ANALYZE "analyze"
#define LANE_PROBE "probe"

/* A lane was given something: the message is the lane. */
#define CHANNEL_WAKE "queue:wake"
/* A generation was canceled or deleted: the message is its id. */
#define CHANNEL_STOP "queue:stop"

/* All events of an account, for the sidecars alone. */
#define CHANNEL_ACCOUNT "platen:user:"
/* The changes of status of an account, and of all of them: public. */
#define CHANNEL_PUBLIC_ACCOUNT "generation:user:"
#define CHANNEL_PUBLIC_ALL "generation:status-updates"
/* The count of a host's URLs as it grows: public. */
#define CHANNEL_HOST "host:"
/* The sidecars hear themselves on it. */
#define CHANNEL_HEARTBEAT "platen:live"

/* Names the life of this Redis: emptied, it gets another. */
#define KEY_EPOCH "platen:epoch"
/* The stream of an account's events. */
#define KEY_EVENTS "events:user:"
/* The last event of a generation, and its last hundred. */
#define KEY_SNAPSHOT "job:"
#define KEY_HISTORY "job-history:"

/* A connection of the live channel, and what it listens to. */
#define KEY_CLIENT "client:"
#define KEY_SUBSCRIPTIONS "subscriptions:"

/* What Redis keeps of a lane. */
enum lane_key {
	LANE_KEY_QUEUE,        /* who waits, by start time */
	LANE_KEY_VIRTUAL_TIME, /* the start time that is served now */
	LANE_KEY_TAGS,         /* the next start time of each account */
	LANE_KEY_OWNER,        /* the account of each that waits */
	LANE_KEY_PAUSED,       /* is there while nothing is served */
	LANE_KEY_CALLS,        /* when the next call of its model may be */
	LANE_KEY_MAX
};

/* lane_key_name: of one lane, in the arena. */
const char *lane_key_name(struct arena *a, const char *lane, enum lane_key k);

/* host_permits_key: who asks a host, and how fast, in the arena. */
const char *host_permits_key(struct arena *a, const char *host);

#endif
