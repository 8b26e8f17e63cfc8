#include "ws/cursor.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Decimal digits without a sign or a leading zero, within 64 bits. */
static bool
read_number(const char **p, uint64_t *out)
{
	const char *s = *p;
	uint64_t n = 0;

	if (*s < '0' || *s > '9' || (*s == '0' && s[1] >= '0' && s[1] <= '9'))
		return false;
	for (; *s >= '0' && *s <= '9'; s++) {
		unsigned d = (unsigned)(*s - '0');

		if (n > (UINT64_MAX - d) / 10)
			return false;
		n = n * 10 + d;
	}
	*p = s;
	*out = n;
	return true;
}

bool
cursor_parse_id(const char *epoch, const char *id, struct cursor *out)
{
	size_t n = strspn(epoch, "0123456789abcdefghijklmnopqrstuvwxyz");

	memset(out, 0, sizeof(*out));
	if (n == 0 || n >= EPOCH_MAX || epoch[n] != '\0')
		return false;
	if (!read_number(&id, &out->ms) || *id++ != '-' ||
	    !read_number(&id, &out->seq) || *id != '\0')
		return false;
	memcpy(out->epoch, epoch, n);
	return true;
}

bool
cursor_parse(const char *text, struct cursor *out)
{
	const char *dash = strchr(text, '-');
	char epoch[EPOCH_MAX];
	size_t n = dash == NULL ? 0 : (size_t)(dash - text);

	memset(out, 0, sizeof(*out));
	if (n == 0 || n >= EPOCH_MAX)
		return false;
	memcpy(epoch, text, n);
	epoch[n] = '\0';
	return cursor_parse_id(epoch, dash + 1, out);
}

const char *
cursor_text(const struct cursor *c, char out[CURSOR_MAX])
{
	if (cursor_is_set(c))
		snprintf(out, CURSOR_MAX, "%s-%" PRIu64 "-%" PRIu64, c->epoch,
		    c->ms, c->seq);
	else
		out[0] = '\0';
	return out;
}

const char *
cursor_id_text(const struct cursor *c, char out[CURSOR_MAX])
{
	snprintf(out, CURSOR_MAX, "%" PRIu64 "-%" PRIu64, c->ms, c->seq);
	return out;
}

int
cursor_cmp(const struct cursor *a, const struct cursor *b)
{
	if (a->ms != b->ms)
		return a->ms < b->ms ? -1 : 1;
	if (a->seq != b->seq)
		return a->seq < b->seq ? -1 : 1;
	return 0;
}

bool
cursor_same_epoch(const struct cursor *a, const struct cursor *b)
{
	return strcmp(a->epoch, b->epoch) == 0;
}
