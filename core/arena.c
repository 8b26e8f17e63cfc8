#include "core/arena.h"

#include "core/log.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Enough for a small request; larger allocations get a block of their own. */
#define BLOCK_BYTES 16384

struct arena_block {
	struct arena_block *next;
	size_t used;
	size_t cap;
	alignas(max_align_t) char data[];
};

struct arena_defer {
	struct arena_defer *next;
	void (*fn)(void *);
	void *arg;
};

void
arena_init(struct arena *a)
{
	a->blocks = NULL;
	a->defers = NULL;
	a->used = 0;
}

static struct arena_block *
block_new(size_t cap)
{
	struct arena_block *b;

	if (cap > SIZE_MAX - sizeof(*b))
		fatal("out of memory: %zu bytes", cap);
	b = malloc(sizeof(*b) + cap);
	if (b == NULL)
		fatal("out of memory: %zu bytes", cap);
	b->next = NULL;
	b->used = 0;
	b->cap = cap;
	return b;
}

void *
arena_raw(struct arena *a, size_t n)
{
	struct arena_block *b;
	void *p;

	if (n > SIZE_MAX / 2)
		fatal("out of memory: %zu bytes", n);
	n = (n + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
	b = a->blocks;
	if (b == NULL || b->cap - b->used < n) {
		b = block_new(n > BLOCK_BYTES / 4 ? n : BLOCK_BYTES);
		/* A big block goes behind, so the small one is filled up. */
		if (b->cap == n && a->blocks != NULL) {
			b->next = a->blocks->next;
			a->blocks->next = b;
		} else {
			b->next = a->blocks;
			a->blocks = b;
		}
	}
	p = b->data + b->used;
	b->used += n;
	a->used += n;
	return p;
}

void *
arena_alloc(struct arena *a, size_t n)
{
	return memset(arena_raw(a, n), 0, n);
}

void *
arena_array(struct arena *a, size_t n, size_t size)
{
	if (size != 0 && n > SIZE_MAX / size)
		fatal("out of memory: %zu elements of %zu bytes", n, size);
	return arena_alloc(a, n * size);
}

char *
arena_strndup(struct arena *a, const char *s, size_t n)
{
	char *p;

	p = arena_raw(a, n + 1);
	memcpy(p, s, n);
	p[n] = '\0';
	return p;
}

char *
arena_strdup(struct arena *a, const char *s)
{
	return arena_strndup(a, s, strlen(s));
}

char *
arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
	va_list again;
	char *p;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	if (n < 0)
		BUG("vsnprintf refused its format");
	p = arena_alloc(a, (size_t)n + 1);
	vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	return p;
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *p;

	va_start(ap, fmt);
	p = arena_vprintf(a, fmt, ap);
	va_end(ap);
	return p;
}

void
arena_defer(struct arena *a, void (*fn)(void *), void *arg)
{
	struct arena_defer *d;

	d = arena_alloc(a, sizeof(*d));
	d->fn = fn;
	d->arg = arg;
	d->next = a->defers;
	a->defers = d;
}

static void
run_defers(struct arena *a)
{
	struct arena_defer *d;

	while ((d = a->defers) != NULL) {
		a->defers = d->next;
		d->fn(d->arg);
	}
}

void
arena_release(struct arena *a)
{
	struct arena_block *b, *next;

	run_defers(a);
	for (b = a->blocks; b != NULL; b = next) {
		next = b->next;
		free(b);
	}
	arena_init(a);
}

void
arena_reset(struct arena *a)
{
	struct arena_block *b, *next, *keep = NULL;

	run_defers(a);
	for (b = a->blocks; b != NULL; b = next) {
		next = b->next;
		if (keep == NULL && b->cap == BLOCK_BYTES)
			keep = b;
		else
			free(b);
	}
	if (keep != NULL) {
		keep->next = NULL;
		keep->used = 0;
	}
	a->blocks = keep;
	a->used = 0;
}
