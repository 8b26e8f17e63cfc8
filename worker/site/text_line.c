#include "worker/site/text_line.h"

#include "core/arena.h"
#include "core/buf.h"
#include "core/text.h"
#include "core/wordlist.h"
#include "worker/site/words.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* No line we make or compare is longer, bytes. */
#define LINE_MAX_BYTES 65536
/* Parentheses within one another that a link's target may have (cmark's). */
#define NESTED_MAX 32

/* Controls, zero-width and direction characters, private and non-characters:
 * nobody sees them, and they can make a line read as another. */
static bool
is_hidden(int32_t cp)
{
	return cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || cp == 0xAD ||
	       (cp >= 0x200B && cp <= 0x200F) ||
	       (cp >= 0x202A && cp <= 0x202E) ||
	       (cp >= 0x2060 && cp <= 0x206F) || cp == 0xFEFF || cp == 0xFFFD ||
	       (cp >= 0xE000 && cp <= 0xF8FF) ||
	       (cp >= 0xFDD0 && cp <= 0xFDEF) || cp >= 0xE0000 ||
	       (cp & 0xFFFE) == 0xFFFE;
}

static char *
fold_letters(struct arena *a, const char *s, size_t n)
{
	char *out = arena_raw(a, n + 1);
	size_t at = 0, len;
	bool gap = false;

	for (size_t i = 0; i < n; i += len) {
		unsigned char c = (unsigned char)s[i];
		int32_t cp;

		len = 1;
		/* Most are visible ASCII and need no second look. */
		if (c <= ' ' || c >= 0x7F) {
			cp = text_decode(s + i, n - i, &len);
			if (text_is_space(cp))
				gap = at > 0;
			if (text_is_space(cp) || cp < 0 || is_hidden(cp))
				continue;
		}
		if (gap)
			out[at++] = ' ';
		gap = false;
		for (size_t k = 0; k < len; k++)
			out[at++] = s[i + k];
	}
	out[at] = '\0';
	return out;
}

char *
text_line_fold(struct arena *a, const char *s)
{
	return fold_letters(a, s, strlen(s));
}

size_t
text_line_length(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += (*s & 0xC0) != 0x80;
	return n;
}

/* Ends of sentences of scripts that put no space after them. */
static bool
is_full_width_stop(int32_t cp)
{
	return cp == 0x3002 || cp == 0xFF01 || cp == 0xFF1F || cp == 0xFF61;
}

/* A full stop after one of these, or after a single letter, ends nothing. */
static bool
is_abbreviation(const char *s, size_t dot)
{
	size_t from = dot;

	while (from > 0 && s[from - 1] != ' ' && s[from - 1] != '(')
		from--;
	if (dot - from <= 1)
		return true;
	return wordlist_has(words_abbreviations, s + from, dot - from);
}

/*
 * sentence_end: bytes of s[0..n) to the end of the first sentence that ends
 * after from; 0 when none does.
 */
static size_t
sentence_end(const char *s, size_t n, size_t from)
{
	size_t len;

	for (size_t i = from; i < n; i += len) {
		unsigned char c = (unsigned char)s[i];
		int32_t cp = c;
		size_t end;

		len = 1;
		if (c >= 0x80)
			cp = text_decode(s + i, n - i, &len);
		end = i + len;
		if (is_full_width_stop(cp))
			return end;
		if (cp != '.' && cp != '!' && cp != '?')
			continue;
		if (cp == '.' && is_abbreviation(s, i))
			continue;
		while (end < n && strchr(".!?\"')", s[end]) != NULL)
			end++;
		/* "3.11", "example.org", "foo.bar" go on. */
		if (s[end] == '\0' ||
		    (s[end] == ' ' && !islower((unsigned char)s[end + 1])))
			return end;
	}
	return 0;
}

char *
text_line_sentence(struct arena *a, const char *s)
{
	size_t n = strlen(s);
	size_t end = sentence_end(s, n, 0);

	return end == 0 ? arena_strdup(a, s) : arena_strndup(a, s, end);
}

/* offset_of: bytes that the first max code points of s take. */
static size_t
offset_of(const char *s, size_t max)
{
	size_t i = 0, seen = 0;

	for (; s[i] != '\0'; i++) {
		if ((s[i] & 0xC0) == 0x80)
			continue;
		if (seen++ == max)
			break;
	}
	return i;
}

/* The last whole word of s[0..n); scripts without spaces break anywhere. */
static size_t
word_end(const char *s, size_t n)
{
	size_t i = n;

	if (s[n] == ' ')
		return n;
	while (i > 0 && s[i] != ' ')
		i--;
	return i > n / 2 ? i : n;
}

char *
text_line_clip(struct arena *a, const char *s, size_t max)
{
	size_t n, end, last = 0;

	if (text_line_length(s) <= max)
		return arena_strdup(a, s);
	n = offset_of(s, max);
	for (end = sentence_end(s, n, 0); end != 0;
	     end = sentence_end(s, n, end))
		last = end;
	if (last > n * 2 / 5)
		return arena_strndup(a, s, last);
	n = word_end(s, offset_of(s, max - 1));
	while (n > 0 && strchr(" ,;:.-(", s[n - 1]) != NULL)
		n--;
	return arena_printf(a, "%.*s…", (int)n, s);
}

/*
 * skip_destination: past "(url "title")" that follows "]".  The limit keeps a
 * text of nothing but "](" from being read again at each of them.
 */
static size_t
skip_destination(const char *md, size_t n, size_t i)
{
	unsigned depth = 0;

	for (size_t j = i; j < n && depth <= NESTED_MAX; j++) {
		if (md[j] == '\\' && j + 1 < n)
			j++;
		else if (md[j] == '(')
			depth++;
		else if (md[j] == ')' && --depth == 0)
			return j + 1;
	}
	return i;
}

