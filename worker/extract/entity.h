/*
 * entity: character references (HTML Living Standard, 13.2.5.72 to 13.2.5.80),
 * all named ones of 13.5 (entities.txt).
 */
#ifndef WORKER_EXTRACT_ENTITY_H
#define WORKER_EXTRACT_ENTITY_H

#include "worker/extract/tree.h"

/*
 * entity_decode: replaces the references in the len bytes at s by UTF-8, in
 * place.  In an attribute, "&copy=1" is not a reference.  Two names are a
 * byte shorter than what they stand for (&nGt; and &nLt;), so the result may
 * begin up to room bytes before s, which are free to write; without room such
 * a name stays as it is.
 */
struct slice entity_decode(char *s, size_t len, bool attribute, size_t room);

/* utf8_put: writes code point c (at most 4 bytes) and returns its length. */
size_t utf8_put(char *to, unsigned long c);

#endif
