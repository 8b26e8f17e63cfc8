#include "worker/site/word.h"

#include "core/text.h"
#include "worker/extract/entity.h"
#include "worker/site/text_line.h"

#include <string.h>

static const struct {
	int32_t from, to, add;
} capitals[] = {
#define CAPITALS(from, to, add) {from, to, add},
#include "worker/site/letter_case.def"
#undef CAPITALS
};

static int32_t
lower_letter(int32_t c)
{
	for (size_t i = 0; i < sizeof(capitals) / sizeof(capitals[0]) &&
			   c >= capitals[i].from;
	     i++)
		if (c <= capitals[i].to)
			return capitals[i].add == 1 &&
				       (c - capitals[i].from) % 2 == 1
				   ? c
				   : c + capitals[i].add;
	return c;
}

/* Decimal digits of other scripts are those of ours; -1: c is none. */
static int32_t
digit_value(int32_t c)
{
	static const int32_t zeros[] = {'0', 0x660, 0x6F0, 0x7C0, 0x966, 0x9E6,
	    0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6, 0xE50,
	    0xED0, 0xF20, 0x1040, 0x17E0, 0x1810, 0xFF10};

	for (size_t i = 0; i < sizeof(zeros) / sizeof(zeros[0]); i++)
		if (c >= zeros[i] && c <= zeros[i] + 9)
			return c - zeros[i];
	return -1;
}

static bool
is_digit(int32_t c)
{
	return digit_value(c) >= 0;
}

/* One form for the forms of a letter or digit. */
static int32_t
fold_letter(int32_t c)
{
	if (c < 0x80)
		return c >= 'A' && c <= 'Z' ? c + 32 : c;
	if (is_digit(c))
		return '0' + digit_value(c);
	if (c >= 0xFF41 && c <= 0xFF5A) /* full width */
		return c - 0xFF41 + 'a';
	if (c == 0x2019) /* the apostrophe of print */
		return '\'';
	return c == 0x3C2 ? 0x3C3 /* a final sigma */ : lower_letter(c);
}

static bool
is_capital(int32_t c)
{
	return lower_letter(c) != c;
}

static bool
is_cjk(int32_t c)
{
	return (c >= 0x2E80 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7AF) ||
	       (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3FFFF);
}

static bool
is_letter(int32_t c)
{
	if (c < 0x80)
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		       (c >= '0' && c <= '9') || c == '_';
	/* Punctuation and spaces above ASCII. */
	return !(c <= 0xBF || c == 0xD7 || c == 0xF7 ||
		 (c >= 0x2000 && c <= 0x2BFF) || (c >= 0x3000 && c <= 0x303F) ||
		 (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF0F));
}

bool
word_joins(const char *s, size_t n, int32_t c)
{
	size_t len;

	if (c != '.' && c != ',' && c != '-' && c != '\'' && c != 0x2019)
		return false;
	return n > 0 && is_letter(text_decode(s, n, &len));
}

static void
word_put(struct word *w, const char *s, size_t len, int32_t c)
{
	int32_t f = fold_letter(c);

	w->letters++;
	if (w->len + 4 >= WORD_BYTES)
		return;
	if (f == c) {
		memcpy(w->text + w->len, s, len);
		w->len += len;
	} else {
		w->len += utf8_put(w->text + w->len, (unsigned long)f);
	}
	w->text[w->len] = '\0';
}

/*
 * A mark between the thousands of a number, at s (n bytes): 1,000 and 1'000
 * are 1000, but 24,5 is not 245.
 */
static bool
is_group_mark(const char *s, size_t n)
{
	size_t i = *s == ',' || *s == '\'' ? 1 : 0, end = i + 3;

	if (i == 0 && n >= 3 && memcmp(s, "\u2019", 3) == 0)
		i = 3, end = 6;
	if (i == 0 || n < end)
		return false;
	for (; i < end; i++)
		if (s[i] < '0' || s[i] > '9')
			return false;
	return n == end || s[end] < '0' || s[end] > '9';
}

size_t
word_next(const char *s, size_t n, struct word *w)
{
	size_t at = 0, len;
	int32_t c = 0;

	*w = (struct word){.len = 0};
	for (; at < n; at += len) {
		c = text_decode(s + at, n - at, &len);
		if (c >= 0 && is_letter(c))
			break;
	}
	if (at >= n)
		return 0;
	w->cjk = is_cjk(c);
	w->capital = is_capital(c);
	w->digit = is_digit(c);
	while (at < n) {
		c = text_decode(s + at, n - at, &len);
		if (c < 0 || (w->len > 0 && w->cjk != is_cjk(c)))
			break;
		if (!is_letter(c) && !word_joins(s + at + len, n - at - len, c))
			break;
		if (c == ',' && !w->digit)
			break;
		if (!(w->digit && is_group_mark(s + at, n - at)))
			word_put(w, s + at, len, c);
		if (w->letters > 1 &&
		    (is_capital(c) || is_digit(c) || c == '_' || c == '.'))
			w->inner = true;
		w->number = w->number || is_digit(c);
		at += len;
		if (w->cjk)
			break;
	}
	return at;
}
