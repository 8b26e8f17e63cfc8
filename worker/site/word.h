/*
 * word: the words of a text in any script, one after the other, in the form
 * in which they are compared: small letters, the digits of all scripts as
 * ours, 1,000 as 1000.
 */
#ifndef WORKER_SITE_WORD_H
#define WORKER_SITE_WORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WORD_BYTES 96

/* One word of a text: its folded letters and what it looked like. */
struct word {
	char text[WORD_BYTES]; /* folded, terminated, maybe cut */
	size_t len;
	size_t letters;
	bool capital; /* starts with a capital */
	bool inner;   /* a capital, digit, dot or underscore further in */
	bool digit;   /* starts with a digit */
	bool number;  /* has one somewhere */
	bool cjk;     /* one ideograph or syllable: a word of its own */
};

/* word_next: the next word of s; bytes read, or 0 at the end. */
size_t word_next(const char *s, size_t n, struct word *w);

/*
 * word_joins: c is a dot, comma, dash or apostrophe that joins what is before
 * it to the letter at s (n bytes).
 */
bool word_joins(const char *s, size_t n, int32_t c);

#endif
