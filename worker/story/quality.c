#include "worker/story/quality.h"

#include "core/arena.h"
#include "core/hash_set.h"
#include "worker/story/word_walk.h"

#include <ctype.h>
#include <stdint.h>

/* Words of one run. */
#define RUN 5

/* A word as a number; case does not count (ASCII alone is folded). */
static uint64_t
hash_word(const struct word_walk *w)
{
	uint64_t h = HASH_FNV;

	for (size_t i = 0; i < w->len; i++)
		h = hash_fnv(
		    h, (unsigned char)tolower((unsigned char)w->word[i]));
	return h;
}

/* A run as a number that is never 0, which marks a free place. */
static uint64_t
hash_run(const uint64_t *last, size_t next)
{
	uint64_t h = 0;

	for (size_t i = 0; i < RUN; i++)
		h = (h ^ last[(next + i) % RUN]) * 0x9e3779b97f4a7c15u +
		    (h >> 29);
	return h | 1;
}

/* quality_repeated: the share of repeated runs, 0 to 1. */
static double
quality_repeated(const char *text, size_t n)
{
	uint64_t last[RUN] = {0};
	size_t words = 0, again = 0;
	struct arena a;
	struct hash_set runs;
	struct word_walk w;

	arena_init(&a);
	hash_set_init(&runs, &a, n);
	word_walk_begin(&w, text, n);
	while (word_walk_next(&w)) {
		last[words++ % RUN] = hash_word(&w);
		if (words >= RUN)
			again +=
			    !hash_set_add(&runs, hash_run(last, words % RUN));
	}
	arena_release(&a);
	return words <= RUN ? 0 : (double)again / (double)(words - RUN + 1);
}

static const struct rule {
	const char *word;
	double least, most; /* of reached */
	double repeated;    /* under this */
	bool ended;         /* it must have come to its end */
} rules[] = {
    {"excellent", 0.85, 1.25, 0.05, true},
    {"good", 0.70, 1.50, 0.12, true},
    {"fair", 0.40, 1e9, 0.30, false},
};

void
quality_measure(
    const char *story, size_t n, long asked, bool ended, struct quality *q)
{
	*q = (struct quality){
	    .words = word_walk_count(story, n),
	    .repeated = quality_repeated(story, n),
	    .ended = ended,
	    .word = "poor",
	};
	q->reached = (double)q->words / (double)asked;
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		const struct rule *r = &rules[i];

		if (q->reached < r->least || q->reached > r->most ||
		    q->repeated >= r->repeated || (r->ended && !ended))
			continue;
		q->word = r->word;
		return;
	}
}
