/*
 * present: the present state of generations, as the first thing a listener
 * hears.
 *
 * PostgreSQL says what there is; the snapshot of the last event, in Redis,
 * has the newer progress (the worker writes it to PostgreSQL every 2 s).
 * The llms.txt itself goes with a completed generation that was asked for by
 * its id, while it is small.
 */
#ifndef WS_PRESENT_STATE_H
#define WS_PRESENT_STATE_H

#include "core/db.h"
#include "ws/update.h"

/* The llms.txt of one generation, and of one answer, at most (bytes). */
#define PRESENT_CONTENT_MAX 65536
#define PRESENT_CONTENT_TOTAL 262144

struct present {
	struct uid id;
	int64_t revision; /* of the status */
	bool announced;   /* its event went out */
	char status[24];
	bool over;
	bool gone;  /* deleted while we looked */
	char *json; /* as an event; owned */
};

/* present_read: rows of live_present_*; the caller frees by present_free. */
struct present *present_read(const struct rows *rows, int *n);

void present_free(struct present *p, int n);

/*
 * present_correct: takes over the snapshot (JSON of the last event) where
 * that is newer than the row.
 */
void present_correct(struct present *p, const char *snapshot, size_t len);

/* present_update: to be told, as of the cursor; the caller's reference. */
struct update *present_update(const struct present *p, const struct cursor *at);

#endif
