/*
 * plain: one-line text for titles, names and descriptions.
 *
 * Invariants of what every function here returns: valid UTF-8, no control,
 * zero-width or direction characters, single spaces, no space at either end.
 * Results live in the arena; they are "" when nothing is left, never NULL.
 */
#ifndef WORKER_SITE_TEXT_LINE_H
#define WORKER_SITE_TEXT_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* text_line_fold: s on one line.  Bytes that are no UTF-8 are left out. */
char *text_line_fold(struct arena *a, const char *s);

/* text_line_length: code points in s. */
size_t text_line_length(const char *s);

/*
 * text_line_clip: at most max code points of s: whole sentences if they fill a
 * good part of it, else whole words and an ellipsis.
 */
char *text_line_clip(struct arena *a, const char *s, size_t max);

/* text_line_sentence: the first sentence of s, or all of it when it has one. */
char *text_line_sentence(struct arena *a, const char *s);

/*
 * text_line_markdown: one line of Markdown (n bytes) as plain text: links and
 * images give their words; emphasis, code marks, escapes and HTML tags go.
 */
char *text_line_markdown(struct arena *a, const char *md, size_t n);

/*
 * text_line_human: a piece of a path for people: "getting-started.html" gives
 * "Getting Started", "c-api" "C API".
 */
char *text_line_human(struct arena *a, const char *s, size_t n);

/* text_line_same: both say the same, but for case, spaces and punctuation. */
bool text_line_same(const char *a, const char *b);

/* text_line_is_one_of: s is the same as one of list, which NULL ends. */
bool text_line_is_one_of(const char *s, const char *const *list);

/* text_line_order: 0 where text_line_same, else an order of all texts, as
 * strcmp. */
int text_line_order(const char *a, const char *b);

/* text_line_contains: b's letters and digits occur in a, in one run. */
bool text_line_contains(const char *a, const char *b);

#endif
