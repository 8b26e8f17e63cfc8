/*
 * word_walk: what counts as a word of a story, in any script.
 *
 * A word is a run of letters, digits and the marks inside it ("don't",
 * "3.5"); marks alone ("#", "--", "*") are none.  Chinese characters and kana
 * are a word each, as word processors count them.  Of scripts that put no
 * space between words (Thai, Lao, Khmer, Burmese) a run counts as one word
 * for each five letters begun.
 */
#ifndef WORKER_STORY_WORD_WALK_H
#define WORKER_STORY_WORD_WALK_H

#include <stdbool.h>
#include <stddef.h>

/* Where a walk over the words of a text is. */
struct word_walk {
	const char *at;   /* what is left */
	const char *end;  /* of the text */
	const char *word; /* of the last word found */
	size_t len;       /* its bytes */
	long counts;      /* and what it counts as, mostly 1 */
};

/* word_walk_begin: a walk over n bytes of text; what is no UTF-8 is a gap. */
void word_walk_begin(struct word_walk *w, const char *s, size_t n);

/* word_walk_next: false at the end. */
bool word_walk_next(struct word_walk *w);

/* word_walk_count: the words of a text. */
long word_walk_count(const char *s, size_t n);

#endif
