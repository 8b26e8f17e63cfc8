#include "core/text.h"

#include "core/buf.h"

#include <string.h>

#define BIT_MAX 60 /* bytes of what is quoted */

/* RFC 3629, section 3: the lead byte gives the length and the least value. */
int32_t
text_decode(const char *s, size_t n, size_t *len)
{
	static const int32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *p = (const unsigned char *)s;
	int32_t cp;
	size_t want;

	*len = 1;
	if (p[0] < 0x80)
		return p[0];
	if (p[0] < 0xC2 || p[0] > 0xF4)
		return -1;
	want = p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
	if (want > n)
		return -1;
	cp = p[0] & (0x7F >> want);
	for (size_t i = 1; i < want; i++) {
		if ((p[i] & 0xC0) != 0x80)
			return -1;
		cp = cp << 6 | (p[i] & 0x3F);
	}
	if (cp < least[want] || cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
		return -1;
	*len = want;
	return cp;
}

bool
text_valid(const char *p, size_t n)
{
	size_t i, step;

	for (i = 0; i < n; i += step)
		if (text_decode(p + i, n - i, &step) <= 0)
			return false;
	return true;
}

const char *
text_bit(struct arena *a, const char *s)
{
	size_t n = strlen(s), at = 0, len = 0, step;
	int32_t cp;
	char *out = arena_alloc(a, BIT_MAX + 4);

	for (; at < n; at += step) {
		cp = text_decode(s + at, n - at, &step);
		if (len + step > BIT_MAX) {
			memcpy(out + len, "...", 3);
			break;
		}
		if (cp < ' ' || cp == 0x7f) {
			out[len++] = '?';
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
