/* hidden: what no reader sees, and marks that are not text. */
#include "core/wordlist.h"
#include "worker/extract/code_lines.h"
#include "worker/extract/content.h"
#include "worker/extract/math.h"
#include "worker/extract/tabs.h"
#include "worker/extract/word_lists.h"

#include <string.h>
#include <strings.h>

#define PANELS 64 /* more of them are not looked for */
#define BARE 300  /* characters: a page of fewer shows nothing yet */

/* value_has: the value holds word, in any case, spaces left out ("display:
 * none"). */
static bool
value_has(struct slice v, const char *word)
{
	size_t n = 0, len = strlen(word);

	for (size_t i = 0; i < v.len; i++) {
		if (v.s[i] == ' ')
			continue;
		if ((v.s[i] | 32) == (word[n] | 32)) {
			if (++n == len)
				return true;
		} else {
			n = (v.s[i] | 32) == (word[0] | 32);
		}
	}
	return false;
}

static bool
is_invisible(const struct measured_page *p, uint32_t i)
{
	const struct tree *t = p->tree;
	struct slice v = tree_attr(t, i, ATTR_STYLE);

	/* The whole page is hidden until its style sheet or a script comes. */
	if (t->nodes[i].tag == TAG_BODY || t->nodes[i].tag == TAG_HTML)
		return false;
	if (v.len > 0 &&
	    (value_has(v, "display:none") || value_has(v, "visibility:hidden")))
		return true;
	/* "until-found" opens by itself when somebody searches. */
	v = tree_attr(t, i, ATTR_HIDDEN);
	if (v.s != NULL && !slice_is(v, "until-found"))
		return true;
	if (slice_is(tree_attr(t, i, ATTR_ARIA_MODAL), "true"))
		return true;
	return false;
}

/*
 * What buttons of the page open, by id: a panel behind a tab or a question is
 * hidden, but is read.
 */
struct open_panels {
	struct slice ids[PANELS];
	unsigned n;
	bool tex; /* scripts of TeX are on the page */
};

/* is_side_part: in a part of the page that is not its text. */
static bool
is_side_part(const struct measured_page *p, uint32_t i)
{
	for (; i != 0; i = p->tree->nodes[i].parent)
		if (p->tree->nodes[i].tag == TAG_NAV ||
		    p->tree->nodes[i].tag == TAG_HEADER ||
		    p->tree->nodes[i].tag == TAG_FOOTER ||
		    (p->words[i] & (W_NAV | W_HEADER)))
			return true;
	return false;
}

static void
find_panels(const struct measured_page *p, struct open_panels *panels)
{
	const struct tree *t = p->tree;

	panels->n = 0;
	panels->tex = false;
	for (uint32_t i = 1; i < t->n && !panels->tex; i++)
		panels->tex =
		    t->nodes[i].tag == TAG_SCRIPT && math_script(t, i);
	for (uint32_t i = 1; i < t->n && panels->n < PANELS; i++) {
		struct slice v;

		if (t->nodes[i].tag == TAG_TEXT || t->nodes[i].nattrs == 0)
			continue;
		v = tree_attr(t, i, ATTR_ARIA_CONTROLS);
		if (v.len > 0 && !is_side_part(p, i))
			panels->ids[panels->n++] = v;
	}
}

/* mostly_links: what a menu is. */
static bool
mostly_links(const struct measured_page *p, uint32_t i)
{
	const struct node *nodes = p->tree->nodes;
	uint32_t all = 0, links = 0, link_end = 0;

	for (uint32_t k = i + 1; k < nodes[i].end; k++) {
		if (nodes[k].tag == TAG_A && nodes[k].end > link_end)
			link_end = nodes[k].end;
		all += p->size[k].chars;
		links += k < link_end ? p->size[k].chars : 0;
	}
	return links * 2 >= all;
}

/* is_closed_panel: hidden until somebody opens it; what is behind a button is
 * text. */
static bool
is_closed_panel(
    const struct measured_page *p, const struct open_panels *panels, uint32_t i)
{
	const struct tree *t = p->tree;
	struct slice role = tree_attr(t, i, ATTR_ROLE);
	struct slice id = tree_attr(t, i, ATTR_ID);
	bool opens = slice_is(role, "tabpanel") ||
		     (p->label != NULL && p->label[i] != NULL);

	for (unsigned k = 0; k < panels->n && !opens; k++)
		opens = id.len > 0 && id.len == panels->ids[k].len &&
			memcmp(id.s, panels->ids[k].s, id.len) == 0;
	if (!opens || t->nodes[i].tag == TAG_NAV ||
	    t->nodes[i].tag == TAG_FORM || t->nodes[i].tag == TAG_DIALOG)
		return false;
	if (role.len > 0 && !slice_is(role, "tabpanel") &&
	    !slice_is(role, "region"))
		return false;
	if (p->words[i] & (W_NAV | W_COOKIE | W_SHARE | W_UNLIKELY))
		return false;
	return !mostly_links(p, i);
}

