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

/* plain_fold: s on one line.  Bytes that are no UTF-8 are left out. */
char *plain_fold(struct arena *a, const char *s);

/* plain_length: code points in s. */
size_t plain_length(const char *s);

/*
 * plain_clip: at most max code points of s: whole sentences if they fill a
 * good part of it, else whole words and an ellipsis.
 */
char *plain_clip(struct arena *a, const char *s, size_t max);

/* plain_sentence: the first sentence of s, or all of it when it has one. */
char *plain_sentence(struct arena *a, const char *s);

/*
 * plain_markdown: one line of Markdown (n bytes) as plain text: links and
 * images give their words; emphasis, code marks, escapes and HTML tags go.
 */
char *plain_markdown(struct arena *a, const char *md, size_t n);

/*
 * plain_human: a piece of a path for people: "getting-started.html" gives
 * "Getting Started", "c-api" "C API".
 */
char *plain_human(struct arena *a, const char *s, size_t n);

/* plain_same: both say the same, but for case, spaces and punctuation. */
bool plain_same(const char *a, const char *b);

/* plain_order: 0 where plain_same, else an order of all texts, as strcmp. */
int plain_order(const char *a, const char *b);

/* plain_contains: b's letters and digits occur in a, in one run. */
bool plain_contains(const char *a, const char *b);

#endif
