#include "worker/fetch/robots_index.h"

#include <stdlib.h>
#include <string.h>

#define NONE UINT32_MAX
#define PAIR_BITS 65536

/* All rules that begin with the same bytes up to their first "*". */
struct opening {
	const char *s;
	size_t n;
	uint32_t parent; /* the longest other one that it begins with */
	uint32_t plain;  /* its first rule without "*" */
	uint32_t whole;  /* the same, that ends in "$" */
	uint32_t first;  /* those with "*": nstarred of them in starred */
	uint32_t nstarred;
};

/* A rule with "*", and what an address must have for it to fit. */
struct starred {
	uint64_t bytes[2]; /* a bit for each; what is compared is ASCII */
	uint32_t rule;
	uint16_t pair; /* two bytes; 0: there are none */
};

struct robots_index {
	const struct robots_rule *rules;
	struct opening *opening; /* sorted by their bytes */
	size_t n;
	struct starred *starred;
};

static int
compare_bytes(const char *a, size_t an, const char *b, size_t bn)
{
	int order = memcmp(a, b, an < bn ? an : bn);

	return order != 0 ? order : (an > bn) - (an < bn);
}

/* compare_openings: of two rules; then the one that decides first. */
static int
compare_openings(const void *x, const void *y, void *arg)
{
	const struct robots_rule *rules = arg;
	uint32_t i = *(const uint32_t *)x, j = *(const uint32_t *)y;
	const struct robots_piece *p = rules[i].pieces, *q = rules[j].pieces;
	int order = compare_bytes(p->s, p->n, q->s, q->n);

	return order != 0 ? order : (i > j) - (i < j);
}

static void
note_bytes(uint64_t bytes[2], const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		bytes[s[i] >> 6 & 1] |= (uint64_t)1 << (s[i] & 63);
}

/* pair_of: the last two bytes of the rule's longest part after a "*". */
static uint16_t
pair_of(const struct robots_rule *r)
{
	const struct robots_piece *best = &r->pieces[1];

	for (size_t i = 2; i < r->piece_n; i++)
		if (r->pieces[i].n > best->n)
			best = &r->pieces[i];
	if (best->n < 2)
		return 0;
	return (uint16_t)((unsigned char)best->s[best->n - 2] << 8 |
			  (unsigned char)best->s[best->n - 1]);
}

static struct starred
starred_of(const struct robots_rule *r, uint32_t rule)
{
	struct starred s = {.rule = rule, .pair = pair_of(r)};

	for (size_t i = 1; i < r->piece_n; i++)
		note_bytes(s.bytes, r->pieces[i].s, r->pieces[i].n);
	return s;
}

static bool
begins_with(const struct opening *o, const struct opening *with)
{
	return o->n >= with->n && memcmp(o->s, with->s, with->n) == 0;
}

/* open_at: the opening of rule i, which is the last one or a new one. */
static struct opening *
open_at(struct robots_index *x, uint32_t i, uint32_t nstarred)
{
	const struct robots_piece *p = x->rules[i].pieces;
	struct opening *o = &x->opening[x->n], *last = o - 1;
	uint32_t up;

	if (x->n > 0 && compare_bytes(last->s, last->n, p->s, p->n) == 0)
		return last;
	*o = (struct opening){.s = p->s,
	    .n = p->n,
	    .plain = NONE,
	    .whole = NONE,
	    .first = nstarred};
	/* Sorted, what it begins with is above the one before it. */
	for (up = x->n == 0 ? NONE : (uint32_t)x->n - 1;
	     up != NONE && !begins_with(o, &x->opening[up]);)
		up = x->opening[up].parent;
	o->parent = up;
	x->n++;
	return o;
}

struct robots_index *
robots_index_new(struct arena *a, const struct robots_rule *rules, size_t n)
{
	struct robots_index *x = arena_alloc(a, sizeof(*x));
	uint32_t *order = arena_array(a, n + 1, sizeof(*order)), k = 0;

	x->rules = rules;
	x->opening = arena_array(a, n + 1, sizeof(*x->opening));
	x->starred = arena_array(a, n + 1, sizeof(*x->starred));
	for (uint32_t i = 0; i < n; i++)
		order[i] = i;
	if (n > 1)
		qsort_r(order, n, sizeof(*order), compare_openings,
		    (void *)(uintptr_t)rules);
	for (size_t j = 0; j < n; j++) {
		const struct robots_rule *r = &rules[order[j]];
		struct opening *o = open_at(x, order[j], k);
		uint32_t *single = r->anchored ? &o->whole : &o->plain;

		if (r->piece_n > 1) {
			x->starred[k++] = starred_of(r, order[j]);
			o->nstarred++;
		} else if (*single == NONE) {
			*single = order[j];
		}
	}
	return x;
}

