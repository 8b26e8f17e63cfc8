#include "worker/fetch/robots_rule.h"

#include "core/text.h"

#include <string.h>

static bool
is_unreserved(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || (c > 0 && strchr("-._~", c) != NULL);
}

size_t
robots_normalize(struct buf *b, const char *s, size_t n)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t octets = 0;

	for (size_t i = 0; i < n; i++) {
		int c = (unsigned char)s[i], hi, lo;

		if (c == '%' && n - i > 2 && (hi = text_hex(s[i + 1])) >= 0 &&
		    (lo = text_hex(s[i + 2])) >= 0) {
			c = hi << 4 | lo;
			i += 2;
			octets += is_unreserved(c) ? 0 : 2;
		} else if (c < 0x80) {
			buf_addc(b, (char)c);
			octets++;
			continue;
		} else {
			octets += 2;
		}
		octets++;
		if (is_unreserved(c) || c == '*' || c == '$') {
			buf_addc(b, (char)c);
		} else {
			char e[3] = {'%', hex[c >> 4], hex[c & 15]};

			buf_add(b, e, sizeof(e));
		}
	}
	return octets;
}

void
robots_rule_compile(
    struct arena *a, struct robots_rule *r, const char *s, size_t n)
{
	size_t stars = 0, end;
	struct buf b;

	r->octets = n > 0 && s[n - 1] == '$';
	r->anchored = r->octets == 1;
	n -= r->octets;
	for (size_t i = 0; i < n; i++)
		stars += s[i] == '*';
	r->octets += stars;
	r->pieces = arena_array(a, stars + 1, sizeof(*r->pieces));
	buf_init(&b, 3 * n);
	for (;; s += end + 1, n -= end + 1) {
		struct robots_piece *to = &r->pieces[r->piece_n];

		for (end = 0; end < n && s[end] != '*';)
			end++;
		buf_clear(&b);
		r->octets += robots_normalize(&b, s, end);
		to->s = arena_strndup(a, b.data, b.len);
		to->n = b.len;
		/* Between two "*" that stand together there is nothing. */
		r->piece_n += to->n > 0 || r->piece_n == 0 || end == n;
		if (end == n)
			break;
	}
	buf_release(&b);
}

/* find_piece: where p first is in the n bytes at t; NULL: nowhere. */
static const char *
find_piece(
    const struct robots_piece *p, const char *t, size_t n, uint64_t *steps)
{
	const char *at = memmem(t, n, p->s, p->n);

	*steps += 1 + (at == NULL ? n : (size_t)(at - t) + p->n);
	return at;
}

/* Each piece where it first fits: what comes after has the most room. */
bool
robots_rule_matches(
    const struct robots_rule *r, const char *t, size_t n, uint64_t *steps)
{
	const struct robots_piece *p = &r->pieces[0],
				  *last = p + r->piece_n - 1;
	const char *at;

	if (n < p->n || memcmp(t, p->s, p->n) != 0)
		return false;
	if (p == last)
		return !r->anchored || n == p->n;
	t += p->n;
	n -= p->n;
	/* The end first: it is where it is. */
	if (r->anchored &&
	    (n < last->n || memcmp(t + n - last->n, last->s, last->n) != 0))
		return false;
	for (p++; p < last; p++) {
		at = find_piece(p, t, n, steps);
		if (at == NULL)
			return false;
		n -= (size_t)(at - t) + p->n;
		t = at + p->n;
	}
	if (!r->anchored)
		return find_piece(p, t, n, steps) != NULL;
	return n >= p->n;
}

/* The longest first; of two alike the one that allows; then as written. */
int
robots_rule_compare(const void *x, const void *y)
{
	const struct robots_rule *a = x, *b = y;

	if (a->octets != b->octets)
		return a->octets > b->octets ? -1 : 1;
	if (a->allow != b->allow)
		return a->allow ? -1 : 1;
	return a->line - b->line;
}
