/*
 * tally: how often each text occurs on a site; what many pages say is said by
 * none of them.
 */
#ifndef WORKER_SITE_COUNTER_H
#define WORKER_SITE_COUNTER_H

#include "core/keyed_hash.h"

#include <stdbool.h>
#include <stddef.h>

struct tally_seen;

/* All zero it is empty. */
struct tally {
	struct tally_seen *seen; /* a hash table, half of it free */
	size_t room, n;
	struct hash_secret secret; /* so that no site can make texts collide */
};

/* tally_add: text occurs once more; "" never does.  It is borrowed. */
void tally_add(struct tally *t, const char *text);

/* tally_shared: more than `most` times; upper and lower case are alike. */
bool tally_shared(const struct tally *t, const char *text, unsigned most);

void tally_free(struct tally *t);

#endif
