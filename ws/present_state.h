/*
 * present_state: the snapshot of each generation, which a listener gets first.
 *
 * PostgreSQL has the rows; the last event of a generation, in Redis, has newer
 * progress, because the worker writes that to PostgreSQL every 2 s only.  The
 * text of the first artifact goes with a completed generation that was named
 * by its id, while it is small.
 */
#ifndef WS_PRESENT_STATE_H
#define WS_PRESENT_STATE_H

#include "core/db.h"
#include "ws/update.h"

/* The text of one generation, and of one answer, at most (bytes). */
#define PRESENT_CONTENT_MAX 65536
#define PRESENT_CONTENT_TOTAL 262144

struct present_state {
	struct uuid id;
	int64_t revision; /* of the status */
	bool announced;   /* its event was published */
	char status[24];
	bool finished;
	bool deleted; /* while we looked it up */
	char *json;   /* as an event; owned */
};

/* present_state_read: rows of live_present_*; free with present_state_free. */
struct present_state *present_state_read(const struct rows *rows, int *n);

void present_state_free(struct present_state *p, int n);

/*
 * present_state_apply_snapshot: takes over the last event (JSON) where that is
 * newer than the row.
 */
void present_state_apply_snapshot(
    struct present_state *p, const char *snapshot, size_t len);

/* present_state_update: as of the cursor; the caller's reference. */
struct update *present_state_update(
    const struct present_state *p, const struct cursor *at);

#endif
