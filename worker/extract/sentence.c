#include "worker/extract/sentence.h"

#include "worker/extract/one_line.h"

#include <string.h>

#define LEAST 60 /* bytes: less is a label, a date or a slogan */
#define MOST 300
#define SHORT 8 /* characters: a short sentence, of which a few say enough */

/* sentence_stop: how many bytes of s[i] end a sentence there; 0 when they do
 * not. */
static size_t
sentence_stop(const char *s, size_t i)
{
	static const char *const wide[] = {
	    "\xe3\x80\x82", "\xef\xbc\x81", "\xef\xbc\x9f"};
	size_t n = 1;

	for (size_t k = 0; k < sizeof(wide) / sizeof(*wide); k++)
		if (strncmp(s + i, wide[k], 3) == 0)
			return 3;
	if (s[i] != '.' && s[i] != '!' && s[i] != '?')
		return 0;
	while (s[i + n] == '"' || s[i + n] == ')' || s[i + n] == '\'')
		n++;
	if (s[i + n] != '\0' && s[i + n] != ' ')
		return 0;
	if (s[i + n] == '\0')
		return n;
	/* "e.g. ", "J. Smith", "(really!) so": a stop, but no end. */
	if (s[i] == '.' && i >= 2 && (s[i - 2] == ' ' || s[i - 2] == '.'))
		return 0;
	return s[i + n + 1] >= 'a' && s[i + n + 1] <= 'z' ? 0 : n;
}

const char *
sentence_cut(struct arena *a, const char *s, size_t max)
{
	size_t end = 0, i, n;

	for (i = 0; s[i] != '\0' && i < max; i++) {
		n = sentence_stop(s, i);
		if (n == 0 || i + n > max)
			continue;
		end = i + n;
		if (end >= LEAST * 2)
			break;
	}
	if (end >= LEAST)
		return arena_strndup(a, s, end);
	if (strlen(s) <= max)
		return s;
	i = max - 3;
	while (i > 0 && s[i] != ' ')
		i--;
	if (i == 0)
		for (i = max - 3;
		     i > 0 && ((unsigned char)s[i] & 0xc0) == 0x80;)
			i--;
	return arena_printf(a, "%.*s\xe2\x80\xa6", (int)i, s);
}

/* is_prose_block: i is a paragraph of running text. */
static bool
is_prose_block(const struct measured_page *p, uint32_t i)
{
	const struct node *n = &p->tree->nodes[i];

	if (n->tag != TAG_P && n->tag != TAG_DIV && n->tag != TAG_DD &&
	    n->tag != TAG_TD && n->tag != TAG_SECTION && n->tag != TAG_ARTICLE)
		return false;
	return p->own[i].chars >= LEAST &&
	       p->own[i].links * 2 < p->own[i].chars &&
	       !(n->mark & MARK_PARENT);
}

static bool
like_sentence(const char *s)
{
	size_t n = strlen(s);

	if (n < LEAST || one_line_count_words(s) < 8)
		return n >= LEAST && (unsigned char)s[0] >= 0xe3;
	for (size_t i = 0; i < n; i++)
		if (sentence_stop(s, i) > 0)
			return true;
	return n > 100;
}

/* is_short_sentence: a short text of its own that ends like a sentence. */
static bool
is_short_sentence(const struct measured_page *p, uint32_t i)
{
	const struct node *n = &p->tree->nodes[i];

	return (n->tag == TAG_P || n->tag == TAG_DIV || n->tag == TAG_SPAN ||
		   n->tag == TAG_LI || n->tag == TAG_H2 || n->tag == TAG_DD) &&
	       !(n->mark & MARK_PARENT) && p->sum[i].chars >= SHORT &&
	       p->sum[i].links * 2 < p->sum[i].chars;
}

/* joined_sentences: the first short sentences together, enough for a
 * description. */
static const char *
joined_sentences(const struct measured_page *p, const struct content *c)
{
	const struct node *nodes = p->tree->nodes;
	const char *s, *all = "";

	for (unsigned k = 0; k < c->n; k++)
		for (uint32_t i = c->roots[k]; i < nodes[c->roots[k]].end;
		     i++) {
			size_t n;

			if (nodes[i].mark & MARK_GONE) {
				i = nodes[i].end - 1;
				continue;
			}
			if (!is_short_sentence(p, i))
				continue;
			s = one_line_of(p->arena, p->tree, i, MARK_GONE, 2000);
			i = nodes[i].end - 1;
			n = strlen(s);
			if (n == 0 ||
			    (sentence_stop(s, n - 1) == 0 &&
				(n < 3 || sentence_stop(s, n - 3) != 3)))
				continue;
			all = arena_printf(p->arena, "%s%s%s", all,
			    all[0] != '\0' ? " " : "", s);
			if (strlen(all) >= LEAST)
				return sentence_cut(p->arena, all, MOST);
		}
	return all;
}

const char *
sentence_first(const struct measured_page *p, const struct content *c)
{
	const struct node *nodes = p->tree->nodes;
	const char *s, *second = "";

	for (unsigned k = 0; k < c->n; k++)
		for (uint32_t i = c->roots[k]; i < nodes[c->roots[k]].end;
		     i++) {
			if (nodes[i].mark & MARK_GONE) {
				i = nodes[i].end - 1;
				continue;
			}
			if (!is_prose_block(p, i))
				continue;
			s = one_line_of(p->arena, p->tree, i, MARK_GONE, 2000);
			if (like_sentence(s))
				return sentence_cut(p->arena, s, MOST);
			if (second[0] == '\0' && strlen(s) >= LEAST)
				second = sentence_cut(p->arena, s, MOST);
			i = nodes[i].end - 1;
		}
	return second[0] != '\0' ? second : joined_sentences(p, c);
}