/* skip_tag: past an HTML tag or an autolink's "<"; i when it is neither. */
static size_t
skip_tag(const char *md, size_t n, size_t i)
{
	const char *end;

	if (i + 1 >= n || (!isalpha((unsigned char)md[i + 1]) &&
			      md[i + 1] != '/' && md[i + 1] != '!'))
		return i;
	end = memchr(md + i, '>', n - i);
	return end == NULL ? i : (size_t)(end - md) + 1;
}

/* unmarked_bytes: bytes of s[0..n) before one that may mean something. */
static size_t
unmarked_bytes(const char *s, size_t n)
{
	size_t i = 0;

	for (; i < n; i++)
		switch (s[i]) {
		case '`':
		case '\\':
		case '!':
		case '[':
		case '*':
		case ']':
		case '<':
			return i;
		default:
			break;
		}
	return i;
}

char *
text_line_markdown(struct arena *a, const char *md, size_t n)
{
	struct buf b;
	char *out;
	size_t next;
	bool code = false;

	buf_init(&b, LINE_MAX_BYTES);
	for (size_t i = 0; i < n; i++) {
		size_t run = code ? 0 : unmarked_bytes(md + i, n - i);

		if (run > 0) {
			buf_add(&b, md + i, run);
			i += run - 1;
		} else if (md[i] == '`') {
			code = !code;
		} else if (code) {
			buf_addc(&b, md[i]);
		} else if (md[i] == '\\' && i + 1 < n &&
			   ispunct((unsigned char)md[i + 1])) {
			buf_addc(&b, md[++i]);
		} else if (md[i] == '!' && i + 1 < n && md[i + 1] == '[') {
			continue;
		} else if (md[i] == '[' || md[i] == '*') {
			continue;
		} else if (md[i] == ']') {
			if (i + 1 < n && md[i + 1] == '(')
				i = skip_destination(md, n, i + 1) - 1;
		} else if (md[i] == '<' && (next = skip_tag(md, n, i)) != i) {
			i = next - 1;
		} else {
			buf_addc(&b, md[i]);
		}
	}
	out = fold_letters(a, b.data, b.len);
	buf_release(&b);
	return out;
}

static void
human_word(struct buf *b, const char *s, size_t n, bool first)
{
	size_t at = b->len;

	buf_add(b, s, n);
	if (!buf_ok(b))
		return;
	if (wordlist_has(words_initialisms, s, n) ||
	    (n == 1 && isalpha((unsigned char)*s))) {
		for (size_t i = at; i < at + n; i++)
			b->data[i] = toupper((unsigned char)b->data[i]);
		if (n > 3 && strncasecmp(s + n - 1, "s", 1) == 0 &&
		    (strncasecmp(s, "apis", n) == 0 ||
			strncasecmp(s, "faqs", n) == 0))
			b->data[at + n - 1] = 's';
	} else if (first || !wordlist_has(words_small_words, s, n)) {
		b->data[at] = toupper((unsigned char)b->data[at]);
	}
}

static size_t
without_extension(const char *s, size_t n)
{
	return n - wordlist_ends(words_page_extensions, s, n);
}

char *
text_line_human(struct arena *a, const char *s, size_t n)
{
	struct buf b;
	char *out;
	size_t i = 0;

	buf_init(&b, LINE_MAX_BYTES);
	n = without_extension(s, n);
	while (i < n) {
		size_t from;

		while (i < n && strchr("-_+ ~", s[i]) != NULL)
			i++;
		for (from = i; i < n && strchr("-_+ ~", s[i]) == NULL;)
			i++;
		if (i == from)
			break;
		if (b.len > 0)
			buf_addc(&b, ' ');
		human_word(&b, s + from, i - from, b.len == 0);
	}
	out = fold_letters(a, b.data, b.len);
	buf_release(&b);
	return out;
}

/* next_letter: the next letter or digit, lower case if ASCII; 0 at the end. */
static int32_t
next_letter(const char **s)
{
	size_t len;

	while (**s != '\0') {
		unsigned char c = (unsigned char)**s;
		int32_t cp;

		if (c < 0x80) {
			(*s)++;
			if (isalnum(c))
				return tolower(c);
			continue;
		}
		cp = text_decode(*s, strnlen(*s, 4), &len);
		*s += len;
		if (cp >= 0x80 && !(cp >= 0x2010 && cp <= 0x205E) &&
		    !text_is_space(cp))
			return cp;
	}
	return 0;
}

/* letters_begin: b's letters are the first ones of a; all: and a has no more.
 */
static bool
letters_begin(const char *a, const char *b, bool all)
{
	int32_t x, y;

	do {
		y = next_letter(&b);
		if (y == 0)
			return !all || next_letter(&a) == 0;
		x = next_letter(&a);
	} while (x == y);
	return false;
}

bool
text_line_same(const char *a, const char *b)
{
	return letters_begin(a, b, true);
}

bool
text_line_is_one_of(const char *s, const char *const *list)
{
	for (; *list != NULL; list++)
		if (text_line_same(s, *list))
			return true;
	return false;
}

int
text_line_order(const char *a, const char *b)
{
	int32_t x, y;

	do {
		x = next_letter(&a);
		y = next_letter(&b);
	} while (x == y && x != 0);
	return (x > y) - (x < y);
}

bool
text_line_contains(const char *a, const char *b)
{
	do {
		if (letters_begin(a, b, false))
			return true;
	} while (next_letter(&a) != 0);
	return false;
}
