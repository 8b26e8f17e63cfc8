/* Rows of a result, and parameters: the half of db that needs no server. */
#include "core/db.h"

#include "core/log.h"

#include <libpq-fe.h>
#include <stdlib.h>

static int
column_index(const struct rows *r, int row, const char *column)
{
	int i;

	if (row < 0 || row >= r->n)
		BUG("row %d of %d", row, r->n);
	i = PQfnumber(r->res, column);
	if (i < 0)
		BUG("no column '%s'", column);
	return i;
}

const char *
row_text(const struct rows *r, int row, const char *column)
{
	return PQgetvalue(r->res, row, column_index(r, row, column));
}

bool
row_null(const struct rows *r, int row, const char *column)
{
	return PQgetisnull(r->res, row, column_index(r, row, column)) == 1;
}

int64_t
row_int(const struct rows *r, int row, const char *column)
{
	return strtoll(row_text(r, row, column), NULL, 10);
}

double
row_double(const struct rows *r, int row, const char *column)
{
	return strtod(row_text(r, row, column), NULL);
}

bool
row_bool(const struct rows *r, int row, const char *column)
{
	return row_text(r, row, column)[0] == 't';
}

static void
free_bytes(void *p)
{
	PQfreemem(p);
}

const char *
row_bytes(const struct rows *r, int row, const char *column, struct arena *a,
    size_t *len)
{
	const char *text = row_text(r, row, column);
	unsigned char *p;

	p = PQunescapeBytea((const unsigned char *)text, len);
	if (p == NULL)
		fatal("out of memory");
	arena_defer(a, free_bytes, p);
	return (const char *)p;
}

const char *
db_bytea(struct arena *a, const void *p, size_t n)
{
	static const char hex[] = "0123456789abcdef";
	const unsigned char *in = p;
	char *out;
	size_t i;

	out = arena_alloc(a, 2 * n + 3);
	out[0] = '\\';
	out[1] = 'x';
	for (i = 0; i < n; i++) {
		out[2 + 2 * i] = hex[in[i] >> 4];
		out[3 + 2 * i] = hex[in[i] & 15];
	}
	return out;
}

const char *
db_int(struct arena *a, int64_t n)
{
	return arena_printf(a, "%lld", (long long)n);
}
