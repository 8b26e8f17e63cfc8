/*
 * arena: memory that lives as long as one request or one job.
 *
 * Invariants: what it returns is zeroed, aligned for any type and valid until
 * arena_reset or arena_release; it never returns NULL (out of memory is
 * fatal).  Cleanups run once, last registered first, before memory goes.
 */
#ifndef CORE_ARENA_H
#define CORE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena_block;
struct arena_defer;

struct arena {
	struct arena_block *blocks; /* newest first */
	struct arena_defer *defers; /* newest first */
	size_t used;                /* bytes handed out since the last reset */
};

/* arena_init: an empty arena; takes no memory until the first allocation. */
void arena_init(struct arena *a);

/* arena_release: runs the cleanups and frees everything. */
void arena_release(struct arena *a);

/* arena_reset: the same, but keeps one block for the next use. */
void arena_reset(struct arena *a);

void *arena_alloc(struct arena *a, size_t n);

/* arena_raw: not cleared, for what is written at once. */
void *arena_raw(struct arena *a, size_t n);

/* arena_array: n elements of size bytes each; an overflow is fatal. */
void *arena_array(struct arena *a, size_t n, size_t size);

char *arena_strdup(struct arena *a, const char *s);

/* arena_strndup: the n bytes at s, terminated. */
char *arena_strndup(struct arena *a, const char *s, size_t n);

char *arena_printf(struct arena *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));

/* arena_defer: calls fn(arg) when the arena is reset or released. */
void arena_defer(struct arena *a, void (*fn)(void *), void *arg);

#endif
