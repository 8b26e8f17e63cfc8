/*
 * robots_index: the rules of one group, found by how they begin.
 *
 * Judging an address skips rules that begin differently, and rules whose
 * longest part is not in it.  The rest is limited to a number of steps, so a
 * hostile file cannot make it slow.
 */
#ifndef WORKER_FETCH_ROBOTS_INDEX_H
#define WORKER_FETCH_ROBOTS_INDEX_H

#include "worker/fetch/robots_rule.h"

#include <stdint.h>

/* Steps for one address; one is a byte compared, or a rule looked at. */
#define ROBOTS_STEPS (256 * 1024)

struct robots_index;

/* What was found. */
struct robots_found {
	const struct robots_rule *rule; /* that decides; NULL: none fits */
	bool unsure;    /* the steps were used up: nothing is known */
	uint64_t steps; /* that were used */
};

/*
 * robots_index_new: of n rules, the one that decides first
 * (robots_rule_compare); they are borrowed.
 */
struct robots_index *robots_index_new(
    struct arena *a, const struct robots_rule *rules, size_t n);

/* robots_index_find: t is path and query in the compared form, n bytes. */
struct robots_found robots_index_find(
    const struct robots_index *x, const char *t, size_t n);

#endif
