/*
 * entity: character references (HTML Living Standard, 13.5).
 *
 * The named ones are those of HTML 4 and what pages use of HTML 5
 * (entities.def); others stay as written.
 */
#ifndef WORKER_EXTRACT_ENTITY_H
#define WORKER_EXTRACT_ENTITY_H

#include <stdbool.h>
#include <stddef.h>

/*
 * entity_decode: replaces the references in the len bytes at s by UTF-8, in
 * place (none grows), and returns the new length.  In an attribute,
 * "&copy=1" is not a reference.
 */
size_t entity_decode(char *s, size_t len, bool attribute);

/* utf8_put: writes code point c (at most 4 bytes) and returns its length. */
size_t utf8_put(char *to, unsigned long c);

#endif
