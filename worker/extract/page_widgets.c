/*
 * page_widgets: what a page has around its text whatever its names: the way
 * to it ("Home > Guides > Kites"), its contents, and what one may do with it.
 */
#include "core/wordlist.h"
#include "worker/extract/main_content.h"
#include "worker/extract/word_lists.h"

#include <string.h>
#include <strings.h>

#define LINE_MAX_CHARS 160 /* a line of links that shows the way is short */
#define BEFORE 50     /* nodes before or after a heading that are looked at */
#define PHRASE_MAX 48 /* bytes of the longest phrase, and some */

enum phrase_position { IS, BEGINS, LEADS };

static const struct {
	const char *words; /* lower case, letters and digits, single spaces */
	enum phrase_position how;
} phrases[] = {
#define X(words, how) {words, how},
#include "worker/extract/phrases.def"

#undef X
};

/*
 * normalized_text: the letters and digits in i, lower case, other runs a space;
 * false when they are more than fit.
 */
static bool
normalized_text(const struct tree *t, uint32_t i, char *to, size_t max)
{
	size_t n = 0;
	bool gap = false;

	for (uint32_t k = i + 1; k < t->nodes[i].end; k++) {
		struct slice v = tree_text(t, k);

		if (t->nodes[k].mark & MARK_GONE) {
			k = t->nodes[k].end - 1;
			continue;
		}
		if (t->nodes[k].tag != TAG_TEXT)
			continue;
		for (size_t b = 0; b < v.len; b++) {
			unsigned char c = (unsigned char)v.s[b];

			if (c >= 'A' && c <= 'Z')
				c |= 32;
			if (c < 0x80 && !(c >= 'a' && c <= 'z') &&
			    !(c >= '0' && c <= '9')) {
				gap = n > 0;
				continue;
			}
			if (n + 3 > max)
				return false;
			if (gap)
				to[n++] = ' ';
			gap = false;
			to[n++] = (char)c;
		}
	}
	to[n] = '\0';
	return n > 0;
}

/* is_sentence: without a link, and ends in a full stop, but not in three. */
static bool
is_sentence(const struct measured_page *p, uint32_t i)
{
	const struct tree *t = p->tree;

	if (p->sum[i].links > 0)
		return false;
	for (uint32_t k = t->nodes[i].end; k-- > i + 1;) {
		struct slice v = slice_trim(tree_text(t, k));

		if (t->nodes[k].tag == TAG_TEXT && v.len > 0)
			return v.s[v.len - 1] == '.' &&
			       (v.len == 1 || v.s[v.len - 2] != '.');
	}
	return false;
}

/* is_stock_phrase: one of the phrases, or begins like one; leads: of those that
 * lead. */
static bool
is_stock_phrase(const struct measured_page *p, uint32_t i, bool leads)
{
	char s[PHRASE_MAX];

	if (p->sum[i].chars < 4 || p->sum[i].chars >= PHRASE_MAX ||
	    !normalized_text(p->tree, i, s, sizeof(s)))
		return false;
	for (size_t k = 0; k < sizeof(phrases) / sizeof(*phrases); k++) {
		size_t n;

		if (phrases[k].words[0] != s[0] ||
		    leads != (phrases[k].how == LEADS))
			continue;
		n = strlen(phrases[k].words);
		if (strncmp(s, phrases[k].words, n) == 0 &&
		    (s[n] == '\0' || (s[n] == ' ' && phrases[k].how != IS &&
					 !is_sentence(p, i))))
			return true;
	}
	return false;
}

/* has_word: v has letters or digits. */
static bool
has_word(struct slice v)
{
	for (size_t b = 0; b < v.len; b++) {
		unsigned char c = (unsigned char)v.s[b];

		/* From 0xc2 and 0xe2 come signs, dashes and arrows. */
		if ((c >= '0' && c <= '9') || (c >= 0xc3 && c != 0xe2) ||
		    ((c | 32) >= 'a' && (c | 32) <= 'z'))
			return true;
	}
	return false;
}

/* has_word_in: k is a text in up that has letters or digits. */
static bool
has_word_in(const struct tree *t, uint32_t k, uint32_t up)
{
	if (k >= t->nodes[up].end || t->nodes[k].tag != TAG_TEXT ||
	    t->nodes[k].parent != up)
		return false;
	return has_word(tree_text(t, k));
}

/* is_beside_words: words stand right beside i: "Click <b>Reply</b> to answer".
 */
static bool
is_beside_words(const struct tree *t, uint32_t i)
{
	uint32_t up = t->nodes[i].parent;

	return has_word_in(t, i - 1, up) || has_word_in(t, t->nodes[i].end, up);
}

/*
 * stands_alone: a link or a box that is no part of a sentence.  An item of a
 * list is one of several words, unless it is a link.
 */
