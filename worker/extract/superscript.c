#include "worker/extract/superscript.h"

#include "core/wordlist.h"
#include "core/text.h"
#include "worker/extract/word_lists.h"

#include <string.h>
#include <strings.h>

#define NEAR_NODES 24 /* nodes of a mark */

struct superscript_text
superscript_read(const struct tree *t, uint32_t i)
{
	struct superscript_text m = {.n = 0};

	for (uint32_t k = i + 1; k < t->nodes[i].end; k++) {
		struct slice v = slice_trim(tree_text(t, k));

		if (t->nodes[k].tag != TAG_TEXT || v.len == 0)
			continue;
		if (m.n + v.len > SUPERSCRIPT_MARK_MAX || k > i + NEAR_NODES)
			return (struct superscript_text){.n = 0};
		memcpy(m.s + m.n, v.s, v.len);
		m.n += v.len;
	}
	m.s[m.n] = '\0';
	return m;
}

/* all_in: every text in i stands in a tag element. */
static bool
all_in(const struct tree *t, uint32_t i, enum tag tag)
{
	bool any = false;

	for (uint32_t k = i + 1; k < t->nodes[i].end; k++) {
		if (t->nodes[k].tag == tag) {
			any = true;
			k = t->nodes[k].end - 1;
		} else if (k > i + NEAR_NODES ||
			   (t->nodes[k].tag == TAG_TEXT &&
			       slice_trim(tree_text(t, k)).len > 0)) {
			return false;
		}
	}
	return any;
}

/* is_attached: no space parts i from a word before it. */
static bool
is_attached(const struct tree *t, uint32_t i)
{
	struct slice v = tree_text(t, i - 1);

	return t->nodes[i - 1].tag == TAG_TEXT && v.len > 0 &&
	       (unsigned char)v.s[v.len - 1] > ' ' && v.s[v.len - 1] != '[' &&
	       v.s[v.len - 1] != '(' &&
	       (t->nodes[i - 1].parent == t->nodes[i].parent ||
		   t->nodes[i - 1].parent > t->nodes[i].parent);
}

/* is_note_mark: "1", "[12]", "(3)", "*", but no word. */
static bool
is_note_mark(const struct superscript_text *m)
{
	size_t i = 0, end = m->n, first;

	if (wordlist_has(word_list_note_signs, m->s, strlen(m->s)))
		return true;
	if (end > 2 && (m->s[0] == '[' || m->s[0] == '(')) {
		i++;
		end--;
	}
	first = i;
	while (i < end && text_is_digit(m->s[i]))
		i++;
	return i > first && i == end && i - first < 4;
}

/* raised_link: a <sup> that is a link, at least its first or only word. */
static bool
raised_link(const struct tree *t, uint32_t i)
{
	uint32_t a = tree_find(t, TAG_A, i, t->nodes[i].end);

	return a != 0 && tree_attr(t, a, ATTR_HREF).len > 0;
}

/* called_note: a number whose class says that it is the mark of a note. */
static bool
called_note(const struct tree *t, uint32_t i, const struct superscript_text *m)
{
	struct slice v = tree_attr(t, i, ATTR_CLASS);

	return v.len > 3 && memmem(v.s, v.len, "note", 4) != NULL &&
	       is_note_mark(m);
}

bool
superscript_note(const struct tree *t, uint32_t i)
{
	struct slice href;
	struct superscript_text m;

	if (t->nodes[i].end > i + NEAR_NODES)
		return false;
	if (t->nodes[i].tag == TAG_SUP) {
		m = superscript_read(t, i);
		return m.n > 0 && (m.s[0] == '[' || raised_link(t, i) ||
				      called_note(t, i, &m) ||
				      strncmp(m.s, "\xe2\x80\xa0", 3) == 0);
	}
	if (t->nodes[i].tag != TAG_A)
		return false;
	href = tree_attr(t, i, ATTR_HREF);
	if (href.len < 2)
		return false;
	if (all_in(t, i, TAG_SUP) ||
	    slice_has_word(tree_attr(t, i, ATTR_ROLE), "doc-noteref"))
		return superscript_read(t, i).n > 0;
	if (href.s[0] != '#' || !is_attached(t, i))
		return false;
	m = superscript_read(t, i);
	return m.n > 0 && is_note_mark(&m);
}

