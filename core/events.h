/*
 * events: what happens to a generation, published to everyone who listens.
 *
 * An event goes to the stream of its account (events:user:{id}, kept a day),
 * to the snapshot and history of its generation, and to channels as
 *   {generationId,userId,type,status,timestamp,metadata}
 * where metadata holds at least "event" (created, progress, status, deleted),
 * "cursor" and "prev": the cursor of the account's event before it.  Channel
 * platen:user:{id} is for the sidecars and has every event: one that sees prev
 * differ from its last cursor has missed one.  The public channels,
 * generation:user:{id} and generation:status-updates, have the changes of
 * status alone: one event for each revision, and the deletion.
 *
 * Several processes publish events of one generation, so one may be late: an
 * event of a lower revision than the last one is dropped, and so is every event
 * after "deleted".
 * A cursor is "epoch-ms-seq"; a flushed Redis starts a new epoch.
 */
#ifndef CORE_EVENTS_H
#define CORE_EVENTS_H

#include "core/arena.h"
#include "core/json.h"
#include "core/rc.h"
#include "core/redis.h"

enum event_kind {
	EVENT_CREATED,
	EVENT_PROGRESS,
	EVENT_STATUS,
	EVENT_DELETED,
	EVENT_MAX
};

struct event {
	enum event_kind kind;
	const char *generation;       /* uuid */
	const char *account;          /* uuid */
	const char *type;             /* "llms_txt" */
	const char *status;           /* "processing"; "deleted" when gone */
	long revision;                /* generations.revision of that status */
	struct json_object *metadata; /* more members; may be NULL; borrowed */
};

/*
 * events_publish: one event.  cursor (may be NULL) gets its cursor, in the
 * arena, or that of the later one it was dropped for.  E_UNAVAILABLE when Redis
 * is away: whatever the caller does goes on without it.
 */
enum rc events_publish(struct redis *r, struct arena *a, const struct event *e,
    const char **cursor) MUST_CHECK;

/*
 * events_epoch: the present epoch, in the arena; a Redis without one gets a
 * new one.  Another than last time means that Redis was emptied.
 */
enum rc events_epoch(
    struct redis *r, struct arena *a, const char **epoch) MUST_CHECK;

/*
 * events_fresh_epoch: a name that a Redis without an epoch may take: nine
 * characters without a dash, in the arena.
 */
const char *events_fresh_epoch(struct arena *a);

/*
 * events_last: the last event told of a generation, decoded, in the arena.
 * NULL: none is known, or what is there cannot be read.
 */
struct json_object *events_last(
    struct redis *r, struct arena *a, const char *generation);

/* event_kind_name: "created" ... */
const char *event_kind_name(enum event_kind k);

#endif
