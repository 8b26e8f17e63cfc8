#include "worker/llms/grounding.h"

#include "core/arena.h"
#include "core/hash_set.h"
#include "core/text.h"
#include "worker/llms/lexicon.h"
#include "worker/site/word.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

/* A page has no more words than this that matter. */
#define WORDS_MAX 65536
/* Words that are compared by their beginning, and of how many letters. */
#define STEM_LETTERS 5
#define LONG_LETTERS 4
/*
 * How much more a common word of the line tells of its language than one of
 * the page, and how many of a page do.
 */
#define LINE_WEIGHT 16
#define MARKS_LEAST 3

struct grounding {
	struct arena *arena;
	struct hash_set set; /* hashes of folded words and stems */
	const char **words;  /* folded, each once */
	size_t nwords, words_cap;
};

static uint64_t
word_hash(const char *s, size_t n)
{
	uint64_t h = HASH_FNV;

	for (size_t i = 0; i < n; i++)
		h = hash_fnv(h, (unsigned char)s[i]);
	return h == 0 ? 1 : h;
}

static void
hash_add(struct grounding *g, uint64_t h)
{
	if (g->set.n < WORDS_MAX)
		hash_set_add(&g->set, h);
}

/* The first letters of a longer word, apart from the whole words. */
static uint64_t
word_stem(const struct word *w)
{
	size_t at = 0, len;

	for (int i = 0; i < STEM_LETTERS && at < w->len; i++) {
		(void)text_decode(w->text + at, w->len - at, &len);
		at += len;
	}
	return ~word_hash(w->text, at);
}

static bool
word_is_known(const struct grounding *g, const struct word *w)
{
	return hash_set_has(&g->set, word_hash(w->text, w->len));
}

/* A word that was not there before, for those that are only alike. */
static void
word_note(struct grounding *g, const struct word *w)
{
	const char **more;

	if (g->nwords == g->words_cap) {
		g->words_cap = g->words_cap == 0 ? 256 : 2 * g->words_cap;
		more = arena_array(g->arena, g->words_cap, sizeof(*more));
		if (g->nwords > 0)
			memcpy(more, g->words, g->nwords * sizeof(*more));
		g->words = more;
	}
	g->words[g->nwords++] = arena_strndup(g->arena, w->text, w->len);
}

void
grounding_add(struct grounding *g, const char *text, size_t n)
{
	struct word w;
	size_t used;

	for (; (used = word_next(text, n, &w)) > 0; text += used, n -= used) {
		if (!word_is_known(g, &w) && g->nwords < WORDS_MAX)
			word_note(g, &w);
		hash_add(g, word_hash(w.text, w.len));
		if (w.letters >= LONG_LETTERS)
			hash_add(g, word_stem(&w));
		/* Also the parts of a joined word: "os.path" has "path". */
		for (char *p = w.text, *q; (q = strpbrk(p, ".-'")) != NULL;
		     p = q + 1) {
			hash_add(g, word_hash(p, (size_t)(q - p)));
			hash_add(g, word_hash(q + 1, strlen(q + 1)));
		}
	}
}

struct grounding *
grounding_new(struct arena *a, const char *text, size_t n)
{
	struct grounding *g = arena_alloc(a, sizeof(*g));

	g->arena = a;
	hash_set_init(&g->set, a, n < 2 * WORDS_MAX ? n : 2 * WORDS_MAX);
	grounding_add(g, text, n);
	return g;
}

/* The word, or each part of "32-bit", stands there. */
static bool
parts_known(const struct grounding *g, const struct word *w)
{
	const char *p = w->text, *end;

	if (word_is_known(g, w))
		return true;
	for (; (end = strchr(p, '-')) != NULL; p = end + 1)
		if (!hash_set_has(&g->set, word_hash(p, (size_t)(end - p))))
			return false;
	return p != w->text && hash_set_has(&g->set, word_hash(p, strlen(p)));
}

/*
 * "of" and "the" tell nothing; a plural of a known word is known, but no
 * other number of it: "iPhone14" is not "iPhone15".
 */
