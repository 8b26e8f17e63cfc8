/*
 * update: one event of a generation, shared by all listeners.
 *
 * References are counted.  Its frames are made at the first need, once per
 * dialect and shape, and kept for all other clients.  The snapshot of a
 * generation is an update, too: its cursor is where the state was read.
 */
#ifndef WS_UPDATE_H
#define WS_UPDATE_H

#include "core/events.h"
#include "core/rc.h"
#include "ws/cursor.h"
#include "ws/frame.h"
#include "ws/uuid.h"

#include <stdbool.h>
#include <stdint.h>

#define DIALECTS_MAX 4

struct update {
	uint32_t refs;
	enum event_kind kind;
	bool finished; /* the generation has ended, unless it is tried again */
	bool snapshot; /* a state, not an event */
	uint8_t unsupported; /* a bit for each dialect without such a message */
	struct uuid generation;
	struct cursor cursor;
	struct cursor prev; /* of the account's event before; may be none */
	int64_t at;         /* clock_ms() of its arrival */
	char *json;         /* the public JSON (core/events.h); owned */
	struct frame *frames[DIALECTS_MAX][SHAPE_MAX];
};

/*
 * update_parse: of a message of channel platen:user:{id}.  E_INPUT when
 * it is not an event with a cursor.  One reference, the caller's.
 */
enum rc update_parse(
    const char *json, size_t len, struct update **out) MUST_CHECK;

/*
 * update_parse_at: the same for JSON that does not carry its cursors: an
 * entry of the stream, or a snapshot.  prev may be NULL.
 */
enum rc update_parse_at(const char *json, size_t len, const struct cursor *at,
    const struct cursor *prev, struct update **out) MUST_CHECK;

/* update_deleted: that a generation was deleted, as of a cursor. */
struct update *update_deleted(
    const struct uuid *generation, const struct cursor *at);

struct update *update_ref(struct update *u);
void update_unref(struct update *u);

/* update_is_for: whether a dialect (its index in dialects[]) sends it. */
bool update_is_for(const struct update *u, int dialect);

/*
 * update_frame: the update in a dialect (its index in dialects[]); borrowed.
 * NULL when the dialect has no such message.
 */
struct frame *update_frame(
    struct update *u, int dialect, enum frame_shape shape);

#endif
