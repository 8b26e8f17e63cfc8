#include "worker/site/prose.h"

#include "core/arena.h"
#include "worker/site/text_line.h"
#include "core/wordlist.h"
#include "worker/site/words.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* Less than this says nothing, code points. */
#define LEAST_CHARS 20
/* Names before "- what it is" take no more than this, code points. */
#define NAMES_CHARS 80

/* Notes about the text, not the text. */
bool
prose_aside(const char *s)
{
	s += *s == '(';
	return wordlist_starts(words_aside_starts, s) > 0;
}

bool
prose_junk(const char *s)
{
	return wordlist_within(words_junk_signs, s);
}

bool
prose_leans(const char *s)
{
	if (wordlist_starts(words_leaning_starts, s) > 0 ||
	    wordlist_within(words_code_signs, s))
		return true;
	return *s == '(' || (*s != '\0' && s[strlen(s) - 1] == '?');
}

size_t
prose_words(const char *s)
{
	size_t n = *s != '\0';

	for (; *s != '\0'; s++)
		n += *s == ' ';
	return n;
}

/* Most of the sentence is in a script that puts no spaces between words. */
/* prose_dense: most of s is in a script without spaces between words. */
static bool
prose_dense(const char *s)
{
	return text_line_length(s) * 2 <= strlen(s) && prose_words(s) < 4;
}

/* A stop, before what may close a quotation or a parenthesis. */
bool
prose_ends(const char *s)
{
	size_t n = strlen(s);

	if (n == 0)
		return false;
	while (n > 1 && strchr("\"')", s[n - 1]) != NULL)
		n--;
	return strchr(".!?", s[n - 1]) != NULL ||
	       (unsigned char)s[n - 1] >= 0x80;
}

bool
prose_sentence(const char *s)
{
	if (*s == '\0' || prose_aside(s) || !prose_ends(s))
		return false;
	return prose_dense(s) ||
	       (text_line_length(s) >= LEAST_CHARS && prose_words(s) >= 5);
}

/* without_end: s less the text it ends with, in any case; else s. */
static const char *
without_end(struct arena *a, const char *s, const char *end)
{
	size_t n = strlen(s), len = strlen(end);

	if (n <= len || strcasecmp(s + n - len, end) != 0)
		return s;
	return arena_strndup(a, s, n - len);
}

const char *
prose_tidy(struct arena *a, const char *s)
{
	size_t n;

	s = without_end(a, s, " more...");
	s = without_end(a, s, " more\xe2\x80\xa6");
	s = without_end(a, s, " read more");
	s = without_end(a, s, " learn more");
	s = without_end(a, s, " continue reading");
	s = without_end(a, s, " weiterlesen");
	n = strlen(s);
	if (n == 0 || s[n - 1] != ':')
		return s;
	while (n > 1 && !(strchr(".!?", s[n - 2]) != NULL && s[n - 1] == ' '))
		n--;
	return n > 1 ? arena_strndup(a, s, n - 1) : s;
}

const char *
prose_after_name(const char *s, const char *name)
{
	size_t bare = strcspn(name, "(");
	const char *at = NULL, *rest;
	char names[4 * NAMES_CHARS + 1], own[4 * NAMES_CHARS + 1];
	size_t len = 0;

	for (size_t i = 0; words_tagline_separators[i] != NULL; i++) {
		const char *p = strstr(s, words_tagline_separators[i]);

		if (p != NULL && (at == NULL || p < at)) {
			at = p;
			len = strlen(words_tagline_separators[i]);
		}
	}
	if (at == NULL || bare == 0 || bare >= sizeof(own) ||
	    (size_t)(at - s) >= sizeof(names))
		return NULL;
	memcpy(names, s, (size_t)(at - s));
	names[at - s] = '\0';
	memcpy(own, name, bare);
	own[bare] = '\0';
	rest = at + len;
	if (text_line_length(names) > NAMES_CHARS ||
	    !text_line_contains(names, own) || strpbrk(names, ".!?") != NULL ||
	    prose_words(rest) < 3)
		return NULL;
	return rest;
}

const char *
prose_line(struct arena *a, const char *text, unsigned n)
{
	while (n-- > 0 && text != NULL)
		if ((text = strchr(text, '\n')) != NULL)
			text++;
	if (text == NULL || *text == '\0')
		return NULL;
	return arena_strndup(a, text, strcspn(text, "\n"));
}

bool
prose_says_more(const char *text, const char *name, size_t least)
{
	return *text != '\0' && !text_line_contains(name, text) &&
	       (text_line_length(text) >= least || prose_dense(text));
}

bool
prose_goes_on(struct arena *a, const char *s, const char *name)
{
	size_t n = strcspn(s, " ,:;");

	/* "— a stream", whose name was left out. */
	if (strncmp(s, "\xe2\x80\x93 ", 4) == 0 ||
	    strncmp(s, "\xe2\x80\x94 ", 4) == 0)
		return true;
	if (!islower((unsigned char)*s) || n < 2)
		return false;
	for (size_t i = 1; i < n; i++)
		if (!islower((unsigned char)s[i]) && s[i] != '\'')
			return false;
	return !text_line_contains(name, arena_strndup(a, s, n));
}