static bool
half_known(const struct grounding *g, const struct word *w)
{
	if (w->number)
		return parts_known(g, w);
	return word_is_known(g, w) || (w->letters >= LONG_LETTERS &&
					  hash_set_has(&g->set, word_stem(w)));
}

/* ---- names ---- */

static bool
word_was_said(const void *ctx, const char *word)
{
	const struct grounding *g = ctx;

	return hash_set_has(&g->set, word_hash(word, strlen(word)));
}

/*
 * The language of the line, as its own words tell it; if they do not and it is
 * in ASCII, that of the page.
 */
static const struct lexicon *
guess_language(struct grounding *g, const char *text)
{
	size_t most = 0, n = strlen(text);
	struct grounding *line = grounding_new(g->arena, text, n);
	const struct lexicon *best = NULL;
	bool ascii = true;

	for (size_t i = 0; i < n; i++)
		ascii = ascii && (unsigned char)text[i] < 0x80;
	for (size_t i = 0; i < lexicon_count(); i++) {
		const struct lexicon *t = lexicon_at(i);
		size_t own = lexicon_marks(t, word_was_said, line);
		size_t page = lexicon_marks(t, word_was_said, g);
		size_t score = own * LINE_WEIGHT + page;

		if (score > most &&
		    (own > 0 || (ascii && page >= MARKS_LEAST))) {
			most = score;
			best = t;
		}
	}
	return best != NULL || ascii ? best : lexicon_unknown();
}

/* Abbreviations with a dot inside that are no names. */
static bool
is_short(const struct word *w)
{
	static const char *const forms[] = {
	    "e.g", "i.e", "a.k.a", "z.b", "d.h", "u.a", "p.ex", "p.ej", "b.v"};

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (strcmp(w->text, forms[i]) == 0)
			return true;
	return false;
}

/* A form of the word stands there. */
static bool
related_known(
    const struct grounding *g, const struct lexicon *t, const char *word)
{
	for (size_t i = 0; i < g->nwords; i++)
		if (lexicon_related(t, word, g->words[i]))
			return true;
	return false;
}

/* Where in a line a word stands. */
struct word_place {
	const struct lexicon *lexicon; /* of the line; NULL: not known */
	bool title;                    /* the line is one */
	bool first;                    /* the word begins a sentence */
	const char *next; /* what follows in small letters, or "" */
};

/* The word, or another form of it, or a word that is no name there. */
static bool
form_known(
    const struct grounding *g, const struct word_place *at, const char *word)
{
	const struct lexicon *t = at->lexicon;

	return word_was_said(g, word) || lexicon_is_mark(t, word) ||
	       (at->first && (lexicon_is_opener(word) ||
				 lexicon_is_verb(t, word, at->next))) ||
	       lexicon_is_common(t, word, at->title) ||
	       related_known(g, t, word);
}

/*
 * So is each part of "Debian-Pakete" and "l'Europe", but for the "l"; and
 * where any word has a capital, one that is no name by its ending, and
 * "Two-year-old".
 */
static bool
name_known(const struct grounding *g, const struct word *w,
    const struct word_place *at)
{
	const struct lexicon *t = at->lexicon;
	char part[WORD_BYTES];
	const char *p = w->text;
	size_t n;

	if (w->number)
		return parts_known(g, w);
	if (is_short(w) || form_known(g, at, w->text))
		return true;
	if (!w->inner && (at->first || lexicon_compounds(t)) &&
	    (lexicon_is_plain(t, w->text) ||
		(at->first && strchr(p, '-') != NULL)))
		return true;
	if (strpbrk(p, "-'") == NULL)
		return false;
	for (; *p != '\0'; p += n + (p[n] != '\0')) {
		n = strcspn(p, "-'");
		memcpy(part, p, n);
		part[n] = '\0';
		if (n > 2 && !form_known(g, at, part))
			return false;
	}
	return true;
}

/*
 * A sentence begins with a capital, whatever the word: in a language whose
 * first words we do not know, only "Gutenberg's" is a name there.  "There's"
 * and what is shorter is none.
 */
static bool
is_owner(const struct word *w)
{
	return w->letters > strlen("There's") && w->len > 2 &&
	       strcmp(w->text + w->len - 2, "'s") == 0;
}

