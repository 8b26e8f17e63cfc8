/*
 * filter: which generations of its account a client listens to.
 *
 * Either all of them but a few, or some.  Of each in "some" it knows
 * whether it has ended, so that a stream can end.  Takes no memory until an id
 * is added; at most FILTER_MAX ids.
 */
#ifndef WS_FILTER_H
#define WS_FILTER_H

#include "ws/client_request.h"
#include "ws/uuid.h"

#define FILTER_MAX REQUEST_IDS_MAX

struct filter_entry {
	struct uuid id;
	bool finished; /* completed, failed, canceled, deleted or unknown */
};

struct filter {
	struct filter_entry *v; /* sorted by id; owned */
	uint16_t n;
	uint16_t cap;
	bool all; /* v are the exceptions */
};

void filter_release(struct filter *f);

/* filter_all: every generation, those to come included. */
void filter_all(struct filter *f);

/* filter_none: nothing at all. */
void filter_none(struct filter *f);

/* filter_add: listens to id as well; false when the filter is full. */
bool filter_add(struct filter *f, const struct uuid *id);

/* filter_remove: false when there is no room for another exception. */
bool filter_remove(struct filter *f, const struct uuid *id);

bool filter_match(const struct filter *f, const struct uuid *id);

/* filter_set_finished: for a listed id; nothing happens for another. */
void filter_set_finished(
    struct filter *f, const struct uuid *id, bool finished);

/* filter_all_finished: it listens to some, and all of them have ended. */
bool filter_all_finished(const struct filter *f);

#endif