/* is_ordinal: what follows a number or stands for the end of a word. */
static bool
is_ordinal(const struct superscript_text *m)
{
	return wordlist_has(word_list_ordinal_ends, m->s, strlen(m->s));
}

/* is_fraction: a raised number before "/" and a lowered one: 3 1/2. */
static bool
is_fraction(const struct tree *t, uint32_t i)
{
	uint32_t next = t->nodes[i].end;
	struct slice v;

	if (next + 1 >= t->n || t->nodes[next].tag != TAG_TEXT)
		return false;
	v = slice_trim(tree_text(t, next));
	return ((v.len == 1 && v.s[0] == '/') ||
		   (v.len == 3 && memcmp(v.s, "\xe2\x81\x84", 3) == 0)) &&
	       t->nodes[t->nodes[next].end].tag == TAG_SUB;
}

/* subscript_text: a <sub> after last. */
static const char *
subscript_text(const struct tree *t, uint32_t i,
    const struct superscript_text *m, char last)
{
	bool number = true, variable;
	uint32_t before = i - 1;

	for (size_t k = 0; k < m->n; k++)
		number &= text_is_digit(m->s[k]);
	/* In italics it is a variable, else a symbol of chemistry. */
	variable =
	    t->nodes[before].tag == TAG_TEXT &&
	    (tree_within(t, before, TAG_I) || tree_within(t, before, TAG_EM) ||
		tree_within(t, before, TAG_VAR)) &&
	    !tree_within(t, i, TAG_I) && !tree_within(t, i, TAG_EM);
	if (text_is_digit(last))
		return "_";
	if (number && (last == ')' || last == ']'))
		return "";
	if (number && text_is_letter(last) && !variable) {
		struct slice v = tree_text(t, before);
		char c = v.len > 1 ? v.s[v.len - 2] : ' ';

		if ((last >= 'A' && last <= 'Z') || (c >= 'A' && c <= 'Z'))
			return "";
	}
	return "_";
}

/* is_variable: what i stands at is one letter. */
static bool
is_variable(const struct tree *t, uint32_t i)
{
	struct slice v = tree_text(t, i - 1);

	return t->nodes[i - 1].tag == TAG_TEXT &&
	       (v.len == 1 || (v.len > 1 && !text_is_letter(v.s[v.len - 2]) &&
				  (unsigned char)v.s[v.len - 2] < 0x80));
}

const char *
superscript_sign(const struct tree *t, uint32_t i, char last)
{
	struct superscript_text m = superscript_read(t, i);
	unsigned char c = (unsigned char)m.s[0];

	if (m.n == 0 || (unsigned char)last <= ' ' ||
	    strchr("/([{,;:", last) != NULL)
		return "";
	if (t->nodes[i].tag == TAG_SUB)
		return subscript_text(t, i, &m, last);
	if (text_is_digit(last) && text_is_digit((char)c) && is_fraction(t, i))
		return " ";
	/* U+2212 is a minus. */
	if (text_is_digit((char)c) || c == '-' || c == '+' ||
	    strncmp(m.s, "\xe2\x88\x92", 3) == 0 ||
	    strncmp(m.s, "\xe2\x80\x93", 3) == 0)
		return "^";
	if (!text_is_letter((char)c) || is_ordinal(&m))
		return "";
	/* x to the n, e to the ix; but no "TM" or "Mme". */
	return m.n == 1 || text_is_digit(last) || last == ')' ||
		       superscript_wide(t, i) ||
		       (last >= 'a' && last <= 'z' && is_variable(t, i))
		   ? "^"
		   : "";
}

bool
superscript_wide(const struct tree *t, uint32_t i)
{
	struct superscript_text m = superscript_read(t, i);
	bool sign = false;

	for (size_t k = 1; k < m.n; k++)
		sign |= strchr("+*/=", m.s[k]) != NULL || m.s[k] == '-' ||
			memcmp(m.s + k, "\xe2\x88\x92", 3) == 0;
	/* Ca^2+ is one charge. */
	if (sign && m.n > 1 && (m.s[m.n - 1] == '+' || m.s[m.n - 1] == '-') &&
	    text_is_digit(m.s[0]))
		return false;
	return sign;
}
