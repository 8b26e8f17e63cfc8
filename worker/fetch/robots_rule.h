/*
 * robots_rule: one Allow or Disallow pattern of robots.txt (RFC 9309, 2.2.2
 * and 2.2.3).
 */
#ifndef WORKER_FETCH_ROBOTS_RULE_H
#define WORKER_FETCH_ROBOTS_RULE_H

#include "core/arena.h"
#include "core/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A part of a pattern between two "*", its escapes undone for comparing. */
struct robots_piece {
	const char *s;
	size_t n;
};

struct robots_rule {
	struct robots_piece *pieces; /* the first one stands at the start */
	size_t piece_n;
	size_t octets; /* of the pattern: the longest match decides */
	const char *text;
	int line;
	bool allow;
	bool anchored; /* ended in "$" */
};

/* robots_rule_compile: the n bytes at s; all memory is in the arena. */
void robots_rule_compile(
    struct arena *a, struct robots_rule *r, const char *s, size_t n);

/*
 * robots_rule_matches: t is path and query in the compared form; *steps grows
 * by the bytes that were searched.
 */
bool robots_rule_matches(
    const struct robots_rule *r, const char *t, size_t n, uint64_t *steps);

/* robots_rule_compare: for qsort; the rule that decides comes first. */
int robots_rule_compare(const void *x, const void *y);

/*
 * robots_normalize: adds s in the form both sides are compared in: escapes of
 * unreserved characters undone, and of "*" and "$", which have no special
 * meaning once escaped; others in upper case; what is not ASCII escaped.
 * Returns how many octets the pattern counts: "%2A" still counts three.
 */
size_t robots_normalize(struct buf *b, const char *s, size_t n);

#endif
