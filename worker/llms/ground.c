#include "worker/llms/ground.h"

#include "core/arena.h"
#include "core/text.h"
#include "worker/extract/entity.h"
#include "worker/llms/plain.h"

#include <stdint.h>
#include <string.h>

/* A page has no more words than this that matter. */
#define WORDS_MAX 65536
/* Words that are compared by their beginning, and of how many letters. */
#define STEM_LETTERS 5
#define LONG_LETTERS 4
#define WORD_BYTES 96

struct ground {
	struct arena *arena;
	uint64_t *set; /* hashes of folded words and stems; 0: free */
	size_t cap, used;
};

/* One word of a text: its folded letters and what it looked like. */
struct word {
	char text[WORD_BYTES]; /* folded, terminated, maybe cut */
	size_t len;
	size_t letters;
	bool capital; /* starts with a capital */
	bool inner;   /* a capital, digit, dot or underscore further in */
	bool digit;   /* starts with a digit */
	bool number;  /* has one somewhere */
	bool cjk;     /* one ideograph or syllable: a word of its own */
};

/*
 * Simple case folding (Unicode, CaseFolding.txt) of the alphabets that have
 * case and are common.  With add 1 every second letter from the first on is a
 * capital, and the next one its small letter.
 */
static const struct {
	int32_t from, to, add;
} capitals[] = {
    {'A', 'Z', 32},
    {0xC0, 0xD6, 32},
    {0xD8, 0xDE, 32},
    {0x100, 0x12F, 1},
    {0x130, 0x130, 'i' - 0x130},
    {0x132, 0x137, 1},
    {0x139, 0x148, 1},
    {0x14A, 0x177, 1},
    {0x178, 0x178, 0xFF - 0x178},
    {0x179, 0x17E, 1},
    {0x1A0, 0x1A5, 1},
    {0x1AF, 0x1B0, 1},
    {0x1CD, 0x1DC, 1},
    {0x1F8, 0x21F, 1},
    {0x386, 0x386, 38},
    {0x388, 0x38A, 37},
    {0x38C, 0x38C, 64},
    {0x38E, 0x38F, 63},
    {0x391, 0x3A1, 32},
    {0x3A3, 0x3AB, 32},
    {0x400, 0x40F, 80},
    {0x410, 0x42F, 32},
    {0x460, 0x481, 1},
    {0x48A, 0x4BF, 1},
    {0x4C1, 0x4CE, 1},
    {0x4D0, 0x52F, 1},
    {0x531, 0x556, 48},
    {0x1E00, 0x1E95, 1},
    {0x1EA0, 0x1EFF, 1},
    {0xFF21, 0xFF3A, 'a' - 0xFF21},
};

static int32_t
lower(int32_t c)
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
digit(int32_t c)
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
	return digit(c) >= 0;
}

/* One form for the forms of a letter or digit. */
static int32_t
fold(int32_t c)
{
	if (c < 0x80)
		return c >= 'A' && c <= 'Z' ? c + 32 : c;
	if (is_digit(c))
		return '0' + digit(c);
	if (c >= 0xFF41 && c <= 0xFF5A) /* full width */
		return c - 0xFF41 + 'a';
	return c == 0x3C2 ? 0x3C3 /* a final sigma */ : lower(c);
}

static bool
is_capital(int32_t c)
{
	return lower(c) != c;
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

/* A dot, comma, dash or apostrophe that joins two letters. */
static bool
joins(const char *s, size_t n, int32_t c)
{
	size_t len;

	if (c != '.' && c != ',' && c != '-' && c != '\'' && c != 0x2019)
		return false;
	return n > 0 && is_letter(text_decode(s, n, &len));
}

static void
put(struct word *w, const char *s, size_t len, int32_t c)
{
	int32_t f = fold(c);

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

/* The next word of s; bytes read, or 0 at the end. */
static size_t
next_word(const char *s, size_t n, struct word *w)
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
		if (!is_letter(c) && !joins(s + at + len, n - at - len, c))
			break;
		if (c == ',' && !w->digit)
			break;
		if (!(w->digit && is_group_mark(s + at, n - at)))
			put(w, s + at, len, c);
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

/* FNV-1a, 64 bits. */
static uint64_t
hash(const char *s, size_t n)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)s[i]) * 0x100000001b3u;
	return h == 0 ? 1 : h;
}

static bool
has(const struct ground *g, uint64_t h)
{
	size_t i;

	for (i = h & (g->cap - 1); g->set[i] != 0; i = (i + 1) & (g->cap - 1))
		if (g->set[i] == h)
			return true;
	return false;
}

static void
add(struct ground *g, uint64_t h)
{
	size_t i;

	if (g->used >= g->cap / 2 || has(g, h))
		return;
	for (i = h & (g->cap - 1); g->set[i] != 0;)
		i = (i + 1) & (g->cap - 1);
	g->set[i] = h;
	g->used++;
}

/* The first letters of a longer word, apart from the whole words. */
static uint64_t
stem(const struct word *w)
{
	size_t at = 0, len;

	for (int i = 0; i < STEM_LETTERS && at < w->len; i++) {
		(void)text_decode(w->text + at, w->len - at, &len);
		at += len;
	}
	return ~hash(w->text, at);
}

void
ground_add(struct ground *g, const char *text, size_t n)
{
	struct word w;
	size_t used;

	for (; (used = next_word(text, n, &w)) > 0; text += used, n -= used) {
		add(g, hash(w.text, w.len));
		if (w.letters >= LONG_LETTERS)
			add(g, stem(&w));
		/* Also the parts of a joined word: "os.path" has "path". */
		for (char *p = w.text, *q; (q = strpbrk(p, ".-'")) != NULL;
		     p = q + 1) {
			add(g, hash(p, (size_t)(q - p)));
			add(g, hash(q + 1, strlen(q + 1)));
		}
	}
}

