#include "worker/extract/name_words.h"

#include "worker/extract/one_line.h"

#include <string.h>

enum name_position { ANY, START, WHOLE };

struct name_pattern {
	const char *s;
	uint8_t len;
	uint8_t where;
	uint32_t words;
};

static const struct name_pattern patterns[] = {
#define X(s, where, words) {s, sizeof(s) - 1, where, words},
#include "worker/extract/name_words.def"
#undef X
};

#define COUNT (sizeof(patterns) / sizeof(patterns[0]))
#define NAME_MAX_BYTES 512 /* of class and id together; more is noise */
#define MEMO 512           /* class values remembered; a power of two */

/* Patterns by their first letter, and the values seen on this page. */
struct name_matcher {
	uint8_t first[27]; /* where a letter's patterns begin in order */
	uint8_t order[COUNT];
	struct {
		struct slice value;
		uint32_t words;
	} memo[MEMO];
};

_Static_assert(COUNT < 255, "patterns fit their index");

static void
matcher_init(struct name_matcher *m)
{
	unsigned n = 0;

	for (unsigned c = 0; c < 26; c++) {
		m->first[c] = (uint8_t)n;
		for (unsigned i = 0; i < COUNT; i++)
			if (patterns[i].s[0] == (char)('a' + c))
				m->order[n++] = (uint8_t)i;
	}
	m->first[26] = (uint8_t)n;
}

static bool
is_ascii_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool
pattern_fits(const struct name_pattern *p, const char *s, size_t len, size_t at)
{
	if (len - at < p->len || memcmp(s + at, p->s, p->len) != 0)
		return false;
	if (p->where != ANY && at > 0 && is_ascii_alnum(s[at - 1]))
		return false;
	return p->where != WHOLE || at + p->len == len ||
	       !is_ascii_alnum(s[at + p->len]);
}

/* matcher_match: the bits of a lower-case name. */
static uint32_t
matcher_match(const struct name_matcher *m, const char *s, size_t len)
{
	uint32_t words = 0;

	for (size_t i = 0; i < len; i++) {
		unsigned c = (unsigned)(s[i] - 'a');

		if (c >= 26)
			continue;
		for (unsigned k = m->first[c]; k < m->first[c + 1]; k++)
			if (pattern_fits(&patterns[m->order[k]], s, len, i))
				words |= patterns[m->order[k]].words;
	}
	return words;
}

/* lower_words: the value in lower case; "sideBar" is "sidebar". */
static size_t
lower_words(char *to, struct slice v)
{
	size_t n = v.len < NAME_MAX_BYTES ? v.len : NAME_MAX_BYTES;

	for (size_t i = 0; i < n; i++)
		to[i] = v.s[i] >= 'A' && v.s[i] <= 'Z' ? v.s[i] | 32 : v.s[i];
	return n;
}

/* value_words: the bits of one attribute value, remembered. */
static uint32_t
value_words(struct name_matcher *m, struct slice v)
{
	char name[NAME_MAX_BYTES];
	unsigned h = (unsigned)v.len;

	if (v.len == 0)
		return 0;
	for (size_t i = 0; i < v.len && i < 64; i++)
		h = h * 33 + (unsigned char)v.s[i];
	h = (h ^ (h >> 11)) & (MEMO - 1);
	if (m->memo[h].value.len == v.len &&
	    memcmp(m->memo[h].value.s, v.s, v.len) == 0)
		return m->memo[h].words;
	m->memo[h].value = v;
	m->memo[h].words = matcher_match(m, name, lower_words(name, v));
	return m->memo[h].words;
}

/*
 * is_heading_slug: the id is what documentation tools make of the heading below
 * it
 * ("Sharing your work", id="sharing-your-work"): it says what the text is
 * about, not what the element is for.
 */
static bool
is_heading_slug(const struct tree *t, uint32_t i)
{
	const struct node *n = &t->nodes[i];

	if (n->tag >= TAG_H1 && n->tag <= TAG_H6)
		return true;
	for (uint32_t k = i + 1; k < n->end && k < i + 4; k++)
		if (t->nodes[k].tag >= TAG_H1 && t->nodes[k].tag <= TAG_H6)
			return n->tag == TAG_SECTION ||
			       slice_has_word(
				   tree_attr(t, i, ATTR_CLASS), "section") ||
			       one_line_starts_like(
				   t, k, tree_attr(t, i, ATTR_ID));
	return false;
}

static uint32_t
own_words(struct name_matcher *m, const struct tree *t, uint32_t i)
{
	uint32_t words = value_words(m, tree_attr(t, i, ATTR_ID));

	if (words != 0 && is_heading_slug(t, i))
		words = 0;
	return words | value_words(m, tree_attr(t, i, ATTR_CLASS));
}

const uint32_t *
name_words_read(struct arena *a, const struct tree *t)
{
	struct name_matcher *m = arena_alloc(a, sizeof(*m));
	uint32_t *words = arena_array(a, t->n, sizeof(*words));

	matcher_init(m);
	for (uint32_t i = 1; i < t->n; i++) {
		words[i] = words[t->nodes[i].parent] & W_REVIEW;
		if (t->nodes[i].nattrs > 0)
			words[i] |= own_words(m, t, i);
		if ((words[i] & W_REVIEW) && (words[i] & W_COMMENT))
			words[i] &= ~(W_COMMENT | W_UNLIKELY | W_BAD);
	}
	return words;
}

int
name_words_weight(uint32_t words)
{
	return (words & W_GOOD ? 25 : 0) - (words & W_BAD ? 25 : 0);
}