/* ---- judging ------------------------------------------------------------- */

struct judging {
	const struct robots_index *x;
	const char *t;
	size_t n;
	uint32_t best; /* the rule that decides so far; NONE */
	uint64_t steps;
	bool has_pairs;
	uint64_t bytes[2];                  /* that t has */
	unsigned char pairs[PAIR_BITS / 8]; /* that t has */
};

/* longest_opening: the longest opening that t begins with; NONE. */
static uint32_t
longest_opening(const struct judging *j)
{
	const struct opening *o = j->x->opening;
	size_t low = 0, high = j->x->n, same = 0;
	uint32_t i;

	/* The last one that is not after t. */
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (compare_bytes(o[mid].s, o[mid].n, j->t, j->n) <= 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == 0)
		return NONE;
	i = (uint32_t)low - 1;
	while (same < o[i].n && same < j->n && o[i].s[same] == j->t[same])
		same++;
	/* All that t begins with are among those this one begins with. */
	while (i != NONE && o[i].n > same)
		i = o[i].parent;
	return i;
}

static void
prefer_longer_rule(struct judging *j, uint32_t rule)
{
	if (rule < j->best)
		j->best = rule;
}

static void
note_pair(struct judging *j, unsigned pair)
{
	j->pairs[pair / 8] |= (unsigned char)(1u << pair % 8);
}

/* note_pairs: each byte of t, and each two of them. */
static void
note_pairs(struct judging *j)
{
	memset(j->bytes, 0, sizeof(j->bytes));
	memset(j->pairs, 0, sizeof(j->pairs));
	note_pair(j, 0);
	note_bytes(j->bytes, j->t, j->n);
	for (size_t i = 1; i < j->n; i++)
		note_pair(j, (unsigned)(unsigned char)j->t[i - 1] << 8 |
				 (unsigned char)j->t[i]);
	j->steps += j->n;
	j->has_pairs = true;
}

/* opening_may_match: t has the bytes that the rule needs, in whatever order. */
static bool
opening_may_match(const struct judging *j, const struct starred *s)
{
	return (s->bytes[0] & ~j->bytes[0]) == 0 &&
	       (s->bytes[1] & ~j->bytes[1]) == 0 &&
	       (j->pairs[s->pair / 8] >> s->pair % 8 & 1) != 0;
}

/* match_starred: those of one opening, until one fits or none can be better. */
static void
match_starred(struct judging *j, const struct opening *o)
{
	const struct starred *s = &j->x->starred[o->first];

	if (o->nstarred > 0 && !j->has_pairs)
		note_pairs(j);
	for (uint32_t i = 0; i < o->nstarred; i++, s++) {
		if (s->rule >= j->best || j->steps > ROBOTS_STEPS)
			return;
		j->steps++;
		if (opening_may_match(j, s) &&
		    robots_rule_matches(
			&j->x->rules[s->rule], j->t, j->n, &j->steps)) {
			j->best = s->rule;
			return;
		}
	}
}

struct robots_found
robots_index_find(const struct robots_index *x, const char *t, size_t n)
{
	struct robots_found found = {0};
	struct judging j;
	uint32_t i;

	j.x = x;
	j.t = t;
	j.n = n;
	j.best = NONE;
	j.steps = 1;
	j.has_pairs = false;
	/* What needs no search may spare it: a longer rule decides first. */
	for (i = longest_opening(&j); i != NONE; i = x->opening[i].parent) {
		const struct opening *o = &x->opening[i];

		j.steps++;
		prefer_longer_rule(&j, o->plain);
		if (o->n == n)
			prefer_longer_rule(&j, o->whole);
	}
	for (i = longest_opening(&j); i != NONE; i = x->opening[i].parent)
		match_starred(&j, &x->opening[i]);
	found.steps = j.steps;
	found.unsure = j.steps > ROBOTS_STEPS;
	if (!found.unsure && j.best != NONE)
		found.rule = &x->rules[j.best];
	return found;
}