struct ground *
ground_new(struct arena *a, const char *text, size_t n)
{
	struct ground *g = arena_alloc(a, sizeof(*g));

	g->arena = a;
	for (g->cap = 1024; g->cap < n && g->cap < 2 * WORDS_MAX;)
		g->cap *= 2;
	g->set = arena_array(a, g->cap, sizeof(*g->set));
	ground_add(g, text, n);
	return g;
}

static bool
known(const struct ground *g, const struct word *w)
{
	return has(g, hash(w->text, w->len));
}

/* The word, or each part of "32-bit", stands there. */
static bool
parts_known(const struct ground *g, const struct word *w)
{
	const char *p = w->text, *end;

	if (known(g, w))
		return true;
	for (; (end = strchr(p, '-')) != NULL; p = end + 1)
		if (!has(g, hash(p, (size_t)(end - p))))
			return false;
	return p != w->text && has(g, hash(p, strlen(p)));
}

/*
 * "of" and "the" tell nothing; a plural of a known word is known, but no
 * other number of it: "iPhone14" is not "iPhone15".
 */
static bool
half_known(const struct ground *g, const struct word *w)
{
	if (w->number)
		return parts_known(g, w);
	return known(g, w) || (w->letters >= LONG_LETTERS && has(g, stem(w)));
}

/*
 * A sentence begins with a capital, whatever the word; but "Gutenberg's" is a
 * name even there.  "There's" and what is shorter is none.
 */
static bool
is_owner(const struct word *w)
{
	static const char *const ends[] = {"'s", "\u2019s"};

	for (size_t i = 0; i < 2; i++) {
		size_t n = strlen(ends[i]);

		if (w->letters > strlen("There's") && w->len > n &&
		    strcmp(w->text + w->len - n, ends[i]) == 0)
			return true;
	}
	return false;
}

static bool
is_name(const struct word *w, bool first)
{
	return w->inner || (w->capital && (!first || is_owner(w)));
}

static bool
ends_sentence(const char *from, const char *to)
{
	for (; from < to; from++)
		if (*from == '.' || *from == '!' || *from == '?' ||
		    *from == ':')
			return true;
	return false;
}

/* Every word of a quotation, n bytes at p, must be there. */
static const char *
check_quote(struct ground *g, const char *p, size_t n)
{
	struct word w;
	size_t used;

	for (; (used = next_word(p, n, &w)) > 0; p += used, n -= used)
		if (!known(g, &w))
			return arena_printf(g->arena,
			    "the quoted word \"%s\" is not on the page",
			    w.text);
	return NULL;
}

/* An apostrophe opens a quotation after a space, and closes one before. */
static const char *
check_apostrophes(struct ground *g, const char *line)
{
	const char *why = NULL, *from = NULL;

	for (const char *p = line; *p != '\0' && why == NULL; p++) {
		if (*p != '\'')
			continue;
		if (p == line || p[-1] == ' ' || p[-1] == '(')
			from = p + 1;
		else if (from != NULL &&
			 (p[1] == '\0' || strchr(" .,;:!?)", p[1]) != NULL)) {
			why = check_quote(g, from, (size_t)(p - from));
			from = NULL;
		}
	}
	return why;
}

/* The mark that closes a quotation; one that is an apostrophe does not. */
static const char *
closing(const char *from, const char *mark)
{
	size_t len = strlen(mark), one;
	int32_t c = text_decode(mark, len, &one);
	const char *at = strstr(from, mark);

	while (at != NULL && joins(at + len, strlen(at + len), c))
		at = strstr(at + len, mark);
	return at;
}

static const char *
check_quotes(struct ground *g, const char *line)
{
	static const char *const marks[][2] = {{"\"", "\""}, {"`", "`"},
	    {"\u201c", "\u201d"}, {"\u00ab", "\u00bb"}, {"\u201e", "\u201c"},
	    {"\u201e", "\u201d"}, {"\u2018", "\u2019"}, {"\u201a", "\u2018"},
	    {"\u2039", "\u203a"}, {"\u300c", "\u300d"}, {"\u300e", "\u300f"},
	    {"\u300a", "\u300b"}};
	const char *from, *to, *p, *why = check_apostrophes(g, line);

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		for (p = line;
		     why == NULL && (from = strstr(p, marks[i][0])) != NULL;
		     p = to + strlen(marks[i][1])) {
			from += strlen(marks[i][0]);
			to = closing(from, marks[i][1]);
			if (to == NULL)
				break;
			why = check_quote(g, from, (size_t)(to - from));
		}
	return why;
}

const char *
ground_check(struct ground *g, const char *line)
{
	const char *p = line, *why = check_quotes(g, line), *start;
	size_t n = strlen(line), used, longer = 0, found = 0;
	bool first = true;
	struct word w;

	if (why != NULL)
		return why;
	for (; (used = next_word(p, n, &w)) > 0; p += used, n -= used) {
		start = p + used - (w.len < used ? w.len : used);
		if (p != line && ends_sentence(p, start))
			first = true;
		if (w.digit && !parts_known(g, &w))
			return arena_printf(g->arena,
			    "the number \"%s\" is not on the page", w.text);
		if (is_name(&w, first) && !half_known(g, &w))
			return arena_printf(g->arena,
			    "the name \"%s\" is not on the page", w.text);
		first = false;
		if (w.letters >= LONG_LETTERS || w.cjk) {
			longer++;
			found += half_known(g, &w);
		}
	}
	if (found * 2 < longer)
		return "most of its words are not on the page";
	return NULL;
}
