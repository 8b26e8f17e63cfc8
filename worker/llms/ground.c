#include "worker/llms/ground.h"

#include "core/arena.h"
#include "core/text.h"
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
	bool cjk;     /* one ideograph or syllable: a word of its own */
};

/* Simple case folding of the alphabets that have case and are common. */
static int32_t
fold(int32_t c)
{
	if ((c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE && c != 0xD7) ||
	    (c >= 0x391 && c <= 0x3A9) || (c >= 0x410 && c <= 0x42F))
		return c + 32;
	if (c >= 0x400 && c <= 0x40F)
		return c + 80;
	if (c >= 0x100 && c <= 0x17F && c != 0x130 && c != 0x178)
		return c | 1;
	return c;
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

static bool
is_digit(int32_t c)
{
	return c >= '0' && c <= '9';
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
	} else if (f < 0x80) {
		w->text[w->len++] = (char)f;
	} else { /* every alphabet that is folded fits in two bytes */
		w->text[w->len++] = (char)(0xC0 | f >> 6);
		w->text[w->len++] = (char)(0x80 | (f & 0x3F));
	}
	w->text[w->len] = '\0';
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
	w->capital = fold(c) != c;
	w->digit = is_digit(c);
	while (at < n) {
		c = text_decode(s + at, n - at, &len);
		if (c < 0 || (w->len > 0 && w->cjk != is_cjk(c)))
			break;
		if (!is_letter(c) && !joins(s + at + len, n - at - len, c))
			break;
		/* A group mark inside a number: 1,000 is 1000. */
		if (!(w->digit && c == ','))
			put(w, s + at, len, c);
		if (w->letters > 1 &&
		    (fold(c) != c || is_digit(c) || c == '_' || c == '.'))
			w->inner = true;
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

/* "of" and "the" tell nothing; a plural of a known word is known. */
static bool
half_known(const struct ground *g, const struct word *w)
{
	return known(g, w) || (w->letters >= LONG_LETTERS && has(g, stem(w)));
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

/* Every word of a quotation must be there. */
static const char *
check_quotes(struct ground *g, const char *line)
{
	static const char *const marks[][2] = {{"\"", "\""}, {"`", "`"},
	    {"\u201c", "\u201d"}, {"\u00ab", "\u00bb"}, {"\u201e", "\u201c"}};
	const char *from, *to, *p;
	struct word w;
	size_t used;

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		for (p = line; (from = strstr(p, marks[i][0])) != NULL;
		     p = to) {
			from += strlen(marks[i][0]);
			to = strstr(from, marks[i][1]);
			if (to == NULL)
				break;
			for (p = from;
			     (used = next_word(p, (size_t)(to - p), &w)) > 0;
			     p += used)
				if (!known(g, &w))
					return arena_printf(g->arena,
					    "the quoted word \"%s\" is not on "
					    "the page",
					    w.text);
			to += strlen(marks[i][1]);
		}
	}
	return NULL;
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
		if (w.digit && !known(g, &w))
			return arena_printf(g->arena,
			    "the number \"%s\" is not on the page", w.text);
		if ((w.inner || (w.capital && !first)) && !half_known(g, &w))
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
