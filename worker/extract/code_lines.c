#include "worker/extract/code_lines.h"
#include "worker/extract/word_lists.h"

#include <string.h>
#include <strings.h>

#define LINE_NODES 200  /* nodes of one line */
#define LINE_BYTES 500  /* bytes of one line */
#define LINES_SEEN 60   /* lines that are looked at before deciding */
#define FEW 4           /* lines after which text is given up */
#define AROUND 3        /* ancestors of which the names are asked */
#define NUMBER_NODES 6  /* nodes around one number */
#define NUMBER_DIGITS 6 /* digits of one number */

/* What one line looks like. */
struct line_facts {
	size_t bytes;
	unsigned spaces;  /* before all else */
	char first, last; /* of what is no white space */
	bool indented;    /* by spaces that HTML would not show */
	bool fed;         /* a line feed was seen ... */
	bool feeds;       /* ... and text behind it: no line */
	bool other;       /* holds what no line of code has */
	bool code;        /* all of it is marked as code */
	bool sign;        /* has a sign that prose seldom has */
};

/* What all of them look like. */
struct line_shape {
	unsigned lines, empty;
	unsigned indented; /* so many begin with spaces */
	unsigned coded;    /* marked as code */
	unsigned signs;    /* end or begin as code does */
	unsigned named;    /* are called lines */
	unsigned numbered; /* have a number first, one more than the last */
	unsigned gutters;  /* have a place for a number first */
	unsigned blank;    /* have a first cell with nothing in it */
};

static bool
in_text(char c)
{
	return c != '\0' && strchr(".!?\"')", c) != NULL;
}

/* line_facts_text: the bytes of a text; a no-break space is one. */
static void
line_facts_text(struct line_facts *g, struct slice v)
{
	for (size_t b = 0; b < v.len; b++) {
		char c = v.s[b];

		if (c == '\xc2' && b + 1 < v.len && v.s[b + 1] == '\xa0') {
			g->spaces += g->first == '\0';
			b++;
			continue;
		}
		if (c == '\n' || c == '\r')
			g->fed = true;
		if (c == ' ' || c == '\t') {
			g->spaces += c == '\t' ? 2 : 1;
			continue;
		}
		if ((unsigned char)c < ' ')
			continue;
		g->feeds |= g->fed;
		g->indented |= g->first == '\0' && g->spaces > 1;
		if (g->first == '\0')
			g->first = c;
		g->sign |= c == '{' || c == '}' || c == ';' || c == '=' ||
			   c == '<' || c == '_' || c == '\\' || c == '$';
		g->last = c;
		g->bytes++;
	}
}

static bool
marked_code(enum tag t)
{
	return t == TAG_CODE || t == TAG_PRE || t == TAG_TT || t == TAG_SAMP ||
	       t == TAG_KBD;
}

/* no_line: no line of code holds such an element. */
static bool
no_line(enum tag t)
{
	switch (t) {
	case TAG_H1 ... TAG_H6:
	case TAG_TABLE:
	case TAG_UL:
	case TAG_OL:
	case TAG_DL:
	case TAG_IMG:
	case TAG_P:
	case TAG_INPUT:
	case TAG_BLOCKQUOTE:
	case TAG_FIGURE:
		return true;
	default:
		return false;
	}
}

/* number_at: i holds nothing but a number; -1 when it does not. */
static long
number_at(const struct tree *t, uint32_t i)
{
	long n = 0;
	unsigned digits = 0;

	if (t->nodes[i].tag == TAG_TEXT || t->nodes[i].end > i + NUMBER_NODES)
		return -1;
	for (uint32_t k = i + 1; k < t->nodes[i].end; k++) {
		struct slice v = slice_trim(tree_text(t, k));

		if (t->nodes[k].tag != TAG_TEXT)
			continue;
		for (size_t b = 0; b < v.len; b++) {
			if (v.s[b] < '0' || v.s[b] > '9' ||
			    ++digits > NUMBER_DIGITS)
				return -1;
			n = n * 10 + v.s[b] - '0';
		}
	}
	return digits > 0 ? n : -1;
}