static bool
stands_alone(const struct measured_page *p, uint32_t i)
{
	const struct node *nodes = p->tree->nodes;
	const struct block_own *around = &p->own[p->block[i]];
	uint32_t up = i;

	while (!(nodes[up].mark & MARK_BLOCK) && nodes[up].tag != TAG_A) {
		if (is_beside_words(p->tree, up))
			return false;
		if (p->sum[nodes[up].parent].chars != p->sum[i].chars)
			break;
		up = nodes[up].parent;
	}
	if (nodes[up].tag == TAG_LI || nodes[up].tag == TAG_DD)
		return p->sum[up].links > 0;
	if (nodes[i].mark & MARK_BLOCK)
		return true;
	return around->chars < BLOCK_SENTENCE_CHARS ||
	       around->links * 10 >= around->chars * 9;
}

/* is_source_link: rustdoc and its like link each name to the code that defines
 * it. */
static bool
is_source_link(const struct measured_page *p, uint32_t i)
{
	struct slice href = tree_attr(p->tree, i, ATTR_HREF);
	char s[8];

	return p->tree->nodes[i].tag == TAG_A && href.len > 0 &&
	       href.s[0] != '#' && p->sum[i].chars < 9 &&
	       !tree_within(p->tree, i, TAG_LI) &&
	       normalized_text(p->tree, i, s, sizeof(s)) &&
	       (strcmp(s, "source") == 0 || strcmp(s, "src") == 0) &&
	       stands_alone(p, i);
}

/* is_step_separator: v begins with a sign that stands between the steps of a
 * way. */
static bool
is_step_separator(struct slice v)
{
	return v.len > 0 && wordlist_begins(word_list_step_signs, v.s, v.len);
}

/* is_breadcrumb_lead: "You are here:", before the first step. */
static bool
is_breadcrumb_lead(struct slice v)
{
	return v.len >= 12 && strncasecmp(v.s, "you are here", 12) == 0;
}

/* is_breadcrumb_step: the link leads to a page. */
static bool
is_breadcrumb_step(const struct tree *t, uint32_t i)
{
	struct slice href = tree_attr(t, i, ATTR_HREF);

	return (href.len < 4 || strncasecmp(href.s, "tel:", 4) != 0) &&
	       (href.len < 7 || strncasecmp(href.s, "mailto:", 7) != 0);
}

/*
 * is_breadcrumb: links with such signs between them, and no other words but the
 * last step's, which may be none.
 */
static bool
is_breadcrumb(const struct measured_page *p, uint32_t i)
{
	const struct tree *t = p->tree;
	unsigned links = 0, signs = 0, last = 0;

	if (p->sum[i].links == 0 || p->sum[i].chars > LINE_MAX_CHARS ||
	    p->sum[i].heads > 0 ||
	    (t->nodes[i].mark & (MARK_TABLE | MARK_CODE)))
		return false;
	for (uint32_t k = i + 1; k < t->nodes[i].end; k++) {
		struct slice v;

		if (t->nodes[k].mark & MARK_GONE || t->nodes[k].tag == TAG_A) {
			if (t->nodes[k].tag == TAG_A &&
			    (last > 0 || !is_breadcrumb_step(t, k)))
				return false;
			links += t->nodes[k].tag == TAG_A;
			k = t->nodes[k].end - 1;
			continue;
		}
		if (t->nodes[k].tag != TAG_TEXT)
			continue;
		v = slice_trim(tree_text(t, k));
		signs += is_step_separator(v);
		if (has_word(v) && (links > 0 || !is_breadcrumb_lead(v)))
			last++;
	}
	return links > 0 && signs > 0 && signs + 1 >= links && last <= 1;
}

/* named_way: it says so itself. */
static bool
named_way(const struct measured_page *p, uint32_t i)
{
	struct slice label = tree_attr(p->tree, i, ATTR_ARIA_LABEL);
	struct slice type = tree_attr(p->tree, i, ATTR_ITEMTYPE);

	if (p->sum[i].chars > 2 * LINE_MAX_CHARS)
		return false;
	return slice_is(label, "breadcrumb") ||
	       slice_is(label, "breadcrumbs") ||
	       (type.len > 14 &&
		   memcmp(type.s + type.len - 14, "BreadcrumbList", 14) == 0);
}

/* is_contents_list: nothing but links to places on this page. */
static bool
is_contents_list(const struct measured_page *p, uint32_t i)
{
	const struct tree *t = p->tree;
	unsigned links = 0;

	if (p->sum[i].links == 0 ||
	    p->sum[i].links * 10 < p->sum[i].chars * 9 ||
	    (t->nodes[i].mark & (MARK_TABLE | MARK_CODE)))
		return false;
	for (uint32_t k = i + 1; k < t->nodes[i].end; k++) {
		struct slice v;

		if (t->nodes[k].tag != TAG_A || (t->nodes[k].mark & MARK_GONE))
			continue;
		v = tree_attr(t, k, ATTR_HREF);
		if (v.len == 0 || v.s[0] != '#')
			return false;
		links++;
	}
	return links > 2;
}

/* line_of_links: a kind of element in which the above stand. */
static bool
line_of_links(const struct measured_page *p, uint32_t i)
{
	const struct node *n = &p->tree->nodes[i];

	switch (n->tag) {
	case TAG_UL:
	case TAG_OL:
		return true;
	case TAG_P:
	case TAG_DIV:
	case TAG_SPAN:
	case TAG_FONT:
	case TAG_CENTER:
		return !(n->mark & MARK_PARENT);
	default:
		return false;
	}
}

