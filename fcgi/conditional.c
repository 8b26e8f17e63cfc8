#include "fcgi/conditional.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

bool
etag_listed(const char *header, const char *tag, bool weak)
{
	size_t n = strlen(tag), skip;
	const char *p = header, *end;

	for (;;) {
		p += strspn(p, " \t,");
		if (*p == '*')
			return true;
		skip = strncmp(p, "W/", 2) == 0 ? 2 : 0;
		if (p[skip] != '"')
			return false;
		end = strchr(p + skip + 1, '"');
		if (end == NULL)
			return false;
		end++;
		if ((weak || skip == 0) && (size_t)(end - p) - skip == n &&
		    memcmp(p + skip, tag, n) == 0)
			return true;
		p = end;
	}
}

/* Digits into *n, capped far above any file; false when there are none. */
static bool
take_number(const char **p, uint64_t *n)
{
	const char *s = *p;

	for (*n = 0; *s >= '0' && *s <= '9'; s++)
		if (*n < UINT64_MAX / 100)
			*n = *n * 10 + (uint64_t)(*s - '0');
	if (s == *p)
		return false;
	*p = s;
	return true;
}

enum byte_range
range_parse(const char *header, size_t size, size_t *first, size_t *last)
{
	bool has_from, has_to;
	uint64_t from, to;
	const char *p;

	if (header == NULL || strncasecmp(header, "bytes=", 6) != 0)
		return RANGE_WHOLE;
	p = header + 6;
	p += strspn(p, " \t");
	has_from = take_number(&p, &from);
	if (*p++ != '-')
		return RANGE_WHOLE;
	has_to = take_number(&p, &to);
	p += strspn(p, " \t");
	if (*p != '\0' || (!has_from && !has_to) ||
	    (has_from && has_to && to < from))
		return RANGE_WHOLE;
	if (!has_from) {
		/* "-500": the last 500 bytes. */
		if (to == 0 || size == 0)
			return RANGE_NONE;
		*first = to >= size ? 0 : size - (size_t)to;
		*last = size - 1;
		return RANGE_PART;
	}
	if (from >= size)
		return RANGE_NONE;
	*first = (size_t)from;
	*last = has_to && to < size ? (size_t)to : size - 1;
	return RANGE_PART;
}