/* number_first: the number that begins line i, and its node; -1 for none. */
static long
number_first(const struct tree *t, uint32_t i, uint32_t *at)
{
	for (uint32_t k = i + 1; k < t->nodes[i].end; k++) {
		long n;

		if (t->nodes[k].tag == TAG_TEXT) {
			if (slice_trim(tree_text(t, k)).len > 0)
				return -1;
			continue;
		}
		n = number_at(t, k);
		if (n >= 0) {
			*at = k;
			return n;
		}
	}
	return -1;
}

/* line_facts_read: line i, from node from on. */
static struct line_facts
line_facts_read(const struct tree *t, uint32_t i, uint32_t from)
{
	struct line_facts g = {.code = marked_code(t->nodes[i].tag)};
	uint32_t code_end = g.code ? t->nodes[i].end : 0;
	bool all = true;

	for (uint32_t k = from; k < t->nodes[i].end; k++) {
		enum tag tag = t->nodes[k].tag;

		if (tag == TAG_TEXT) {
			struct slice v = tree_text(t, k);

			/* Between tags, as the page's source is laid out. */
			if (slice_trim(v).len == 0 &&
			    memchr(v.s, '\n', v.len) != NULL)
				continue;
			line_facts_text(&g, v);
			all &= k < code_end || slice_trim(v).len == 0;
			continue;
		}
		g.other |= no_line(tag);
		if (marked_code(tag) && t->nodes[k].end > code_end)
			code_end = t->nodes[k].end;
	}
	g.code = all && g.bytes > 0;
	g.other |= g.bytes > LINE_BYTES;
	return g;
}

static bool
ends_with(struct slice v, const char *s)
{
	size_t n = strlen(s);

	return v.len >= n && strncasecmp(v.s + v.len - n, s, n) == 0;
}

/* code_lines_named_line: the class of i says that it is a line. */
static bool
code_lines_named_line(const struct tree *t, uint32_t i)
{
	struct slice v = tree_attr(t, i, ATTR_CLASS);
	size_t at = 0;

	while (at < v.len) {
		struct slice w = {v.s + at, 0};

		while (at + w.len < v.len && v.s[at + w.len] != ' ')
			w.len++;
		at += w.len + 1;
		if (ends_with(w, "line") &&
		    (w.len == 4 || w.s[w.len - 5] == '-' ||
			w.s[w.len - 5] == '_'))
			return true;
	}
	if (t->nodes[i].tag != TAG_SPAN)
		return false;
	if (tree_attr(t, i, ATTR_DATA_LINE).s != NULL)
		return true;
	v = tree_attr(t, i, ATTR_STYLE);
	return v.len > 0 &&
	       (memmem(v.s, v.len, "display:block", 13) != NULL ||
		   memmem(v.s, v.len, "display: block", 14) != NULL);
}

static bool
style_has(struct slice v, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; i + n <= v.len; i++)
		if ((v.s[i] | 32) == word[0] &&
		    strncasecmp(v.s + i, word, n) == 0)
			return true;
	return false;
}

/* is_monospaced: its style shows spaces, or letters of one width. */
static bool
is_monospaced(const struct tree *t, uint32_t i)
{
	struct slice v = tree_attr(t, i, ATTR_STYLE);

	if (v.len == 0)
		return false;
	return style_has(v, "monospace") || style_has(v, "white-space:pre") ||
	       style_has(v, "white-space: pre") || style_has(v, "courier") ||
	       style_has(v, "consolas");
}

/* is_set_as_code: i or what is around it is set like code, or called so. */
static bool
is_set_as_code(const struct tree *t, uint32_t i, bool *called)
{
	for (unsigned n = 0; n < AROUND && i != 0; n++) {
		struct slice v = tree_attr(t, i, ATTR_CLASS);

		if (is_monospaced(t, i))
			return true;
		for (size_t k = 0; word_list_code_classes[k] != NULL; k++)
			*called |= style_has(v, word_list_code_classes[k]);
		i = t->nodes[i].parent;
	}
	return false;
}

