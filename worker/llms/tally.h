/*
 * tally: how often each text occurs on a site; what many pages say is said by
 * none of them.
 */
#ifndef WORKER_LLMS_TALLY_H
#define WORKER_LLMS_TALLY_H

#include <stdbool.h>

struct arena;

struct tally {
	struct arena *a;
	void *root; /* of what was seen; given back by tally_free */
};

/* tally_add: text occurs once more; "" never does.  It is borrowed. */
void tally_add(struct tally *t, const char *text);

/* tally_shared: more than `most` times; upper and lower case are alike. */
bool tally_shared(struct tally *t, const char *text, unsigned most);

void tally_free(struct tally *t);

#endif
