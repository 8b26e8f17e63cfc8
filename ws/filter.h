/*
 * filter: which generations of its account a client listens to.
 *
 * Either all of them but a few, or some.  Of each in "some" it remembers
 * whether it is over, so that a stream can end.  Takes no memory until an id
 * is added; at most FILTER_MAX ids.
 */
#ifndef WS_FILTER_H
#define WS_FILTER_H

#include "ws/client_request.h"
#include "ws/uid.h"

#define FILTER_MAX ASK_IDS_MAX

struct filter_entry {
	struct uid id;
	bool over; /* completed, failed, canceled, deleted or unknown */
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
bool filter_add(struct filter *f, const struct uid *id);

/* filter_remove: false when there is no room to note the exception. */
bool filter_remove(struct filter *f, const struct uid *id);

bool filter_match(const struct filter *f, const struct uid *id);

/* filter_set_over: for a listed id; nothing happens for another. */
void filter_set_over(struct filter *f, const struct uid *id, bool over);

/* filter_over: it listens to some, and all of them are over. */
bool filter_over(const struct filter *f);

#endif