/* add_line: false when i is no line of code. */
static bool
add_line(
    const struct measured_page *p, uint32_t i, long *last, struct line_shape *s)
{
	const struct tree *t = p->tree;
	uint32_t at = i;
	struct line_facts g;
	long n;

	if (t->nodes[i].end - i > LINE_NODES)
		return false;
	n = number_first(t, i, &at);
	g = line_facts_read(t, i, n >= 0 ? t->nodes[at].end : i + 1);
	if (g.other || g.feeds)
		return false;
	s->lines++;
	s->empty += g.bytes == 0;
	s->named += code_lines_named_line(t, i);
	s->coded += g.code;
	s->indented += g.indented;
	s->signs += g.sign ||
		    (g.bytes > 0 && !in_text(g.last) &&
			strchr(",:(>)", g.last) != NULL) ||
		    (g.first != '\0' && strchr("#/*@-.", g.first) != NULL);
	if (n >= 0 && (*last < 0 || n == *last + 1))
		s->numbered++;
	if (n >= 0)
		*last = n;
	s->gutters +=
	    t->nodes[i].end > i + 1 && (p->words[i + 1] & W_GUTTER) != 0;
	return true;
}

/* is_plain_so_far: several lines in, and nothing yet speaks for code. */
static bool
is_plain_so_far(const struct tree *t, uint32_t i, const struct line_shape *s)
{
	bool called = false;

	return s->lines == FEW && s->named + s->numbered < 2 &&
	       s->gutters + s->indented + s->coded == 0 &&
	       !is_set_as_code(t, i, &called) && !called;
}

/* is_blank_element: neither text nor an image is in i; a style sheet may number
 * it. */
static bool
is_blank_element(const struct tree *t, uint32_t i)
{
	for (uint32_t k = i + 1; k < t->nodes[i].end; k++)
		if (t->nodes[k].tag == TAG_IMG ||
		    (t->nodes[k].tag == TAG_TEXT &&
			slice_trim(tree_text(t, k)).len > 0))
			return false;
	return true;
}

/* add_row: a row of two cells, a number and a line. */
static bool
add_row(
    const struct measured_page *p, uint32_t i, long *last, struct line_shape *s)
{
	const struct node *nodes = p->tree->nodes;
	unsigned cells = 0;

	for (uint32_t k = i + 1; k < nodes[i].end; k = nodes[k].end) {
		if (nodes[k].tag == TAG_TEXT)
			continue;
		if (nodes[k].tag != TAG_TD && nodes[k].tag != TAG_TH)
			return false;
		s->gutters += cells == 0 && (p->words[k] & W_GUTTER);
		s->blank += cells == 0 && is_blank_element(p->tree, k);
		cells++;
	}
	return cells == 2 && add_line(p, i, last, s);
}

/* shape_of_rows: false when the table is none of lines. */
static bool
shape_of_rows(const struct measured_page *p, uint32_t i, struct line_shape *s)
{
	const struct node *nodes = p->tree->nodes;
	long last = -1;

	for (uint32_t k = i + 1; k < nodes[i].end && s->lines < LINES_SEEN;
	     k++) {
		if (nodes[k].tag == TAG_TABLE)
			return false;
		if (nodes[k].tag == TAG_THEAD) {
			k = nodes[k].end - 1;
			continue;
		}
		if (nodes[k].tag != TAG_TR)
			continue;
		if (!add_row(p, k, &last, s) || is_plain_so_far(p->tree, i, s))
			return false;
		k = nodes[k].end - 1;
	}
	return true;
}

/* holds_lines: a fold around lines. */
static bool
holds_lines(const struct tree *t, uint32_t i)
{
	for (uint32_t k = i + 1; k < t->nodes[i].end && k < i + NUMBER_NODES;
	     k++)
		if (t->nodes[k].tag != TAG_TEXT && code_lines_named_line(t, k))
			return true;
	return false;
}

/*
 * beside_lines: among elements that are called lines, one that is none, but
 * has blocks in it: what a pointer shows over a name.
 */
static bool
beside_lines(const struct tree *t, uint32_t i)
{
	return (t->nodes[i].mark & MARK_PARENT) &&
	       !code_lines_named_line(t, i) && !holds_lines(t, i);
}

