#include "worker/extract/refresh.h"

#include "core/text.h"

#include <string.h>
#include <strings.h>

/* ---- <meta http-equiv=refresh> ------------------------------------------- */

static size_t
skip_space(struct slice s, size_t i)
{
	while (i < s.len && text_is_html_space(s.s[i]))
		i++;
	return i;
}

/* take_name: after "url =" at i; at i again where it is not said. */
static size_t
take_name(struct slice s, size_t i)
{
	size_t k;

	if (s.len - i < 3 || strncasecmp(s.s + i, "url", 3) != 0)
		return i;
	k = skip_space(s, i + 3);
	if (k == s.len || s.s[k] != '=')
		return i;
	return skip_space(s, k + 1);
}

bool
refresh_read(struct slice s, int *seconds, struct slice *url)
{
	size_t i = skip_space(s, 0), first = i, end;
	const char *quote;

	*seconds = 0;
	*url = (struct slice){"", 0};
	for (; i < s.len && text_is_digit(s.s[i]); i++)
		if (*seconds < REFRESH_MOST)
			*seconds = *seconds * 10 + (s.s[i] - '0');
	if (i == first && (i == s.len || s.s[i] != '.'))
		return false;
	while (i < s.len && (text_is_digit(s.s[i]) || s.s[i] == '.'))
		i++;
	if (i < s.len && s.s[i] != ';' && s.s[i] != ',' &&
	    !text_is_html_space(s.s[i]))
		return false;
	i = skip_space(s, i);
	if (i < s.len && (s.s[i] == ';' || s.s[i] == ','))
		i = skip_space(s, i + 1);
	i = take_name(s, i);
	end = s.len;
	if (i < s.len && (s.s[i] == '"' || s.s[i] == '\'')) {
		quote = memchr(s.s + i + 1, s.s[i], s.len - i - 1);
		i++;
		if (quote != NULL)
			end = (size_t)(quote - s.s);
	}
	*url = (struct slice){s.s + i, end - i};
	return true;
}

/* ---- scripts ------------------------------------------------------------- */

static bool
is_word(char c)
{
	return text_is_digit(c) || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}

/* skip_word: the place after word at i, and white space; 0: it is not there. */
static size_t
skip_word(struct slice s, size_t i, const char *word)
{
	size_t n = strlen(word);

	if (s.len - i < n || memcmp(s.s + i, word, n) != 0)
		return 0;
	return skip_space(s, i + n);
}

/*
 * take_string: the string at i, with the place behind it; NULL: there is none
 * that is an address as it stands.  Within another string its quotes may have
 * a backslash before them.
 */
static const char *
take_string(struct arena *a, struct slice s, size_t i, size_t *end)
{
	bool escaped = i + 1 < s.len && s.s[i] == '\\';
	char quote, *out;
	size_t n = 0;

	i += escaped;
	if (i == s.len || strchr("\"'`", s.s[i]) == NULL)
		return NULL;
	quote = s.s[i++];
	out = arena_alloc(a, s.len - i + 1);
	for (; i < s.len && s.s[i] != quote; i++) {
		if (s.s[i] == '\n' || s.s[i] == '\0' ||
		    (quote == '`' && s.s[i] == '$'))
			return NULL;
		if (s.s[i] == '\\' && escaped && i + 1 < s.len &&
		    s.s[i + 1] == quote)
			continue;
		if (s.s[i] == '\\' && (++i == s.len || s.s[i] != '/'))
			return NULL;
		out[n++] = s.s[i];
	}
	out[n] = '\0';
	*end = i < s.len ? i + 1 : i;
	return i < s.len && n > 0 ? out : NULL;
}

/* set_from: where the statement after "location" at i sends the reader. */
static const char *
set_from(struct arena *a, struct slice s, size_t i)
{
	static const char *const calls[] = {".replace", ".assign"};
	const char *to;
	size_t k = 0, end;

	for (size_t n = 0; n < sizeof(calls) / sizeof(*calls) && k == 0; n++)
		if ((k = skip_word(s, i, calls[n])) != 0)
			k = skip_word(s, k, "(");
	if (k == 0) {
		k = skip_word(s, i, ".href");
		k = skip_word(s, k == 0 ? i : k, "=");
	}
	if (k == 0 || (to = take_string(a, s, k, &end)) == NULL)
		return NULL;
	/* A string that is only a part of the address says nothing. */
	end = skip_space(s, end);
	if (end < s.len && strchr(";)}\"',<\\/", s.s[end]) == NULL &&
	    !is_word(s.s[end]))
		return NULL;
	return to;
}

/* comment_at: bytes of a comment at i; 0: there is none. */
static size_t
comment_at(struct slice s, size_t i)
{
	const char *end;

	if (s.len - i < 2 || s.s[i] != '/')
		return 0;
	if (s.s[i + 1] == '/')
		end = memchr(s.s + i, '\n', s.len - i);
	else if (s.s[i + 1] == '*')
		end = memmem(s.s + i + 2, s.len - i - 2, "*/", 2);
	else
		return 0;
	if (end == NULL)
		return s.len - i;
	return (size_t)(end - s.s) - i + (s.s[i + 1] == '*' ? 2 : 1);
}

