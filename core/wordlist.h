/*
 * wordlist: lists of words and phrases, NULL at the end.  The case of ASCII
 * letters does not matter.
 */
#ifndef CORE_WORDLIST_H
#define CORE_WORDLIST_H

#include <stdbool.h>
#include <stddef.h>

/* wordlist_has: the n bytes of s are one of list. */
bool wordlist_has(const char *const *list, const char *s, size_t n);

/* wordlist_starts: bytes of the first one that s begins with; 0: none. */
size_t wordlist_starts(const char *const *list, const char *s);

/* wordlist_begins: the n bytes of s begin with one of list. */
bool wordlist_begins(const char *const *list, const char *s, size_t n);

/* wordlist_ends: bytes of the first one that s ends with, after others. */
size_t wordlist_ends(const char *const *list, const char *s, size_t n);

/* wordlist_within: one of list stands anywhere in s, in its very letters. */
bool wordlist_within(const char *const *list, const char *s);

#endif
