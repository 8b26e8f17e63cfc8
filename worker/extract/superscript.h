/*
 * raise: what stands above or below the line: marks of notes, powers, indices.
 */
#ifndef WORKER_EXTRACT_SUPERSCRIPT_H
#define WORKER_EXTRACT_SUPERSCRIPT_H

#include "worker/extract/tree.h"

#define RAISE_MARK 40 /* bytes of the longest mark of a note */

/* The text of a mark, without white space; n is 0 when it is longer. */
struct raise_text {
	char s[RAISE_MARK + 1];
	size_t n;
};

/* raise_read: the text of i. */
struct raise_text raise_read(const struct tree *t, uint32_t i);

/*
 * raise_note: i is the mark of a note: a raised link, or a short one to a
 * place on the page that is no word.
 */
bool raise_note(const struct tree *t, uint32_t i);

/*
 * raise_sign: what parts the <sup> or <sub> i from a text that ends in last:
 * "^" in 10^6, "_" in x_1, " " in 3 1/2, "" in 5th and H2O.
 */
const char *raise_sign(const struct tree *t, uint32_t i, char last);

/* raise_wide: the sign applies to more than a word: 2^(n+1). */
bool raise_wide(const struct tree *t, uint32_t i);

#endif