const char *
refresh_script(struct arena *a, struct slice s)
{
	const char *found = "", *to;
	char quote = '\0';
	size_t n, k;

	for (size_t i = 0; i < s.len; i++) {
		if (quote == '\0' && (n = comment_at(s, i)) > 0) {
			i += n - 1;
			continue;
		}
		if (s.s[i] == '\\') {
			i++;
			continue;
		}
		if (quote == s.s[i] || s.s[i] == '\n')
			quote = '\0';
		else if (quote == '\0' && strchr("\"'`", s.s[i]) != NULL &&
			 s.s[i] != '\0')
			quote = s.s[i];
		if (s.s[i] != 'l' || (i > 0 && is_word(s.s[i - 1])))
			continue;
		k = skip_word(s, i, "location");
		if (k > 0 && (to = set_from(a, s, k)) != NULL)
			found = to;
	}
	return found;
}

/* ---- what is there without scripts --------------------------------------- */

/* A page with more words has something to read without its scripts, */
#define BARE_WORDS 15
/* with more links something to follow. */
#define BARE_LINKS 3
/* "Loading, please wait ..." */
#define WAIT_WORDS 5

struct unscripted_facts {
	unsigned words, links;
	bool script;  /* there is one that may write the page */
	bool root;    /* an element with a name and nothing in it */
	bool asks;    /* scripts are asked for in words */
	bool heading; /* it has one */
	bool media;   /* it shows something without words */
};

/* count_words: up to a few; one letter of a script without spaces is one. */
static unsigned
count_words(struct slice v)
{
	bool in_word = false;
	unsigned n = 0;

	for (size_t i = 0; i < v.len && n <= BARE_WORDS; i++) {
		unsigned char c = (unsigned char)v.s[i];
		bool letter = c >= 0x80 || is_word((char)c);

		n += (letter && !in_word) || c >= 0xe3;
		in_word = letter;
	}
	return n;
}

static bool
asks_for_scripts(struct slice v)
{
	static const char word[] = "javascript";

	for (size_t i = 0; i + sizeof(word) - 1 <= v.len; i++)
		if (strncasecmp(v.s + i, word, sizeof(word) - 1) == 0)
			return true;
	return false;
}

/* is_root: <div id="app"></div>, maybe with a comment or a space in it. */
static bool
is_root(const struct tree *t, uint32_t i)
{
	const struct node *n = &t->nodes[i];

	if (n->tag != TAG_DIV && n->tag != TAG_MAIN && n->tag != TAG_OTHER)
		return false;
	/* "<app-root>" may be there without one. */
	if (n->tag == TAG_OTHER ? t->nodes[n->parent].tag != TAG_BODY
				: tree_attr(t, i, ATTR_ID).len == 0)
		return false;
	for (uint32_t k = i + 1; k < n->end; k++)
		if (t->nodes[k].tag != TAG_TEXT ||
		    slice_trim(tree_text(t, k)).len > 0)
			return false;
	return true;
}

static bool
is_code(const struct tree *t, uint32_t i)
{
	struct slice type = tree_attr(t, i, ATTR_TYPE);

	return type.len == 0 || slice_is(type, "module") ||
	       slice_is(type, "text/javascript") ||
	       slice_is(type, "application/javascript");
}

static void
script_redirect(const struct tree *t, uint32_t i, struct unscripted_facts *s)
{
	const struct node *n = &t->nodes[i];

	if (n->tag == TAG_TEXT) {
		struct slice v = tree_text(t, i);

		s->words += count_words(v);
		s->asks |= asks_for_scripts(v);
		return;
	}
	s->links += n->tag == TAG_A && tree_attr(t, i, ATTR_HREF).len > 0;
	s->heading |= n->tag == TAG_H1 || n->tag == TAG_H2;
	s->media |= (tag_kind((enum tag)n->tag) & T_MEDIA) != 0;
	s->root |= is_root(t, i);
}

/* look_past: what is no text to read; false: it is. */
static bool
look_past(const struct tree *t, uint32_t i, struct unscripted_facts *s)
{
	switch (t->nodes[i].tag) {
	case TAG_SCRIPT:
		s->script |= is_code(t, i);
		return true;
	case TAG_NOSCRIPT:
		for (uint32_t k = i + 1; k < t->nodes[i].end; k++)
			if (t->nodes[k].tag == TAG_TEXT)
				s->asks |= asks_for_scripts(tree_text(t, k));
		return true;
	case TAG_STYLE:
	case TAG_TITLE:
	case TAG_TEMPLATE:
		return true;
	default:
		return false;
	}
}

struct unscripted_page
refresh_unscripted(const struct tree *t)
{
	struct unscripted_page out = {0};
	struct unscripted_facts s = {0};

	for (uint32_t i = 1; i < t->n && s.words < BARE_WORDS; i++) {
		if (look_past(t, i, &s))
			i = t->nodes[i].end - 1;
		else
			script_redirect(t, i, &s);
	}
	if (s.words >= BARE_WORDS || s.links >= BARE_LINKS)
		return out;
	out.bare = s.script;
	out.root = s.root;
	out.shell = s.asks ||
		    (s.script && s.words == 0 && (s.root || !s.media)) ||
		    (s.script && s.root && s.words <= WAIT_WORDS && !s.heading);
	return out;
}