/* names_itself: "Permalink", "Link to this heading", "Anchor". */
static bool
names_itself(struct slice v)
{
	return v.len == 0 ||
	       wordlist_begins(word_list_permalink_starts, v.s, v.len);
}

/* is_only_digits: nothing but digits in i; lines are counted by them. */
static bool
is_only_digits(const struct tree *t, uint32_t i)
{
	for (uint32_t k = i + 1; k < t->nodes[i].end; k++) {
		struct slice v = tree_text(t, k);

		if (t->nodes[k].tag != TAG_TEXT)
			continue;
		for (size_t n = 0; n < v.len; n++)
			if ((unsigned char)v.s[n] > ' ' &&
			    (v.s[n] < '0' || v.s[n] > '9'))
				return false;
	}
	return true;
}

/* is_line_number_column: the numbers of the lines of code beside it. */
static bool
is_line_number_column(const struct measured_page *p, uint32_t i)
{
	const struct tree *t = p->tree;
	uint32_t next = t->nodes[i].end, up = t->nodes[i].parent;

	if (p->words[i] & W_GUTTER)
		return is_only_digits(t, i);
	if (t->nodes[i].tag != TAG_TD)
		return false;
	while (next < t->nodes[up].end && t->nodes[next].tag == TAG_TEXT)
		next++;
	return next < t->nodes[up].end &&
	       tree_find(t, TAG_PRE, next, t->nodes[next].end) != 0 &&
	       tree_find(t, TAG_PRE, i, t->nodes[i].end) != 0 &&
	       is_only_digits(t, i);
}

/* only_text: the one text in i that is not white space; empty for several. */
static struct slice
only_text(const struct tree *t, uint32_t i)
{
	struct slice only = {NULL, 0}, v;

	for (uint32_t k = i + 1; k < t->nodes[i].end; k++) {
		if (t->nodes[k].tag != TAG_TEXT)
			continue;
		v = slice_trim(tree_text(t, k));
		if (v.len > 0 && only.len > 0)
			return (struct slice){NULL, 0};
		if (v.len > 0)
			only = v;
	}
	return only;
}

/* is_anchor_sign: a mark that stands for "here" or, after a footnote, "back".
 */
static bool
is_anchor_sign(struct slice v)
{
	/* Doxygen puts a no-break space after it. */
	if (v.len > 2 && memcmp(v.s + v.len - 2, "\xc2\xa0", 2) == 0)
		v.len -= 2;
	return v.len > 0 && wordlist_has(word_list_anchor_signs, v.s, v.len);
}

/* is_permalink: a link that only marks the place it stands in. */
static bool
is_permalink(const struct measured_page *p, uint32_t i)
{
	const struct tree *t = p->tree;
	const struct node *n = &t->nodes[i];
	struct slice v;
	bool here;

	if (n->tag != TAG_A)
		return false;
	v = tree_attr(t, i, ATTR_HREF);
	if (v.len == 0 || memchr(v.s, '#', v.len) == NULL)
		return false;
	here = v.s[0] == '#';
	v = only_text(t, i);
	return (v.len > 0 && is_anchor_sign(v)) ||
	       (here && (p->words[i] & W_PERMALINK) && n->end <= i + 2 &&
		   names_itself(v));
}

/* A screen reader's text repeats or explains what is seen. */
static bool
for_reader(const struct measured_page *p, uint32_t i)
{
	return (p->words[i] & W_READER) && !(p->words[i] & W_MAYBE);
}

/* code_label: the name of a code's language, shown in its corner. */
static bool
code_label(const struct measured_page *p, uint32_t i)
{
	return p->tree->nodes[i].tag == TAG_SPAN && (p->words[i] & W_ONLY) &&
	       slice_is(tree_attr(p->tree, i, ATTR_CLASS), "lang");
}

static bool
is_hidden(
    const struct measured_page *p, const struct open_panels *panels, uint32_t i)
{
	const struct node *n = &p->tree->nodes[i];

	if (tag_kind(n->tag) & T_SKIP) {
		if (n->tag == TAG_SCRIPT && math_script(p->tree, i))
			return false;
		/* A declarative shadow root is what is shown. */
		return n->tag != TAG_TEMPLATE ||
		       tree_attr(p->tree, i, ATTR_SHADOWROOTMODE).s == NULL;
	}
	if (n->tag == TAG_HEAD || n->tag == TAG_DIALOG)
		return true;
	if (n->tag == TAG_TD && is_line_number_column(p, i))
		return true;
	if (n->nattrs == 0)
		return false;
	return is_line_number_column(p, i) || code_label(p, i) ||
	       (panels->tex && math_repeats_script(p->tree, i)) ||
	       (is_invisible(p, i) && !is_closed_panel(p, panels, i) &&
		   !math_only_text(p->tree, i)) ||
	       is_permalink(p, i) || for_reader(p, i) ||
	       (p->words[i] & (W_MARK | W_COOKIE)) == W_MARK;
}

