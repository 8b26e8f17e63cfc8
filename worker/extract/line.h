/* line: the words of a subtree as one line, for titles and the like. */
#ifndef WORKER_EXTRACT_LINE_H
#define WORKER_EXTRACT_LINE_H

#include "worker/extract/tree.h"

/*
 * line_of: the text in i with white space collapsed, in the arena, at most
 * max bytes (cut between characters).  Nodes marked with one of the skip bits
 * are left out.
 */
const char *line_of(struct arena *a, const struct tree *t, uint32_t i,
    uint8_t skip, size_t max);

/* line_join: a slice with white space collapsed, control bytes dropped. */
const char *line_join(struct arena *a, struct slice v, size_t max);

/*
 * line_without_tags: the same, less its tags where it is HTML by mistake: where
 * one of them ends ("The <b> tag" is text, "<b>Kites</b>" is not).
 */
const char *line_without_tags(struct arena *a, struct slice v, size_t max);

/* line_words: how many words; a word is a run without white space. */
unsigned line_words(const char *s);

/* line_starts: the first letters and digits in i are those of slug. */
bool line_starts(const struct tree *t, uint32_t i, struct slice slug);

/* line_alike: equal but for case, white space and punctuation (ASCII). */
bool line_alike(struct slice a, struct slice b);

#endif