static bool
is_heading(const struct node *n)
{
	return n->tag >= TAG_H1 && n->tag <= TAG_H6;
}

/*
 * of_text: a heading that stands above running text or code, which may be
 * about replies, contents or sharing.
 */
static bool
of_text(const struct measured_page *p, uint32_t i)
{
	const struct node *nodes = p->tree->nodes;
	uint32_t k = nodes[i].end, end = nodes[nodes[i].parent].end;
	const struct measure *m;

	if (!is_heading(&nodes[i]))
		return false;
	for (unsigned n = 0; k < end && n < BEFORE; n++, k = nodes[k].end) {
		m = &p->sum[k];
		if (!(nodes[k].mark & MARK_GONE) && m->chars > 0)
			return m->talk + m->data > 0 &&
			       m->links * 2 <= m->chars;
	}
	return false;
}

static bool
is_page_widget(const struct measured_page *p, uint32_t i)
{
	const struct node *n = &p->tree->nodes[i];

	if (n->mark & MARK_CODE || p->sum[i].chars == 0)
		return false;
	if (n->nattrs > 0 && (n->mark & MARK_BLOCK) && named_way(p, i))
		return true;
	if (line_of_links(p, i) &&
	    (is_breadcrumb(p, i) || is_contents_list(p, i)))
		return true;
	if (n->tag == TAG_TD || n->tag == TAG_TH || n->tag == TAG_DT ||
	    of_text(p, i))
		return false;
	return (stands_alone(p, i) && is_stock_phrase(p, i, false)) ||
	       is_source_link(p, i);
}

/* is_first_in_parent: nothing to read stands before i in its parent. */
static bool
is_first_in_parent(const struct measured_page *p, uint32_t i)
{
	const struct tree *t = p->tree;
	unsigned n = 0;

	for (uint32_t k = t->nodes[i].parent + 1; k < i; k = t->nodes[k].end)
		if (++n > BEFORE ||
		    (!(t->nodes[k].mark & MARK_GONE) && p->sum[k].chars > 0))
			return false;
	return true;
}

static unsigned
links_in(const struct measured_page *p, uint32_t from, uint32_t to)
{
	const struct node *nodes = p->tree->nodes;
	unsigned n = 0;

	for (uint32_t k = from; k < to; k++)
		n += nodes[k].tag == TAG_A && !(nodes[k].mark & MARK_GONE);
	return n;
}

/* is_prose_paragraph: a paragraph, which no card is. */
static bool
is_prose_paragraph(const struct measured_page *p, uint32_t k)
{
	const struct measure *m = &p->sum[k];
	enum tag tag = p->tree->nodes[k].tag;

	return (tag == TAG_P || tag == TAG_TEXT || tag == TAG_BLOCKQUOTE ||
		   tag == TAG_PRE) &&
	       !(p->tree->nodes[k].mark & MARK_GONE) && m->talk + m->data > 0 &&
	       m->links * 2 <= m->chars;
}

/* end_of_cards: where what stands below heading i ends: a heading, prose. */
static uint32_t
end_of_cards(const struct measured_page *p, uint32_t i)
{
	const struct node *nodes = p->tree->nodes;
	uint32_t k = nodes[i].end, end = nodes[nodes[i].parent].end;

	while (k < end && !is_prose_paragraph(p, k) &&
	       !(is_heading(&nodes[k]) && nodes[k].tag <= nodes[i].tag))
		k = nodes[k].end;
	return k;
}

/*
 * cut_links_elsewhere: heading i stands above links to other pages ("You may
 * also like"): all up to the next heading like it or to text, or its whole box.
 */
static void
cut_links_elsewhere(struct measured_page *p, uint32_t i)
{
	const struct node *nodes = p->tree->nodes;
	uint32_t box = i, end = end_of_cards(p, i);

	if (links_in(p, i, end) < 2)
		return;
	/* The box that begins with it, but never the page's own text. */
	while (is_first_in_parent(p, box)) {
		uint32_t up = nodes[box].parent;

		if (up == 0 || up == p->body || up == p->main ||
		    (p->h1 > up && p->h1 < nodes[up].end) ||
		    nodes[up].tag == TAG_ARTICLE)
			break;
		box = up;
	}
	if (box != i && end == nodes[nodes[i].parent].end) {
		measure_cut(p, box);
		return;
	}
	for (uint32_t k = i; k < end; k = nodes[k].end)
		measure_cut(p, k);
}

void
page_widgets_cut(struct measured_page *p)
{
	const struct node *nodes = p->tree->nodes;

	for (uint32_t i = 1; i < p->tree->n; i++) {
		if (nodes[i].mark & MARK_GONE) {
			i = nodes[i].end - 1;
			continue;
		}
		if (is_heading(&nodes[i]) && is_stock_phrase(p, i, true))
			cut_links_elsewhere(p, i);
		if (nodes[i].tag != TAG_TEXT && nodes[i].tag != TAG_H1 &&
		    is_page_widget(p, i)) {
			measure_cut(p, i);
			i = nodes[i].end - 1;
		}
	}
}
