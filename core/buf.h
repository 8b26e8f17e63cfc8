/*
 * buf: a growable byte string with a ceiling.
 *
 * Invariants: data is never NULL and data[len] == '\0'.  The first append
 * that would pass max marks the buffer failed; every later append does
 * nothing.  So callers append freely and ask buf_ok() once, at the end.
 */
#ifndef CORE_BUF_H
#define CORE_BUF_H

#include <stdbool.h>
#include <stddef.h>

struct buf {
	char *data;  /* owned; read only for callers */
	size_t len;  /* bytes before the terminator */
	size_t cap;  /* bytes allocated; 0 while data is static */
	size_t max;  /* ceiling for len, bytes */
	bool failed; /* an append was refused */
};

/* buf_init: an empty buffer that will hold at most max bytes. */
void buf_init(struct buf *b, size_t max);

/* buf_release: frees the bytes; the buffer is empty and usable again. */
void buf_release(struct buf *b);

/* buf_clear: empty and not failed, memory kept. */
void buf_clear(struct buf *b);

/* buf_ok: no append was refused since init or clear. */
bool buf_ok(const struct buf *b);

void buf_add(struct buf *b, const void *p, size_t n);
void buf_adds(struct buf *b, const char *s);
void buf_addc(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* buf_reserve: room for n more bytes at data + len; NULL past the ceiling. */
char *buf_reserve(struct buf *b, size_t n);

/* buf_commit: n of the reserved bytes were written. */
void buf_commit(struct buf *b, size_t n);

/* buf_drop: removes the first n bytes. */
void buf_drop(struct buf *b, size_t n);

/* buf_cut: shortens to n bytes (n <= len). */
void buf_cut(struct buf *b, size_t n);

/* buf_take: the bytes, owned by the caller (free); the buffer is empty. */
char *buf_take(struct buf *b, size_t *len);

#endif
