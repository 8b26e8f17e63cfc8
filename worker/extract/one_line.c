#include "worker/extract/one_line.h"

#include "core/wordlist.h"
#include "worker/extract/measure.h"
#include "worker/extract/superscript.h"
#include "worker/extract/word_lists.h"

#include <string.h>

#define STARTS_MAX                                                 \
	4000 /* bytes and nodes that one_line_starts_like looks at \
	      */

/* Collapses as it goes. */
struct one_line {
	char *s;
	size_t len;
	size_t max;
	bool gap;
};

static void
line_add(struct one_line *l, struct slice v)
{
	for (size_t i = 0; i < v.len; i++) {
		unsigned char c = (unsigned char)v.s[i];

		/* A no-break space is a space in a line of text. */
		if (c == 0xc2 && i + 1 < v.len &&
		    (unsigned char)v.s[i + 1] == 0xa0) {
			l->gap = true;
			i++;
			continue;
		}
		if (c <= ' ' || c == 127) {
			l->gap = true;
			continue;
		}
		if (l->len + 2 > l->max)
			return;
		if (l->gap && l->len > 0)
			l->s[l->len++] = ' ';
		l->gap = false;
		l->s[l->len++] = (char)c;
	}
}

static void
line_sign(struct one_line *l, const char *sign)
{
	line_add(l, (struct slice){sign, strlen(sign)});
}

/* line_finish: without a character cut in two at the end. */
static const char *
line_finish(struct one_line *l)
{
	size_t n = l->len;

	if (l->len + 2 > l->max) {
		while (n > 0 && ((unsigned char)l->s[n - 1] & 0xc0) == 0x80)
			n--;
		if (n > 0 && ((unsigned char)l->s[n - 1] & 0xc0) == 0xc0)
			l->len = n - 1;
	}
	l->s[l->len] = '\0';
	return l->s;
}

const char *
one_line_of(
    struct arena *a, const struct tree *t, uint32_t i, uint8_t skip, size_t max)
{
	size_t bytes = 0;
	struct one_line l = {.max = max};

	for (uint32_t k = i; k < t->nodes[i].end && bytes < max; k++)
		bytes +=
		    2 + (t->nodes[k].tag == TAG_TEXT ? t->nodes[k].len : 0);
	if (bytes + 4 < max)
		l.max = bytes + 4;
	l.s = arena_alloc(a, l.max + 1);
	for (uint32_t k = i; k < t->nodes[i].end; k++) {
		const struct node *n = &t->nodes[k];

		if ((n->mark & skip) || l.len + 2 > l.max) {
			k = n->end - 1;
			continue;
		}
		if (n->tag == TAG_TEXT) {
			line_add(&l, tree_text(t, k));
			continue;
		}
		if (k != i && (n->tag == TAG_SUP || n->tag == TAG_A) &&
		    superscript_note(t, k)) {
			k = n->end - 1;
			continue;
		}
		if ((n->tag == TAG_SUP || n->tag == TAG_SUB) && l.len > 0 &&
		    !l.gap)
			line_sign(&l, superscript_sign(t, k, l.s[l.len - 1]));
		else if ((n->mark & MARK_BLOCK) || n->tag == TAG_BR)
			l.gap = true;
	}
	return line_finish(&l);
}

const char *
one_line_join(struct arena *a, struct slice v, size_t max)
{
	struct one_line l = {.max = v.len + 4 < max ? v.len + 4 : max};

	l.s = arena_alloc(a, l.max + 1);
	line_add(&l, v);
	return line_finish(&l);
}

static bool
letter_at(struct slice v, size_t i)
{
	return i < v.len && (v.s[i] | 32) >= 'a' && (v.s[i] | 32) <= 'z';
}

/* has_end_tag: "</b" is in it. */
static bool
has_end_tag(struct slice v)
{
	for (size_t i = 0; i + 2 < v.len; i++)
		if (v.s[i] == '<' && v.s[i + 1] == '/' && letter_at(v, i + 2))
			return true;
	return false;
}

/* inside_word: an element that may stand in the middle of a word. */
static bool
inside_word(struct slice name)
{
	return name.len > 0 &&
	       wordlist_has(word_list_inline_tags, name.s, name.len);
}

/* What is longer is no tag, but a sign. */
#define TAG_BYTES 1000

/* tag_at: the bytes of a tag at i, 0 for none; a block's parts words. */
static size_t
tag_at(struct slice v, size_t i, bool *parts)
{
	size_t name = i + 1 + (i + 1 < v.len && v.s[i + 1] == '/'), end = name;
	const char *gt;

	if (v.s[i] != '<' || !letter_at(v, name))
		return 0;
	gt =
	    memchr(v.s + i, '>', v.len - i < TAG_BYTES ? v.len - i : TAG_BYTES);
	if (gt == NULL)
		return 0;
	while (letter_at(v, end))
		end++;
	*parts = !inside_word((struct slice){v.s + name, end - name});
	return (size_t)(gt - (v.s + i)) + 1;
}

const char *
one_line_without_tags(struct arena *a, struct slice v, size_t max)
{
	char *s;
	size_t n = 0;

	if (!has_end_tag(v))
		return one_line_join(a, v, max);
	s = arena_alloc(a, v.len + 1);
	for (size_t i = 0; i < v.len;) {
		bool parts = false;
		size_t skip = tag_at(v, i, &parts);

		if (parts)
			s[n++] = ' ';
		else if (skip == 0)
			s[n++] = v.s[i];
		i += skip > 0 ? skip : 1;
	}
	return one_line_join(a, (struct slice){s, n}, max);
}

unsigned
one_line_count_words(const char *s)
{
	unsigned n = 0;

	for (; *s != '\0'; s++)
		if (*s != ' ' && (s[1] == ' ' || s[1] == '\0'))
			n++;
	return n;
}

static bool
is_letter_byte(char c)
{
	return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') ||
	       (c & 0x80);
}

bool
one_line_is_alike(struct slice a, struct slice b)
{
	size_t i = 0, k = 0;

	for (;;) {
		while (i < a.len && !is_letter_byte(a.s[i]))
			i++;
		while (k < b.len && !is_letter_byte(b.s[k]))
			k++;
		if (i == a.len || k == b.len)
			return i == a.len && k == b.len;
		if ((a.s[i] & 0x80 ? a.s[i] : a.s[i] | 32) !=
		    (b.s[k] & 0x80 ? b.s[k] : b.s[k] | 32))
			return false;
		i++;
		k++;
	}
}

bool
one_line_starts_like(const struct tree *t, uint32_t i, struct slice slug)
{
	size_t at = 0, left = STARTS_MAX;

	for (uint32_t k = i + 1; k < t->nodes[i].end; k++) {
		struct slice v = tree_text(t, k);

		if (left == 0)
			return false;
		left--;
		if (t->nodes[k].tag != TAG_TEXT)
			continue;
		for (size_t j = 0; j < v.len; j++) {
			if (left == 0)
				return false;
			left--;
			if (!is_letter_byte(v.s[j]))
				continue;
			while (at < slug.len && !is_letter_byte(slug.s[at]))
				at++;
			if (at == slug.len)
				return true;
			if ((slug.s[at++] | 32) != (v.s[j] | 32))
				return false;
		}
	}
	while (at < slug.len && !is_letter_byte(slug.s[at]))
		at++;
	return slug.len > 0 && at == slug.len;
}
