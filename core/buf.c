#include "core/buf.h"

#include "core/log.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What an empty buffer points at; nothing ever writes it. */
static char empty[1];

void
buf_init(struct buf *b, size_t max)
{
	if (max > SIZE_MAX / 4)
		BUG("buf ceiling %zu", max);
	b->data = empty;
	b->len = 0;
	b->cap = 0;
	b->max = max;
	b->failed = false;
}

void
buf_release(struct buf *b)
{
	if (b->cap != 0)
		free(b->data);
	buf_init(b, b->max);
}

void
buf_clear(struct buf *b)
{
	b->len = 0;
	b->failed = false;
	if (b->cap != 0)
		b->data[0] = '\0';
}

bool
buf_ok(const struct buf *b)
{
	return !b->failed;
}

char *
buf_reserve(struct buf *b, size_t n)
{
	size_t cap;
	char *p;

	if (b->failed || n > b->max - b->len) {
		b->failed = true;
		return NULL;
	}
	if (b->cap > b->len + n)
		return b->data + b->len;
	cap = b->cap < 64 ? 64 : b->cap * 2;
	if (cap < b->len + n + 1)
		cap = b->len + n + 1;
	p = realloc(b->cap == 0 ? NULL : b->data, cap);
	if (p == NULL)
		fatal("out of memory: %zu bytes", cap);
	b->data = p;
	b->cap = cap;
	b->data[b->len] = '\0';
	return b->data + b->len;
}

void
buf_commit(struct buf *b, size_t n)
{
	if (b->cap == 0 && n == 0)
		return;
	if (b->len + n >= b->cap)
		BUG("committed %zu bytes past the reserve", n);
	b->len += n;
	b->data[b->len] = '\0';
}

void
buf_add(struct buf *b, const void *p, size_t n)
{
	char *to;

	if (n == 0)
		return;
	to = buf_reserve(b, n);
	if (to == NULL)
		return;
	memcpy(to, p, n);
	buf_commit(b, n);
}

void
buf_adds(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void
buf_addc(struct buf *b, char c)
{
	if (b->len + 1 >= b->cap || b->len >= b->max || b->failed) {
		buf_add(b, &c, 1);
		return;
	}
	b->data[b->len++] = c;
	b->data[b->len] = '\0';
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	char *to;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		BUG("vsnprintf refused its format");
	to = buf_reserve(b, (size_t)n);
	if (to == NULL || n == 0)
		return;
	va_start(ap, fmt);
	vsnprintf(to, (size_t)n + 1, fmt, ap);
	va_end(ap);
	buf_commit(b, (size_t)n);
}

void
buf_drop(struct buf *b, size_t n)
{
	if (n > b->len)
		BUG("dropped %zu of %zu bytes", n, b->len);
	if (n == 0)
		return;
	memmove(b->data, b->data + n, b->len - n + 1);
	b->len -= n;
}

void
buf_cut(struct buf *b, size_t n)
{
	if (n > b->len)
		BUG("cut %zu bytes to %zu", b->len, n);
	if (n == b->len)
		return;
	b->len = n;
	b->data[n] = '\0';
}

char *
buf_take(struct buf *b, size_t *len)
{
	char *p;

	p = b->cap != 0 ? b->data : calloc(1, 1);
	if (p == NULL)
		fatal("out of memory");
	if (len != NULL)
		*len = b->len;
	buf_init(b, b->max);
	return p;
}
