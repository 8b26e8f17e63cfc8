/* one_line: the text of a subtree on one line, for titles and descriptions. */
#ifndef WORKER_EXTRACT_ONE_LINE_H
#define WORKER_EXTRACT_ONE_LINE_H

#include "worker/extract/tree.h"

/*
 * one_line_of: the text in i with white space collapsed, in the arena, at most
 * max bytes (cut between characters).  Nodes marked with one of the skip bits
 * are left out.
 */
const char *one_line_of(struct arena *a, const struct tree *t, uint32_t i,
    uint8_t skip, size_t max);

/* one_line_join: a slice with white space collapsed, control bytes dropped. */
const char *one_line_join(struct arena *a, struct slice v, size_t max);

/*
 * one_line_without_tags: the same, less its tags where it is HTML by mistake:
 * where one of them ends ("The <b> tag" is text, "<b>Kites</b>" is not).
 */
const char *one_line_without_tags(struct arena *a, struct slice v, size_t max);

/* one_line_count_words: how many words; a word is a run without white space. */
unsigned one_line_count_words(const char *s);

/* one_line_starts_like: the first letters and digits in i are those of slug. */
bool one_line_starts_like(const struct tree *t, uint32_t i, struct slice slug);

/* one_line_is_alike: equal but for case, white space and punctuation (ASCII).
 */
bool one_line_is_alike(struct slice a, struct slice b);

#endif
