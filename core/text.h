/* text: UTF-8 text: whether it is valid, and how it fits into a sentence. */
#ifndef CORE_TEXT_H
#define CORE_TEXT_H

#include "core/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * text_decode: the code point at s (n bytes are there, n > 0) and its length
 * in *len.  A byte that is no UTF-8 (RFC 3629) gives -1 and a length of 1.
 */
int32_t text_decode(const char *s, size_t n, size_t *len);

/* text_is_html_space: white space of HTML's syntax (Infra Standard, 4.6). */
static inline bool
text_is_html_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

/* text_is_ascii_space: the same and the vertical tab, as C's isspace. */
static inline bool
text_is_ascii_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* text_is_printable_ascii: s has no byte but those from " " to "~". */
bool text_is_printable_ascii(const char *s);

/* text_is_digit, text_is_letter: of ASCII. */
static inline bool
text_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool
text_is_letter(char c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}

/* text_ends: s ends with end, in its very letters. */
bool text_ends(const char *s, const char *end);

/* text_is_space: the code point has Unicode's property White_Space. */
bool text_is_space(int32_t cp);

/* text_valid: n bytes of UTF-8 without NUL (RFC 3629). */
bool text_valid(const char *p, size_t n);

/*
 * text_excerpt: s as a sentence can quote it: about 60 bytes of it at most,
 * then
 * "...", never half a letter; what is no text, and control characters, are
 * "?".  In the arena.
 */
const char *text_excerpt(struct arena *a, const char *s);

/* text_is_trimmed: s, which is text, neither is empty nor begins or ends in
 * white space of any kind. */
bool text_is_trimmed(const char *s);

/* text_count: code points of s, which is text. */
size_t text_count(const char *s);

/*
 * text_line: s, which is text, on one line of at most max code points: single
 * spaces, no control or direction characters, nothing that cannot be seen;
 * what is longer ends in "…" after a whole word.  In the arena.
 */
const char *text_line(struct arena *a, const char *s, size_t max);

/* text_number: n for people, "6,006", in the arena. */
const char *text_number(struct arena *a, long long n);

#define TEXT_NUMBER_MAX 32

/* text_number_in: the same in out, where what it returns points to. */
const char *text_number_in(char out[TEXT_NUMBER_MAX], long long n);

/* text_hex: the value of a hexadecimal digit; -1: c is none. */
int text_hex(char c);

/* text_pointer: an excerpt of s as one part of a JSON pointer (RFC 6901). */
const char *text_pointer(struct arena *a, const char *s);

#endif
