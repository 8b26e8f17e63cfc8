#include "worker/extract/entity.h"

#include <stdint.h>
#include <string.h>

#define NAME_MAX_LEN 32 /* "&" and the longest name */
#define OLD_MAX_LEN 7   /* "&" and the longest name that needs no ; */

/* A name, and right behind it its text, at an offset of entity_bytes. */
struct entity {
	uint16_t at;
	uint8_t len;  /* of the name, without & and ; */
	uint8_t text; /* length of the text, at most 6 bytes */
	bool legacy;  /* also known without its semicolon */
};

/* Sorted by name. */
#include "entities.h"

/* 0x80 to 0x9f mean windows-1252, whatever the page's encoding. */
static const uint16_t c1[32] = {0x20ac, 0x81, 0x201a, 0x192, 0x201e, 0x2026,
    0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152, 0x8d, 0x17d, 0x8f,
    0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x2dc, 0x2122,
    0x161, 0x203a, 0x153, 0x9d, 0x17e, 0x178};

size_t
utf8_put(char *to, unsigned long c)
{
	if (c < 0x80) {
		to[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		to[0] = (char)(0xc0 | c >> 6);
		to[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		to[0] = (char)(0xe0 | c >> 12);
		to[1] = (char)(0x80 | (c >> 6 & 0x3f));
		to[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	to[0] = (char)(0xf0 | c >> 18);
	to[1] = (char)(0x80 | (c >> 12 & 0x3f));
	to[2] = (char)(0x80 | (c >> 6 & 0x3f));
	to[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

static int
digit_value(char c, int base)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (base == 16 && (c | 32) >= 'a' && (c | 32) <= 'f')
		return (c | 32) - 'a' + 10;
	return -1;
}

/*
 * "&#233;" or "&#xe9;": the shortest that needs n bytes of UTF-8 has more
 * than n characters, but "&#7" + "9"... of 4 bytes starts at "&#65536".
 */
static size_t
numeric_reference(const char *s, size_t len, char *to, size_t *took)
{
	unsigned long c = 0;
	size_t i = 2, start;
	int base = 10, d;

	if (i < len && (s[i] | 32) == 'x') {
		base = 16;
		i++;
	}
	start = i;
	for (; i < len && (d = digit_value(s[i], base)) >= 0; i++)
		if (c <= 0x10ffff)
			c = c * (unsigned)base + (unsigned)d;
	if (i == start)
		return 0;
	if (i < len && s[i] == ';')
		i++;
	*took = i;
	if (c >= 0x80 && c < 0xa0)
		c = c1[c - 0x80];
	/* A replacement character needs 3 bytes: "&#0" has them. */
	if (c == 0 || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		c = 0xfffd;
	if ((c < 32 && c != '\t' && c != '\n') || c == 127)
		c = ' ';
	return utf8_put(to, c);
}

static int
entity_compare(const char *s, size_t len, const struct entity *e)
{
	int cmp = memcmp(s, entity_bytes + e->at, len < e->len ? len : e->len);

	return cmp != 0 ? cmp : (int)len - (int)e->len;
}

static const struct entity *
entity_lookup(const char *s, size_t len)
{
	unsigned char c = (unsigned char)s[0];
	size_t lo, hi;

	if (len == 0 || c >= 128)
		return NULL;
	lo = entity_first[c];
	hi = entity_first[c + 1];
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int cmp = entity_compare(s, len, &entities[mid]);

		if (cmp == 0)
			return &entities[mid];
		if (cmp < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return NULL;
}

static bool
is_ascii_alnum(char c)
{
	return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

static const struct entity *
named_reference(const char *s, size_t len, bool attribute, size_t *took)
{
	const struct entity *e;
	size_t n = 1;

	while (n < len && n <= NAME_MAX_LEN && is_ascii_alnum(s[n]))
		n++;
	if (n < len && s[n] == ';') {
		*took = n + 1;
		e = entity_lookup(s + 1, n - 1);
		if (e != NULL || attribute)
			return e;
	}
	/* Without a semicolon: in text the longest old name that fits. */
	if (attribute && n < len && (s[n] == '=' || n > NAME_MAX_LEN))
		return NULL;
	for (size_t end = attribute || n < OLD_MAX_LEN ? n : OLD_MAX_LEN;
	     end > 2; end--) {
		e = entity_lookup(s + 1, end - 1);
		*took = end;
		if (e != NULL && e->legacy)
			return e;
		if (attribute)
			return NULL;
	}
	return NULL;
}

/* read_reference: what the one at s stands for, in text; 0 when it is none. */
static size_t
read_reference(
    const char *s, size_t len, bool attribute, char *text, size_t *took)
{
	const struct entity *e;

	if (len > 1 && s[1] == '#')
		return numeric_reference(s, len, text, took);
	e = named_reference(s, len, attribute, took);
	if (e == NULL)
		return 0;
	memcpy(text, entity_bytes + e->at + e->len, e->text);
	return e->text;
}

struct slice
entity_decode(char *s, size_t len, bool attribute, size_t room)
{
	size_t from = 0, to = 0;

	while (from < len) {
		const char *amp = memchr(s + from, '&', len - from);
		size_t plain = (amp ? (size_t)(amp - s) : len) - from;
		size_t took = 1, n;
		char text[8];

		memmove(s + to, s + from, plain);
		to += plain;
		from += plain;
		if (from == len)
			break;
		n = read_reference(
		    s + from, len - from, attribute, text, &took);
		if (n > 0 && to + n > from + took && room > 0) {
			memmove(s - 1, s, to);
			s--;
			from++;
			len++;
			room--;
		}
		if (n == 0 || to + n > from + took) {
			took = 1;
			n = 1;
			text[0] = '&';
		}
		memcpy(s + to, text, n);
		to += n;
		from += took;
	}
	return (struct slice){s, to};
}
