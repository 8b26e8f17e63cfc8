/*
 * superscript: what stands above or below the line: marks of notes, powers,
 * indices.
 */
#ifndef WORKER_EXTRACT_SUPERSCRIPT_H
#define WORKER_EXTRACT_SUPERSCRIPT_H

#include "worker/extract/tree.h"

#define SUPERSCRIPT_MARK_MAX 40 /* bytes of the longest mark of a note */

/* The text of a mark, without white space; n is 0 when it is longer. */
struct superscript_text {
	char s[SUPERSCRIPT_MARK_MAX + 1];
	size_t n;
};

/* superscript_read: the text of i. */
struct superscript_text superscript_read(const struct tree *t, uint32_t i);

/*
 * superscript_note: i is the mark of a note: a raised link, or a short one to a
 * place on the page that is no word.
 */
bool superscript_note(const struct tree *t, uint32_t i);

/*
 * superscript_sign: what parts the <sup> or <sub> i from a text that ends in
 * last:
 * "^" in 10^6, "_" in x_1, " " in 3 1/2, "" in 5th and H2O.
 */
const char *superscript_sign(const struct tree *t, uint32_t i, char last);

/* superscript_wide: the sign applies to more than a word: 2^(n+1). */
bool superscript_wide(const struct tree *t, uint32_t i);

#endif