/*
 * aria_hidden: left out for screen readers.  Sites do that to the whole page
 * while a dialog is open, so only a small part is believed.
 */
static bool
aria_hidden(const struct measured_page *p, uint32_t i)
{
	const struct node *n = &p->tree->nodes[i];

	if (!slice_is(tree_attr(p->tree, i, ATTR_ARIA_HIDDEN), "true"))
		return false;
	if (math_stands_beside(p->tree, i))
		return true;
	return (uint64_t)(n->end - i) * 4 < p->tree->n &&
	       !math_only_text(p->tree, i) &&
	       !slice_has_word(
		   tree_attr(p->tree, i, ATTR_CLASS), "fallback-image");
}

/* hide_in: all in [from, to) that no reader sees, but not the one at but. */
static void
hide_in(struct measured_page *p, const struct open_panels *panels,
    uint32_t from, uint32_t to, uint32_t but)
{
	struct node *nodes = p->tree->nodes;

	for (uint32_t i = from; i < to; i++) {
		if (nodes[i].tag == TAG_TEXT || i == but)
			continue;
		if (is_hidden(p, panels, i) ||
		    (aria_hidden(p, i) && !is_closed_panel(p, panels, i))) {
			measure_hide(p, i);
			i = nodes[i].end - 1;
		}
	}
}

/* chars_in: the characters in i that are text, shown or not. */
static uint32_t
chars_in(const struct measured_page *p, uint32_t i)
{
	const struct node *nodes = p->tree->nodes;
	uint32_t n = 0;

	for (uint32_t k = i; k < nodes[i].end; k++) {
		if ((tag_kind(nodes[k].tag) & T_SKIP) && k != i) {
			k = nodes[k].end - 1;
			continue;
		}
		n += p->size[k].chars;
	}
	return n;
}

/* is_hidden_itself: hidden by itself, and no dialog, menu or form that opens
 * later. */
static bool
is_hidden_itself(const struct measured_page *p, uint32_t i)
{
	const struct tree *t = p->tree;

	if (!(t->nodes[i].mark & MARK_BLOCK) || t->nodes[i].nattrs == 0 ||
	    !is_invisible(p, i) || t->nodes[i].tag == TAG_DIALOG ||
	    t->nodes[i].tag == TAG_NAV || t->nodes[i].tag == TAG_FORM ||
	    t->nodes[i].tag == TAG_ASIDE ||
	    tree_attr(t, i, ATTR_ARIA_MODAL).s != NULL ||
	    slice_is(tree_attr(t, i, ATTR_ROLE), "dialog"))
		return false;
	return !(p->words[i] & (W_NAV | W_COOKIE | W_SHARE | W_UNLIKELY));
}

/*
 * reveal_cloaked: a page of which nearly all is hidden shows it when a script
 * says so ("cloak", "preload"): the largest such part is text.
 */
static void
reveal_cloaked(struct measured_page *p, const struct open_panels *panels)
{
	struct node *nodes = p->tree->nodes;
	uint32_t shown = 0, best = 0, most = 0, n;

	for (uint32_t i = 1; i < p->tree->n; i++) {
		if (!(nodes[i].mark & MARK_GONE)) {
			shown += p->size[i].chars;
			continue;
		}
		n = is_hidden_itself(p, i) ? chars_in(p, i) : 0;
		if (n > most && !mostly_links(p, i)) {
			most = n;
			best = i;
		}
		i = nodes[i].end - 1;
	}
	if (best == 0 || shown > BARE || most < 2 * shown || most < BARE / 2)
		return;
	for (uint32_t i = best; i < nodes[best].end; i++)
		nodes[i].mark &= (uint8_t)~MARK_GONE;
	hide_in(p, panels, best, nodes[best].end, best);
}

/* hide_numbers: those of the lines of code. */
static void
hide_numbers(struct measured_page *p)
{
	const struct node *nodes = p->tree->nodes;

	for (uint32_t i = 1; i < p->tree->n; i++) {
		if (nodes[i].mark & MARK_GONE) {
			i = nodes[i].end - 1;
		} else if (nodes[i].mark & MARK_CODE) {
			if (nodes[i].end > i + 4)
				code_lines_cut_numbers(p, i);
			i = nodes[i].end - 1;
		}
	}
}

void
hidden_mark(struct measured_page *p)
{
	struct open_panels panels;

	tabs_find(p);
	find_panels(p, &panels);
	hide_in(p, &panels, 1, p->tree->n, 0);
	reveal_cloaked(p, &panels);
	hide_numbers(p);
}