static bool
is_name(const struct word *w, const struct word_place *at)
{
	return w->inner ||
	       (w->capital && (!at->first || lexicon_has_openers(at->lexicon) ||
				  is_owner(w)));
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
check_quote(struct grounding *g, const char *p, size_t n)
{
	struct word w;
	size_t used;

	for (; (used = word_next(p, n, &w)) > 0; p += used, n -= used)
		if (!word_is_known(g, &w))
			return arena_printf(g->arena,
			    "the quoted word \"%s\" is not on the page",
			    w.text);
	return NULL;
}

/* An apostrophe opens a quotation after a space, and closes one before. */
static const char *
check_apostrophes(struct grounding *g, const char *line)
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
closing_mark(const char *from, const char *mark)
{
	size_t len = strlen(mark), one;
	int32_t c = text_decode(mark, len, &one);
	const char *at = strstr(from, mark);

	while (at != NULL && word_joins(at + len, strlen(at + len), c))
		at = strstr(at + len, mark);
	return at;
}

static const char *
check_quotes(struct grounding *g, const char *line)
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
			to = closing_mark(from, marks[i][1]);
			if (to == NULL)
				break;
			why = check_quote(g, from, (size_t)(to - from));
		}
	return why;
}

/* The word in small letters right behind a space at p, n bytes, or "". */
static const char *
following_word(const char *p, size_t n, struct word *w)
{
	return n > 1 && p[0] == ' ' && islower((unsigned char)p[1]) &&
		       word_next(p, n, w) > 0
		   ? w->text
		   : "";
}

/* What of one word does not hold. */
static const char *
check_word(
    struct grounding *g, const struct word *w, const struct word_place *at)
{
	if (w->digit && !parts_known(g, w))
		return arena_printf(
		    g->arena, "the number \"%s\" is not on the page", w->text);
	if (is_name(w, at) && !name_known(g, w, at))
		return arena_printf(
		    g->arena, "the name \"%s\" is not on the page", w->text);
	return NULL;
}

static const char *
line_check(struct grounding *g, const char *line, bool title)
{
	const char *p = line, *why = check_quotes(g, line), *start;
	size_t n = strlen(line), used, longer = 0, found = 0;
	struct word_place at = {
	    .lexicon = guess_language(g, line), .title = title, .first = true};
	bool says = false;
	struct word w, next;

	for (; why == NULL && (used = word_next(p, n, &w)) > 0;
	     p += used, n -= used) {
		if (strspn(w.text, "_") == w.len)
			continue;
		says = true;
		start = p + used - (w.len < used ? w.len : used);
		if (p != line && ends_sentence(p, start))
			at.first = true;
		at.next =
		    w.inner ? "" : following_word(p + used, n - used, &next);
		why = check_word(g, &w, &at);
		at.first = false;
		if (w.letters >= LONG_LETTERS || w.cjk) {
			longer++;
			found +=
			    half_known(g, &w) ||
			    (!w.number && related_known(g, at.lexicon, w.text));
		}
	}
	if (why != NULL)
		return why;
	if (!says)
		return "it has no words";
	return found * 2 < longer ? "most of its words are not on the page"
				  : NULL;
}

const char *
grounding_check(struct grounding *g, const char *line)
{
	return line_check(g, line, false);
}

const char *
grounding_title(struct grounding *g, const char *line)
{
	return line_check(g, line, true);
}

const char *
grounding_whole(struct grounding *g, const char *line)
{
	const char *p = line, *why = grounding_title(g, line);
	size_t n = strlen(line), used;
	const struct lexicon *t = guess_language(g, line);
	struct word w;

	for (; why == NULL && (used = word_next(p, n, &w)) > 0;
	     p += used, n -= used)
		if (!half_known(g, &w) && !lexicon_is_mark(t, w.text))
			why = arena_printf(g->arena,
			    "the word \"%s\" is not on the page", w.text);
	return why;
}

void
grounding_share(struct grounding *both, struct grounding *once,
    const struct grounding *page)
{
	for (size_t i = 0; i < page->nwords; i++) {
		const char *word = page->words[i];

		grounding_add(word_was_said(once, word) ? both : once, word,
		    strlen(word));
	}
}