/* shape_of_children: false when what is in i are no lines. */
static bool
shape_of_children(
    const struct measured_page *p, uint32_t i, struct line_shape *s)
{
	const struct node *nodes = p->tree->nodes;
	enum tag kind = TAG_TEXT;
	long last = -1;

	for (uint32_t k = i + 1; k < nodes[i].end && s->lines < LINES_SEEN;
	     k = nodes[k].end) {
		if (s->named > 0 && beside_lines(p->tree, k))
			continue;
		if (s->named > 0 && !code_lines_named_line(p->tree, k) &&
		    holds_lines(p->tree, k)) {
			s->lines++;
			s->named++;
			continue;
		}
		if (nodes[k].tag == TAG_TEXT) {
			if (slice_trim(tree_text(p->tree, k)).len > 0)
				return false;
			continue;
		}
		if (kind == TAG_TEXT)
			kind = nodes[k].tag;
		if (nodes[k].tag != kind ||
		    (kind != TAG_DIV && kind != TAG_LI && kind != TAG_SPAN &&
			kind != TAG_CODE))
			return false;
		if (!add_line(p, k, &last, s) || is_plain_so_far(p->tree, i, s))
			return false;
	}
	/* Words of a sentence are spans, too. */
	return kind != TAG_SPAN || s->named == s->lines;
}

/* between_breaks: code, a break, code: a line each. */
static bool
between_breaks(const struct measured_page *p, uint32_t i)
{
	const struct node *nodes = p->tree->nodes;
	unsigned breaks = 0, codes = 0;

	for (uint32_t k = i + 1; k < nodes[i].end && codes < LINES_SEEN;
	     k = nodes[k].end) {
		if (nodes[k].tag == TAG_BR)
			breaks++;
		else if (nodes[k].tag == TAG_CODE || nodes[k].tag == TAG_TT)
			codes++;
		else if (nodes[k].tag != TAG_TEXT ||
			 slice_trim(tree_text(p->tree, k)).len > 0)
			return false;
	}
	return breaks > 1 && codes > breaks;
}

bool
code_lines_found(const struct measured_page *p, uint32_t i)
{
	const struct tree *t = p->tree;
	struct line_shape s = {0};
	bool called = false, set, rows = t->nodes[i].tag == TAG_TABLE;

	switch (t->nodes[i].tag) {
	case TAG_TABLE:
	case TAG_DIV:
	case TAG_OL:
	case TAG_FIGURE:
	case TAG_SECTION:
		break;
	case TAG_P:
		return between_breaks(p, i);
	default:
		return false;
	}
	if (!(rows ? shape_of_rows(p, i, &s) : shape_of_children(p, i, &s)) ||
	    s.lines == s.empty)
		return t->nodes[i].tag == TAG_DIV && between_breaks(p, i);
	set = is_set_as_code(t, i, &called);
	s.lines -= s.empty;
	/* A list of commands is a list; people are numbered, too. */
	if (s.numbered > 1 && (s.numbered + s.empty) * 10 >= s.lines * 9)
		return set || called || s.gutters > 0 || s.coded == s.lines ||
		       (s.indented > 0 && s.signs * 2 >= s.lines);
	if (rows && s.blank == s.lines + s.empty && s.coded == s.lines)
		return s.lines > 1;
	if (rows)
		return s.gutters > 1 && (set || called || s.coded == s.lines);
	if (t->nodes[i].tag == TAG_OL)
		return (set || called || s.indented > 0) &&
		       s.signs * 2 >= s.lines;
	if (s.named > 0 && s.named == s.lines + s.empty && (set || called))
		return true;
	if (set && t->nodes[i].tag == TAG_DIV && s.lines > 1)
		return s.signs * 3 >= s.lines;
	return s.lines > 2 && s.indented > 0 && s.signs * 2 >= s.lines;
}

/* count_line_numbers: the numbers that lines begin with, and how many lines
 * there are. */
