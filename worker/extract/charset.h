/*
 * charset: which encoding a page is in, and its text as UTF-8.
 *
 * Sources, the most trusted first: byte order mark, HTTP header, <meta>, then
 * the bytes themselves (WHATWG Encoding Standard labels; sniffing is ours).  A
 * label other than UTF-8 is ignored when the bytes are valid UTF-8: hardly any
 * text is valid by chance, but servers' defaults and templates are often wrong.
 */
#ifndef WORKER_EXTRACT_CHARSET_H
#define WORKER_EXTRACT_CHARSET_H

#include "core/arena.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * charset_find: the name of the encoding of len bytes, in the Encoding
 * Standard's spelling ("UTF-8", "windows-1251").  content_type is the HTTP
 * header or NULL.  Never NULL; the string is static.
 */
const char *charset_find(
    const char *content_type, const char *bytes, size_t len);

/*
 * charset_decode: len bytes of encoding name as UTF-8 of *out_len bytes, in
 * the arena, with room for one byte after it.  NUL bytes are dropped and all
 * line ends become line feeds.  Invalid bytes become U+FFFD and set *bad.
 */
char *charset_decode(struct arena *a, const char *name, const char *bytes,
    size_t len, size_t *out_len, bool *bad);

/*
 * charset_preload: makes iconv load every converter we use, so that decoding
 * works where no file can be opened any more.
 */
void charset_preload(void);

/* utf8_valid: how many of the len bytes are valid UTF-8 from the start. */
size_t utf8_valid(const char *s, size_t len);

#endif
