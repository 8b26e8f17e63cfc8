#include "core/text.h"

#include "core/buf.h"

#include <stdint.h>
#include <string.h>

#define BIT_MAX 60 /* bytes of what is quoted */

/* Bytes of the UTF-8 sequence that starts here; 0 when it is none. */
static size_t
sequence(const unsigned char *p, size_t left)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	uint32_t code;
	size_t n, i;

	if (p[0] < 0x80)
		return 1;
	n = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
	if (p[0] < 0xc2 || p[0] > 0xf4 || n > left)
		return 0;
	code = p[0] & (0xffu >> (n + 1));
	for (i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (p[i] & 0x3fu);
	}
	if (code < least[n] || code > 0x10ffff ||
	    (code >= 0xd800 && code <= 0xdfff))
		return 0;
	return n;
}

bool
text_valid(const char *p, size_t n)
{
	const unsigned char *u = (const unsigned char *)p;
	size_t i, step;

	for (i = 0; i < n; i += step) {
		if (u[i] == '\0' || (step = sequence(u + i, n - i)) == 0)
			return false;
	}
	return true;
}

const char *
text_bit(struct arena *a, const char *s)
{
	const unsigned char *u = (const unsigned char *)s;
	size_t n = strlen(s), at = 0, len = 0, step;
	char *out = arena_alloc(a, BIT_MAX + 4);

	for (; at < n; at += step) {
		step = sequence(u + at, n - at);
		if (len + (step ? step : 1) > BIT_MAX) {
			memcpy(out + len, "...", 3);
			break;
		}
		if (step == 0 || u[at] < ' ' || u[at] == 0x7f) {
			out[len++] = '?';
			step = 1;
		} else {
			memcpy(out + len, s + at, step);
			len += step;
		}
	}
	return out;
}

const char *
text_pointer(struct arena *a, const char *s)
{
	char *out = arena_alloc(a, 2 * (BIT_MAX + 4)), *to = out;

	for (s = text_bit(a, s); *s != '\0'; s++) {
		if (*s == '~' || *s == '/') {
			*to++ = '~';
			*to++ = *s == '~' ? '0' : '1';
		} else {
			*to++ = *s;
		}
	}
	return out;
}