static unsigned
count_line_numbers(
    const struct tree *t, uint32_t i, uint32_t *list, unsigned *lines)
{
	unsigned n = 0;
	long last = -1, v;
	bool start = true;

	for (uint32_t k = i + 1; k < t->nodes[i].end; k++) {
		const struct node *d = &t->nodes[k];
		struct slice s;

		if (d->mark & MARK_GONE) {
			k = d->end - 1;
			continue;
		}
		if (d->tag != TAG_TEXT) {
			if (!start)
				start = d->tag == TAG_BR ||
					((d->mark & MARK_BLOCK) &&
					    d->tag != TAG_TD) ||
					code_lines_named_line(t, k);
			v = start ? number_at(t, k) : -1;
			if (v < 0)
				continue;
			if (last >= 0 && v != last + 1)
				return 0;
			last = v;
			list[n++] = k;
			++*lines;
			start = false;
			k = d->end - 1;
			/* A line feed may stand behind the number itself. */
			continue;
		}
		s = tree_text(t, k);
		for (size_t b = 0; b < s.len; b++) {
			if (s.s[b] == '\n')
				start = true;
			else if ((unsigned char)s.s[b] > ' ') {
				*lines += start;
				start = false;
			}
		}
	}
	return n;
}

void
code_lines_cut_numbers(struct measured_page *p, uint32_t i)
{
	const struct node *nodes = p->tree->nodes;
	uint32_t *list;
	unsigned n, lines = 0;

	for (uint32_t k = i + 1, named = 0; k < nodes[i].end;
	     k = nodes[k].end) {
		if (nodes[k].tag == TAG_TEXT)
			continue;
		named += code_lines_named_line(p->tree, k);
		if (named > 0 && beside_lines(p->tree, k))
			measure_hide(p, k);
	}
	list = arena_array(p->arena, nodes[i].end - i, sizeof(*list));
	n = count_line_numbers(p->tree, i, list, &lines);
	if (n < 2 || n * 10 < lines * 9)
		return;
	for (unsigned k = 0; k < n; k++)
		measure_hide(p, list[k]);
}

/* is_stacked_by_style: its style sets what is in it one below the other. */
static bool
is_stacked_by_style(const struct tree *t, uint32_t i)
{
	struct slice v = tree_attr(t, i, ATTR_STYLE);

	return v.len > 0 &&
	       (style_has(v, "display:grid") || style_has(v, "display: grid") ||
		   style_has(v, "flex-direction:column") ||
		   style_has(v, "flex-direction: column"));
}

bool
code_lines_lack_feeds(const struct tree *t, uint32_t i)
{
	bool all = is_stacked_by_style(t, i);
	unsigned n = 0;

	for (uint32_t k = i + 1; k < t->nodes[i].end; k = t->nodes[k].end) {
		if (t->nodes[k].tag == TAG_TEXT) {
			struct slice v = tree_text(t, k);

			if (memchr(v.s, '\n', v.len) != NULL ||
			    slice_trim(v).len > 0)
				return false;
			continue;
		}
		if ((!all && !code_lines_named_line(t, k)) || ++n > LINES_SEEN)
			return n > LINES_SEEN;
		for (uint32_t j = k + 1; j < t->nodes[k].end; j++)
			if (t->nodes[j].tag == TAG_BR ||
			    (t->nodes[j].tag == TAG_TEXT &&
				memchr(tree_text(t, j).s, '\n',
				    tree_text(t, j).len) != NULL))
				return false;
	}
	return n > 1;
}

bool
code_lines_inline(const struct tree *t, uint32_t i)
{
	unsigned breaks = 0;
	bool due = false;

	for (uint32_t k = i + 1; k < t->nodes[i].end; k++) {
		if (t->nodes[k].tag == TAG_BR) {
			due = true;
		} else if (due && t->nodes[k].tag == TAG_TEXT &&
			   slice_trim(tree_text(t, k)).len > 0) {
			breaks++;
			due = false;
		}
	}
	/* A signature may be broken once. */
	return breaks > 1 ||
	       (breaks == 1 && t->nodes[t->nodes[i].parent].tag == TAG_P) ||
	       code_lines_lack_feeds(t, i);
}
