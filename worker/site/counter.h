/*
 * counter: how often each text occurs on a site; what many pages say is said by
 * none of them.
 */
#ifndef WORKER_SITE_COUNTER_H
#define WORKER_SITE_COUNTER_H

#include "core/strmap.h"

/* All zero it is empty. */
struct counter {
	struct arena arena;
	struct strmap seen; /* in the arena */
};

/* counter_add: text occurs once more; "" never does.  It is borrowed. */
void counter_add(struct counter *t, const char *text);

/* counter_shared: more than `most` times; upper and lower case are alike. */
bool counter_shared(const struct counter *t, const char *text, unsigned most);

void counter_free(struct counter *t);

#endif
