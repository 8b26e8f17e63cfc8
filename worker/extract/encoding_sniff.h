/*
 * encoding_sniff: guesses the encoding of a page that does not declare one.
 *
 * Counts which byte pairs are letters that texts in an encoding are mostly
 * made of (kana, common hangul, level-1 hanzi), and how long the runs of
 * high bytes are (a Cyrillic word is one run, an umlaut stands alone).
 */
#ifndef WORKER_EXTRACT_ENCODING_SNIFF_H
#define WORKER_EXTRACT_ENCODING_SNIFF_H

#include <stddef.h>

/* encoding_sniff: a name of charsets.def; the bytes are known not to be UTF-8.
 */
const char *encoding_sniff(const char *bytes, size_t len);

#endif
