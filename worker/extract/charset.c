#include "worker/extract/charset.h"

#include "core/text.h"
#include "worker/extract/encoding_sniff.h"
#include "worker/extract/entity.h"

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

struct charset_label {
	const char *label;
	const char *name;
};

static const struct charset_label labels[] = {
#define X(label, name) {label, name},
#include "worker/extract/labels.def"
#undef X
};

/* Bytes of the page. */
struct byte_span {
	const char *s;
	size_t len;
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* A page may have a NUL where a label is looked for. */
static bool
is_word_at(const char *word, const char *s, size_t len)
{
	return strlen(word) == len && strncasecmp(word, s, len) == 0;
}

/* by_label: the encoding called s; NULL when nobody knows it. */
static const char *
by_label(const char *s, size_t len)
{
	while (len > 0 && text_is_html_space(s[0])) {
		s++;
		len--;
	}
	while (len > 0 && text_is_html_space(s[len - 1]))
		len--;
	for (size_t i = 0; i < COUNT(labels); i++)
		if (is_word_at(labels[i].label, s, len))
			return labels[i].name;
	return NULL;
}

/* value_after: the label behind word and '=' in the len bytes at s, or NULL. */
static const char *
value_after(const char *word, const char *s, size_t len)
{
	size_t n = strlen(word), i, start;
	char quote = 0;

	for (i = 0; i + n < len; i++) {
		if (strncasecmp(s + i, word, n) != 0)
			continue;
		start = i + n;
		while (start < len && text_is_html_space(s[start]))
			start++;
		if (start == len || s[start] != '=')
			continue;
		start++;
		while (start < len && text_is_html_space(s[start]))
			start++;
		if (start < len && (s[start] == '"' || s[start] == '\''))
			quote = s[start++];
		for (i = start; i < len && s[i] != ';' && s[i] != '>' &&
				s[i] != '"' && s[i] != '\'' && s[i] != ',';
		     i++)
			if (text_is_html_space(s[i]) && quote == 0)
				break;
		while (i > start && text_is_html_space(s[i - 1]))
			i--;
		return by_label(s + start, i - start);
	}
	return NULL;
}

/* The part of a page that is looked through. */
struct prescan {
	const char *s;
	size_t at;
	size_t len;
};

static void
skip_to(struct prescan *p, char c)
{
	const char *to =
	    p->at < p->len ? memchr(p->s + p->at, c, p->len - p->at) : NULL;

	p->at = to == NULL ? p->len : (size_t)(to - p->s);
}

static void
skip_spaces(struct prescan *p)
{
	while (p->at < p->len && text_is_html_space(p->s[p->at]))
		p->at++;
}

/* prescan_attribute: the next one of a tag; false at its end. */
static bool
prescan_attribute(
    struct prescan *p, struct byte_span *name, struct byte_span *value)
{
	size_t start;
	char quote;

