#include "worker/extract/charset.h"

#include "worker/extract/sniff.h"

#include <iconv.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#define PRESCAN 8192 /* the standard says 1024; pages put scripts first */

struct charset {
	const char *name;
	const char *iconv;
};

static const struct charset charsets[] = {
#define X(name, iconv) {name, iconv},
#include "worker/extract/charsets.def"
#undef X
};

struct label {
	const char *label;
	const char *name;
};

static const struct label labels[] = {
#define X(label, name) {label, name},
#include "worker/extract/labels.def"
#undef X
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* A page may have a NUL where a label is looked for. */
static bool
same(const char *word, const char *s, size_t len)
{
	return strlen(word) == len && strncasecmp(word, s, len) == 0;
}

/* by_label: the encoding called s; NULL when nobody knows it. */
static const char *
by_label(const char *s, size_t len)
{
	for (size_t i = 0; i < COUNT(charsets); i++)
		if (same(charsets[i].name, s, len))
			return charsets[i].name;
	for (size_t i = 0; i < COUNT(labels); i++)
		if (same(labels[i].label, s, len))
			return labels[i].name;
	return NULL;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/* after: the label behind word and '=' in the len bytes at s, or NULL. */
static const char *
after(const char *word, const char *s, size_t len)
{
	size_t n = strlen(word), i, start;
	char quote = 0;

	for (i = 0; i + n < len; i++) {
		if (strncasecmp(s + i, word, n) != 0)
			continue;
		start = i + n;
		while (start < len && is_space(s[start]))
			start++;
		if (start == len || s[start] != '=')
			continue;
		start++;
		while (start < len && is_space(s[start]))
			start++;
		if (start < len && (s[start] == '"' || s[start] == '\''))
			quote = s[start++];
		for (i = start; i < len && s[i] != ';' && s[i] != '>' &&
				s[i] != '"' && s[i] != '\'' && s[i] != ',';
		     i++)
			if (is_space(s[i]) && quote == 0)
				break;
		while (i > start && is_space(s[i - 1]))
			i--;
		return by_label(s + start, i - start);
	}
	return NULL;
}

/* in_meta: what <meta charset> or <meta http-equiv content> says. */
static const char *
in_meta(const char *s, size_t len)
{
	const char *end, *p = s, *name;

	if (len > PRESCAN)
		len = PRESCAN;
	end = s + len;
	if (len > 5 && strncasecmp(s, "<?xml", 5) == 0) {
		const char *gt = memchr(s, '>', len);

		name = gt ? after("encoding", s, (size_t)(gt - s)) : NULL;
		if (name != NULL)
			return name;
	}
	while ((p = memchr(p, '<', (size_t)(end - p))) != NULL) {
		const char *gt;

		if (end - p > 4 && memcmp(p, "<!--", 4) == 0) {
			p = memmem(p, (size_t)(end - p), "-->", 3);
			if (p == NULL)
				return NULL;
			continue;
		}
		gt = memchr(p, '>', (size_t)(end - p));
		if (gt == NULL)
			return NULL;
		if (gt - p > 5 && strncasecmp(p, "<meta", 5) == 0) {
			name = after("charset", p, (size_t)(gt - p) + 1);
			if (name != NULL)
				return name;
		}
		p++;
	}
	return NULL;
}

/* length of the valid UTF-8 character at s; 0 when it is none. */
static size_t
utf8_char(const unsigned char *s, size_t left)
{
	if (s[0] < 0x80)
		return 1;
	if (s[0] < 0xc2 || s[0] > 0xf4 || left < 2 || (s[1] & 0xc0) != 0x80)
		return 0;
	if (s[0] < 0xe0)
		return 2;
	if (left < 3 || (s[2] & 0xc0) != 0x80)
		return 0;
	if (s[0] < 0xf0) {
		/* No overlong forms, no surrogates. */
		if ((s[0] == 0xe0 && s[1] < 0xa0) ||
		    (s[0] == 0xed && s[1] > 0x9f))
			return 0;
		return 3;
	}
	if (left < 4 || (s[3] & 0xc0) != 0x80 ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return 4;
}

size_t
utf8_valid(const char *s, size_t len)
{
	size_t i = 0, n;

	while (i < len) {
		uint64_t eight, more[4];

		if (len - i >= sizeof(more)) {
			memcpy(more, s + i, sizeof(more));
			if (((more[0] | more[1] | more[2] | more[3]) &
				0x8080808080808080ull) == 0) {
				i += sizeof(more);
				continue;
			}
		}
		if (len - i >= 8) {
			memcpy(&eight, s + i, 8);
			if ((eight & 0x8080808080808080ull) == 0) {
				i += 8;
				continue;
			}
		}
		n = utf8_char((const unsigned char *)s + i, len - i);
		if (n == 0)
			break;
		i += n;
	}
	return i;
}

/* bom: the encoding of the byte order mark, whose length goes to *skip. */
static const char *
bom(const char *s, size_t len, size_t *skip)
{
	*skip = 2;
	if (len >= 2 && memcmp(s, "\xff\xfe", 2) == 0)
		return "UTF-16LE";
	if (len >= 2 && memcmp(s, "\xfe\xff", 2) == 0)
		return "UTF-16BE";
	*skip = 3;
	if (len >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0)
		return "UTF-8";
	*skip = 0;
	return NULL;
}

/* utf8_text: all is good UTF-8, and least characters of it are not ASCII. */
static bool
utf8_text(const char *s, size_t len, unsigned least)
{
	size_t good = utf8_valid(s, len);

	/* A page cut in the middle of a character is still good. */
	if (len - good > 3)
		return false;
	for (size_t i = 0; i < good; i++)
		if ((unsigned char)s[i] >= 0xc0 && --least == 0)
			return true;
	return false;
}

const char *
charset_find(const char *content_type, const char *bytes, size_t len)
{
	const char *name = NULL;
	size_t skip;

	name = bom(bytes, len, &skip);
	if (name != NULL)
		return name;
	if (content_type != NULL)
		name = after("charset", content_type, strlen(content_type));
	if (name == NULL) {
		name = in_meta(bytes, len);
		/* A <meta> that could be read is not in UTF-16. */
		if (name != NULL && strncmp(name, "UTF-16", 6) == 0)
			name = "UTF-8";
	}
	if (name != NULL && strncmp(name, "UTF-16", 6) != 0 &&
	    utf8_text(bytes, len, strcmp(name, "windows-1252") ? 4 : 1))
		return "UTF-8";
	if (name != NULL)
		return name;
	if (len >= 4 && bytes[0] == '<' && bytes[1] == 0)
		return "UTF-16LE";
	if (len >= 4 && bytes[0] == 0 && bytes[1] == '<')
		return "UTF-16BE";
	if (utf8_valid(bytes, len) == len || utf8_text(bytes, len, 1))
		return "UTF-8";
	return sniff(bytes, len);
}

/* no_nul: a NUL byte is no text; HTML drops it. */
static size_t
no_nul(char *s, size_t len)
{
	char *p = memchr(s, '\0', len);
	size_t to;

	if (p == NULL)
		return len;
	to = (size_t)(p - s);
	for (size_t i = to; i < len; i++)
		if (s[i] != '\0')
			s[to++] = s[i];
	return to;
}

/* from_utf8: a copy in which each invalid byte is U+FFFD. */
static char *
from_utf8(struct arena *a, const char *s, size_t len, size_t *out, bool *bad)
{
	size_t good = utf8_valid(s, len), invalid = 0, to, n;
	char *copy;

	if (good == len) {
		copy = arena_alloc(a, len + 1);
		memcpy(copy, s, len);
		*out = no_nul(copy, len);
		return copy;
	}
	*bad = true;
	for (size_t i = good; i < len; i += n == 0 ? 1 : n) {
		n = utf8_char((const unsigned char *)s + i, len - i);
		invalid += n == 0;
	}
	copy = arena_alloc(a, len + invalid * 2 + 1);
	memcpy(copy, s, good);
	to = good;
	for (size_t i = good; i < len; i += n == 0 ? 1 : n) {
		n = utf8_char((const unsigned char *)s + i, len - i);
		memcpy(copy + to, n == 0 ? "\xef\xbf\xbd" : s + i, n ? n : 3);
		to += n == 0 ? 3 : n;
	}
	*out = no_nul(copy, to);
	return copy;
}

static const char *
iconv_name(const char *name)
{
	for (size_t i = 0; i < COUNT(charsets); i++)
		if (strcmp(charsets[i].name, name) == 0)
			return charsets[i].iconv;
	return "CP1252";
}

char *
charset_decode(struct arena *a, const char *name, const char *bytes, size_t len,
    size_t *out_len, bool *bad)
{
	size_t skip, left, room;
	char *in, *out, *to;
	iconv_t cd;

	bom(bytes, len, &skip);
	bytes += skip;
	len -= skip;
	*bad = false;
	cd = strcmp(name, "UTF-8") == 0 ? (iconv_t)-1
					: iconv_open("UTF-8", iconv_name(name));
	if (cd == (iconv_t)-1)
		return from_utf8(a, bytes, len, out_len, bad);
	/* No encoding here turns a byte into more than 3 of UTF-8... */
	room = len * 3 + 16;
	out = to = arena_alloc(a, room + 1);
	in = (char *)bytes; /* iconv's signature; it does not write there */
	left = len;
	while (left > 0) {
		if (iconv(cd, &in, &left, &to, &room) != (size_t)-1)
			break;
		/* ...so what stopped it is a byte it does not know. */
		*bad = true;
		if (room < 3)
			break;
		memcpy(to, "\xef\xbf\xbd", 3);
		to += 3;
		room -= 3;
		in++;
		left--;
	}
	iconv_close(cd);
	*out_len = no_nul(out, (size_t)(to - out));
	return out;
}

void
charset_preload(void)
{
	/* glibc keeps a converter loaded as long as one user has it open. */
	for (size_t i = 0; i < COUNT(charsets); i++)
		(void)iconv_open("UTF-8", charsets[i].iconv);
}
