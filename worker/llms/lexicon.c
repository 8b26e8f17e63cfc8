#include "worker/llms/lexicon.h"

#include "core/text.h"

#include <string.h>

/* Letters that two forms of a word have in common, at the least. */
#define STEM_LEAST 3
#define COMPOUND_LEAST 5
/* Names may end like other words, "Samsung"; longer ones seldom do. */
#define PLAIN_LEAST 8
#define VERB_LEAST 5

struct lexicon {
	const char *marks;   /* the commonest words, a space between */
	const char *openers; /* what descriptions begin with; NULL: unknown */
	const char *titles;  /* what titles have anywhere; NULL: unknown */
	const char *forms;   /* endings of openers; NULL: "s" alone */
	const char *verbs;   /* endings of first words that are verbs ... */
	const char *objects; /* ... before one of these; NULL: unknown */
	const char *endings; /* of its forms, beside the English ones */
	const char *plain;   /* endings of long words that are no names */
	bool declines;       /* names have endings */
	bool compounds;
};

static const struct lexicon lexicons[] = {
#include "worker/llms/lexicons.def"
};
/* Of a line that is in none of them and not in ASCII either. */
static const struct lexicon unknown = {
    .marks = "",
    .endings = "",
    .plain = "",
    .declines = true,
};

size_t
lexicon_count(void)
{
	return sizeof(lexicons) / sizeof(lexicons[0]);
}

const struct lexicon *
lexicon_at(size_t i)
{
	return &lexicons[i];
}

const struct lexicon *
lexicon_unknown(void)
{
	return &unknown;
}

/* The next word of a list: its bytes; 0 at the end. */
static size_t
list_next(const char **list)
{
	*list += strspn(*list, " ");
	return strcspn(*list, " ");
}

size_t
lexicon_marks(const struct lexicon *t,
    bool (*said)(const void *ctx, const char *word), const void *ctx)
{
	char word[32];
	size_t found = 0, n;

	for (const char *p = t->marks; (n = list_next(&p)) > 0; p += n) {
		if (n >= sizeof(word))
			continue;
		memcpy(word, p, n);
		word[n] = '\0';
		found += said(ctx, word);
	}
	return found;
}

static bool
list_has(const char *list, const char *word)
{
	size_t len = strlen(word), n;

	for (; (n = list_next(&list)) > 0; list += n)
		if (n == len && memcmp(list, word, n) == 0)
			return true;
	return false;
}

bool
lexicon_is_mark(const struct lexicon *t, const char *word)
{
	return t != NULL && list_has(t->marks, word);
}

bool
lexicon_has_openers(const struct lexicon *t)
{
	return t != NULL && t->openers != NULL;
}

/* A listed word and its plural, whichever of both is listed. */
static bool
is_plural(const char *one, const char *other)
{
	size_t n = strlen(one);

	return n >= STEM_LEAST && strncmp(one, other, n) == 0 &&
	       strcmp(other + n, "s") == 0;
}

/* A form of the opener: "planning" of "plan", "using" of "use", "tries". */
static bool
is_verb_form(const char *forms, const char *one, const char *word)
{
	size_t n = strlen(one);
	char last = n < STEM_LEAST ? '\0' : one[n - 1];
	const char *rest;

	if (last == '\0' || strncmp(one, word, n - 1) != 0)
		return false;
	rest = word + n - 1;
	if (last == 'y' && *rest == 'i')
		return strcmp(rest, "ies") == 0 || strcmp(rest, "ied") == 0;
	if (last == 'e' && *rest == 'i')
		return strcmp(rest, "ing") == 0;
	if (*rest++ != last)
		return false;
	if (strcmp(rest, "d") == 0)
		return last == 'e';
	return list_has(forms, rest) ||
	       (*rest == last && list_has(forms, rest + 1));
}

/* Its own words and their plurals, and the forms of verbs where it has any. */
static bool
word_opens(const struct lexicon *t, const char *word)
{
	char one[32];
	size_t n;

	if (t->openers == NULL)
		return false;
	if (list_has(t->openers, word))
		return true;
	for (const char *p = t->openers; (n = list_next(&p)) > 0; p += n) {
		if (n >= sizeof(one) || *p != *word)
			continue;
		memcpy(one, p, n);
		one[n] = '\0';
		if (is_plural(one, word) || is_plural(word, one) ||
		    (t->forms != NULL && is_verb_form(t->forms, one, word)))
			return true;
	}
	return false;
}

bool
lexicon_is_opener(const char *word)
{
	for (size_t i = 0; i < lexicon_count(); i++)
		if (word_opens(lexicon_at(i), word))
			return true;
	return false;
}