	while (p->at < p->len &&
	       (text_is_html_space(p->s[p->at]) || p->s[p->at] == '/'))
		p->at++;
	*value = (struct byte_span){NULL, 0};
	start = p->at;
	if (p->at >= p->len || p->s[p->at] == '>')
		return false;
	do
		p->at++;
	while (p->at < p->len && strchr("=/> \t\r\n\f", p->s[p->at]) == NULL);
	*name = (struct byte_span){p->s + start, p->at - start};
	skip_spaces(p);
	if (p->at >= p->len || p->s[p->at] != '=')
		return true;
	p->at++;
	skip_spaces(p);
	start = p->at;
	quote = p->at < p->len ? p->s[p->at] : '>';
	if (quote == '"' || quote == '\'') {
		start = ++p->at;
		skip_to(p, quote);
		*value = (struct byte_span){p->s + start, p->at - start};
		p->at += p->at < p->len;
		return true;
	}
	while (p->at < p->len && p->s[p->at] != '>' &&
	       !text_is_html_space(p->s[p->at]))
		p->at++;
	*value = (struct byte_span){p->s + start, p->at - start};
	return true;
}

/* prescan_meta: what a <meta> says, whose attributes begin here; or NULL. */
static const char *
prescan_meta(struct prescan *p)
{
	struct byte_span name, value, direct = {NULL, 0}, content = {NULL, 0};
	bool pragma = false, seen = false;

	while (prescan_attribute(p, &name, &value)) {
		if (is_word_at("http-equiv", name.s, name.len) && !seen) {
			pragma = is_word_at("content-type", value.s, value.len);
			seen = true;
		} else if (is_word_at("content", name.s, name.len) &&
			   content.s == NULL) {
			content = value;
		} else if (is_word_at("charset", name.s, name.len) &&
			   direct.s == NULL) {
			direct = value;
		}
	}
	/* A tag that was cut says nothing. */
	if (p->at >= p->len)
		return NULL;
	if (direct.s != NULL)
		return by_label(direct.s, direct.len);
	return pragma && content.s != NULL
		   ? value_after("charset", content.s, content.len)
		   : NULL;
}

/* prescan_tag: passes over what '<' begins; the encoding if it is a <meta> with
 * one. */
static const char *
prescan_tag(struct prescan *p)
{
	const char *s = p->s + p->at, *end;
	size_t left = p->len - p->at;
	struct byte_span name, value;

	if (left >= 4 && memcmp(s, "<!--", 4) == 0) {
		/* "<!-->" is one and its end. */
		end = memmem(s + 2, left - 2, "-->", 3);
		p->at = end == NULL ? p->len : (size_t)(end - p->s) + 3;
		return NULL;
	}
	if (left > 5 && strncasecmp(s, "<meta", 5) == 0 &&
	    (text_is_html_space(s[5]) || s[5] == '/')) {
		p->at += 5;
		return prescan_meta(p);
	}
	p->at++;
	if (left > 2 &&
	    (text_is_letter(s[1]) || (s[1] == '/' && text_is_letter(s[2])))) {
		while (p->at < p->len && !text_is_html_space(p->s[p->at]) &&
		       p->s[p->at] != '>')
			p->at++;
		while (prescan_attribute(p, &name, &value))
			;
	} else if (left > 1 && strchr("!/?", s[1]) != NULL) {
		skip_to(p, '>');
	}
	return NULL;
}

/*
 * in_meta: what <meta charset> or <meta http-equiv content> says, by the
 * standard's "prescan a byte stream" (HTML, 13.2.3.2).
 */
static const char *
in_meta(const char *s, size_t len)
{
	struct prescan p = {s, 0, len > PRESCAN ? PRESCAN : len};
	const char *name = NULL;

	if (len > 5 && strncasecmp(s, "<?xml", 5) == 0) {
		const char *gt = memchr(s, '>', p.len);

		name = gt ? value_after("encoding", s, (size_t)(gt - s)) : NULL;
	}
	for (; name == NULL && p.at < p.len; skip_to(&p, '<'))
		if (p.s[p.at] == '<')
			name = prescan_tag(&p);
	/* A <meta> that could be read is not in UTF-16. */
	if (name != NULL && strncmp(name, "UTF-16", 6) == 0)
		return "UTF-8";
	if (name != NULL && strcmp(name, "x-user-defined") == 0)
		return "windows-1252";
	return name;
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

/* utf8_bad: how many bytes are one U+FFFD: what could have begun a character.
 */
static size_t
utf8_bad(const unsigned char *s, size_t left)
{
	unsigned lo = 0x80, hi = 0xbf;

	if (s[0] < 0xe0 || s[0] > 0xf4 || left < 2)
		return 1;
	lo = s[0] == 0xe0 ? 0xa0 : s[0] == 0xf0 ? 0x90 : lo;
	hi = s[0] == 0xed ? 0x9f : s[0] == 0xf4 ? 0x8f : hi;
	if (s[1] < lo || s[1] > hi)
		return 1;
	return s[0] >= 0xf0 && left > 2 && (s[2] & 0xc0) == 0x80 ? 3 : 2;
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

/* byte_order_mark: the encoding of the byte order mark, whose length goes to
 * *skip. */
static const char *
byte_order_mark(const char *s, size_t len, size_t *skip)
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

	name = byte_order_mark(bytes, len, &skip);
	if (name != NULL)
		return name;
	if (content_type != NULL)
		name =
		    value_after("charset", content_type, strlen(content_type));
	if (name == NULL)
		name = in_meta(bytes, len);
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
	return encoding_sniff(bytes, len);
}

/*
 * text_line_text: as HTML has it: a NUL byte is no text, and lines end in one
 * line feed; the new length.
 */
static size_t
text_line_text(char *s, size_t len)
{
	char *nul = memchr(s, '\0', len), *cr = memchr(s, '\r', len);
	size_t to, from;

	if (nul == NULL && cr == NULL)
		return len;
	from = nul == NULL || (cr != NULL && cr < nul) ? (size_t)(cr - s)
						       : (size_t)(nul - s);
	to = from;
	for (size_t i = from; i < len; i++) {
		if (s[i] == '\r') {
			s[to++] = '\n';
			i += i + 1 < len && s[i + 1] == '\n';
		} else if (s[i] != '\0') {
			s[to++] = s[i];
		}
	}
	return to;
}

/* user_defined: ASCII, and U+F780 to U+F7FF for the other bytes. */
static char *
user_defined(struct arena *a, const char *s, size_t len, size_t *out)
{
	char *text = arena_alloc(a, len * 3 + 1);
	size_t to = 0;

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];

		to += utf8_put(text + to, c < 0x80 ? c : 0xf700ul + c);
	}
	*out = text_line_text(text, to);
	return text;
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
		*out = text_line_text(copy, len);
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
	for (size_t i = good; i < len; i += n) {
		const unsigned char *p = (const unsigned char *)s + i;
		size_t is = utf8_char(p, len - i);

		n = is == 0 ? utf8_bad(p, len - i) : is;
		memcpy(copy + to, is == 0 ? "\xef\xbf\xbd" : s + i,
		    is == 0 ? 3 : is);
		to += is == 0 ? 3 : is;
	}
	*out = text_line_text(copy, to);
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

	byte_order_mark(bytes, len, &skip);
	bytes += skip;
	len -= skip;
	*bad = false;
	if (strcmp(name, "x-user-defined") == 0)
		return user_defined(a, bytes, len, out_len);
	if (strcmp(name, "replacement") == 0) {
		/* No reader shows such a page: it may read as a script. */
		*bad = len > 0;
		*out_len = len > 0 ? 3 : 0;
		return arena_strdup(a, len > 0 ? "\xef\xbf\xbd" : "");
	}
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
	*out_len = text_line_text(out, (size_t)(to - out));
	return out;
}

void
charset_preload(void)
{
	/* glibc keeps a converter loaded as long as one user has it open. */
	for (size_t i = 0; i < COUNT(charsets); i++)
		if (charsets[i].iconv[0] != '\0')
			(void)iconv_open("UTF-8", charsets[i].iconv);
}
