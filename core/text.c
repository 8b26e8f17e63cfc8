#include "core/text.h"

#include "core/buf.h"

#include <stdio.h>
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
text_ends(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && strcmp(s + n - m, end) == 0;
}

bool
text_is_printable_ascii(const char *s)
{
	for (; *s != '\0'; s++)
		if (*s < ' ' || *s > '~')
			return false;
	return true;
}

bool
text_is_space(int32_t cp)
{
	return (cp >= 9 && cp <= 13) || cp == ' ' || cp == 0x85 || cp == 0xA0 ||
	       cp == 0x1680 || (cp >= 0x2000 && cp <= 0x200A) || cp == 0x2028 ||
	       cp == 0x2029 || cp == 0x202F || cp == 0x205F || cp == 0x3000;
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
text_excerpt(struct arena *a, const char *s)
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

size_t
text_count(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

/* Spaces, controls and ends of lines part words; so does what is no text. */
static bool
is_gap(int32_t cp)
{
	return cp <= ' ' || (cp >= 0x7f && cp <= 0xa0) || cp == 0x2028 ||
	       cp == 0x2029 || cp == 0x1680 || (cp >= 0x2000 && cp <= 0x200b) ||
	       cp == 0x202f || cp == 0x205f || cp == 0x3000;
}

bool
text_is_trimmed(const char *s)
{
	size_t n = strlen(s), last = n, step;

	while (last > 0 && ((unsigned char)s[--last] & 0xc0) == 0x80)
		;
	return n > 0 && !is_gap(text_decode(s, n, &step)) &&
	       !is_gap(text_decode(s + last, n - last, &step));
}

/* Directions make a line read as another; the rest shows nothing at all. */
static bool
is_unwanted(int32_t cp)
{
	return (cp >= 0x202a && cp <= 0x202e) ||
	       (cp >= 0x2060 && cp <= 0x206f) || cp == 0x200e || cp == 0x200f ||
	       cp == 0x061c || cp == 0xad || cp == 0xfeff;
}

/* Of a letter before it: joiners and the selectors of its looks. */
static bool
is_attached(int32_t cp)
{
	return cp == 0x200c || cp == 0x200d || (cp >= 0xfe00 && cp <= 0xfe0f);
}

/* Shortens line to max - 1 code points and the last whole word, then "…". */
static void
clip_line(char *line, size_t max)
{
	size_t n = 0, seen = 0, word;

	for (; line[n] != '\0'; n++)
		if (((unsigned char)line[n] & 0xc0) != 0x80 && ++seen == max)
			break;
	for (word = n; word > n / 2 && line[word] != ' ';)
		word--;
	if (line[word] == ' ')
		n = word;
	while (n > 0 && strchr(" ,;:.-(", line[n - 1]) != NULL)
		n--;
	memcpy(line + n, "…", sizeof("…"));
}

const char *
text_line(struct arena *a, const char *s, size_t max)
{
	size_t n = strlen(s), len = 0, step;
	/* Room for the ellipsis of a line that is only just too long. */
	char *out = arena_alloc(a, n + 4);

	for (size_t at = 0; at < n; at += step) {
		int32_t cp = text_decode(s + at, n - at, &step);

		if (is_gap(cp)) {
			if (len > 0 && out[len - 1] != ' ')
				out[len++] = ' ';
		} else if (!is_unwanted(cp) && (len > 0 || !is_attached(cp))) {
			memcpy(out + len, s + at, step);
			len += step;
		}
	}
	while (len > 0 && out[len - 1] == ' ')
		len--;
	out[len] = '\0';
	if (text_count(out) > max)
		clip_line(out, max);
	return out;
}

const char *
text_pointer(struct arena *a, const char *s)
{
	char *out = arena_alloc(a, 2 * (BIT_MAX + 4)), *to = out;

	for (s = text_excerpt(a, s); *s != '\0'; s++) {
		if (*s == '~' || *s == '/') {
			*to++ = '~';
			*to++ = *s == '~' ? '0' : '1';
		} else {
			*to++ = *s;
		}
	}
	return out;
}

const char *
text_number_in(char out[TEXT_NUMBER_MAX], long long n)
{
	char digits[24], *to = out + TEXT_NUMBER_MAX - 1;
	int len = snprintf(digits, sizeof(digits), "%lld", n);

	*to = '\0';
	for (int i = len - 1, k = 0; i >= 0; i--, k++) {
		if (k > 0 && k % 3 == 0 && digits[i] != '-')
			*--to = ',';
		*--to = digits[i];
	}
	return to;
}

const char *
text_number(struct arena *a, long long n)
{
	char out[TEXT_NUMBER_MAX];

	return arena_strdup(a, text_number_in(out, n));
}

int
text_hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}