static size_t
count_letters(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += (*s & 0xC0) != 0x80;
	return n;
}

bool
lexicon_is_common(const struct lexicon *t, const char *word, bool title)
{
	if (t == NULL)
		return false;
	if (t->compounds && word_opens(t, word))
		return true;
	return title && t->titles != NULL && list_has(t->titles, word);
}

static bool
ends_as(const char *list, const char *word)
{
	size_t len = strlen(word), n;

	for (; (n = list_next(&list)) > 0; list += n)
		if (n < len && memcmp(word + len - n, list, n) == 0)
			return true;
	return false;
}

bool
lexicon_is_verb(const struct lexicon *t, const char *word, const char *next)
{
	return t != NULL && t->verbs != NULL &&
	       count_letters(word) >= VERB_LEAST && ends_as(t->verbs, word) &&
	       list_has(t->objects, next);
}

bool
lexicon_is_plain(const struct lexicon *t, const char *word)
{
	return t != NULL && count_letters(word) >= PLAIN_LEAST &&
	       ends_as(t->plain, word);
}

bool
lexicon_compounds(const struct lexicon *t)
{
	return t != NULL && t->compounds;
}

/* ---- forms of words ---- */

/* An umlaut is the letter it is made of: "Häuser" is a form of "Haus". */
static int32_t
base_letter(int32_t c)
{
	return c == 0xE4 ? 'a' : c == 0xF6 ? 'o' : c == 0xFC ? 'u' : c;
}

/* common_start: bytes that both begin with; *n letters of the second's. */
static size_t
common_start(const char *one, const char *other, size_t *n, size_t *bytes)
{
	size_t i = 0, j = 0, a, b;

	for (*n = 0; one[i] != '\0' && other[j] != '\0'; ++*n) {
		int32_t c = text_decode(one + i, strlen(one + i), &a);
		int32_t d = text_decode(other + j, strlen(other + j), &b);

		if (c < 0 || base_letter(c) != base_letter(d))
			break;
		i += a;
		j += b;
	}
	*bytes = j;
	return i;
}

/* Endings that make a form of an English word, or of a foreign name. */
static bool
is_ending(const struct lexicon *t, const char *s)
{
	if (t != NULL && list_has(t->endings, s))
		return true;

	return list_has(
	    "s es 's ' ed d ing ings er ers r rs or ors ion ions "
	    "ation ations ment ments able ly al ity ities y ies e is "
	    "n an ns",
	    s);
}

/* "install" and "installing", "configure" and "configuration". */
static bool
is_form(const struct lexicon *t, const char *one, const char *other, char last)
{
	if (*one == '\0')
		return is_ending(t, other) ||
		       (*other == last && is_ending(t, other + 1) &&
			   strchr("ie", other[1]) != NULL);
	/* "apple" and "apply" are two words. */
	if (strcmp(one, "e") == 0 || strcmp(one, "is") == 0)
		return *other != '\0' && strchr("iao", *other) != NULL &&
		       is_ending(t, other);
	if (strcmp(one, "y") == 0)
		return strcmp(other, "ies") == 0;
	return strlen(one) > 1 && strlen(other) > 1 && is_ending(t, one) &&
	       is_ending(t, other);
}

/* One is what the other begins or ends with: a part of a compound. */
static bool
is_part(const char *one, size_t n, const char *other, size_t m)
{
	if (n < COMPOUND_LEAST || n >= m)
		return false;
	return (memcmp(other, one, n) == 0 ||
		   memcmp(other + m - n, one, n) == 0) &&
	       count_letters(one) >= COMPOUND_LEAST;
}

static bool
is_compound(const char *one, const char *other)
{
	size_t n = strlen(one), m = strlen(other);

	return is_part(one, n, other, m) || is_part(other, m, one, n);
}

bool
lexicon_related(const struct lexicon *t, const char *one, const char *other)
{
	size_t n, i, j, a, b;

	if (t != NULL && t->compounds && is_compound(one, other))
		return true;
	/* Most are told apart by their first letter; umlauts are not ASCII. */
	if (*one != *other && ((*one | *other) & 0x80) == 0)
		return false;
	i = common_start(one, other, &n, &j);
	if (n < STEM_LEAST)
		return false;
	one += i;
	other += j;
	if (is_form(t, one, other, one[-1]) || is_form(t, other, one, one[-1]))
		return true;
	if (t == NULL || !t->declines)
		return false;
	a = count_letters(one);
	b = count_letters(other);
	return a <= 3 && b <= 3 && a + b <= (n > STEM_LEAST ? 4 : 2);
}
