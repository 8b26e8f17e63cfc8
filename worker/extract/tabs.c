#include "worker/extract/tabs.h"

#include "worker/extract/one_line.h"

#include <string.h>

#define TABS 20       /* names in a row */
#define ROW_NODES 400 /* nodes of a row of names */
#define NAME_CHARS 60 /* of one */
#define REACH 6000    /* nodes after a row in which its panels begin */
#define ROWS 300      /* rows that are looked at on one page */
#define NEXT 6        /* texts that are passed over to the next element */

/* A row of names. */
struct tab_row {
	uint32_t names[TABS];
	uint32_t panels[TABS];
	unsigned n;
	bool sure; /* it says that it is one */
};

static bool
has_role(const struct tree *t, uint32_t i, const char *name)
{
	return slice_is(tree_attr(t, i, ATTR_ROLE), name);
}

/* called_tab: its class has "tab" at the start of a word or part of one. */
static bool
called_tab(const struct tree *t, uint32_t i)
{
	struct slice v = tree_attr(t, i, ATTR_CLASS);

	for (size_t b = 0; b + 3 <= v.len; b++)
		if ((memcmp(v.s + b, "tab", 3) == 0 ||
			memcmp(v.s + b, "Tab", 3) == 0) &&
		    (v.len - b < 5 || memcmp(v.s + b + 3, "le", 2) != 0))
			return true;
	return false;
}

static bool
in_page(struct slice href)
{
	return href.len > 1 && href.s[0] == '#';
}

/* is_name: something to press that opens a panel. */
static bool
is_name(const struct measured_page *p, uint32_t i, uint32_t row)
{
	const struct tree *t = p->tree;

	switch (t->nodes[i].tag) {
	case TAG_BUTTON:
	case TAG_LABEL:
		return true;
	case TAG_A:
		return has_role(t, i, "tab") ||
		       (in_page(tree_attr(t, i, ATTR_HREF)) &&
			   called_tab(t, row));
	case TAG_TEXT:
		return false;
	default:
		return has_role(t, i, "tab");
	}
}

/* read_row: false when there is more in i than names. */
static bool
read_row(const struct measured_page *p, uint32_t i, struct tab_row *row)
{
	const struct tree *t = p->tree;
	uint32_t chars;

	row->n = 0;
	if (t->nodes[i].end - i > ROW_NODES)
		return false;
	row->sure = has_role(t, i, "tablist");
	for (uint32_t k = i + 1; k < t->nodes[i].end; k++) {
		if (t->nodes[k].tag == TAG_TEXT) {
			if (slice_trim(tree_text(t, k)).len > 0)
				return false;
			continue;
		}
		row->sure |= slice_is(tree_attr(t, k, ATTR_TYPE), "radio");
		if (tag_kind(t->nodes[k].tag) & T_SKIP) {
			k = t->nodes[k].end - 1;
			continue;
		}
		if (!is_name(p, k, i))
			continue;
		chars = 0;
		for (uint32_t j = k + 1; j < t->nodes[k].end; j++)
			chars += p->size[j].chars;
		if (chars == 0 || chars > NAME_CHARS || row->n == TABS)
			return false;
		row->names[row->n++] = k;
		k = t->nodes[k].end - 1;
	}
	return row->n > 1 || (row->n == 1 && row->sure);
}

/* panel_of_tab: the element that name k opens by its id, after the row. */
static uint32_t
panel_of_tab(const struct tree *t, uint32_t k, uint32_t from)
{
	struct slice id = tree_attr(t, k, ATTR_ARIA_CONTROLS), v;
	uint32_t end = from + REACH < t->n ? from + REACH : t->n;

	if (id.len == 0) {
		id = tree_attr(t, k, ATTR_HREF);
		if (!in_page(id))
			return 0;
		id.s++;
		id.len--;
	}
	for (uint32_t i = from; i < end; i++) {
		if (t->nodes[i].tag == TAG_TEXT || t->nodes[i].nattrs == 0)
			continue;
		v = tree_attr(t, i, ATTR_ID);
		if (v.len == id.len && memcmp(v.s, id.s, id.len) == 0)
			return i;
	}
	return 0;
}

static bool
by_id(const struct tree *t, uint32_t i, struct tab_row *row)
{
	for (unsigned k = 0; k < row->n; k++) {
		row->panels[k] =
		    panel_of_tab(t, row->names[k], t->nodes[i].end);
		if (row->panels[k] == 0 ||
		    !(t->nodes[row->panels[k]].mark & MARK_BLOCK) ||
		    (t->nodes[row->panels[k]].tag >= TAG_H1 &&
			t->nodes[row->panels[k]].tag <= TAG_H6) ||
		    (k > 0 && row->panels[k] < t->nodes[row->panels[0]].end))
			return false;
	}
	return true;
}

/* next_element: the one behind i in its parent; 0 without one. */
static uint32_t
next_element(const struct tree *t, uint32_t i)
{
	uint32_t end = t->nodes[t->nodes[i].parent].end, k = t->nodes[i].end;

	for (unsigned n = 0; n < NEXT && k < end; n++, k = t->nodes[k].end) {
		if (t->nodes[k].tag != TAG_TEXT)
			return k;
		if (slice_trim(tree_text(t, k)).len > 0)
			return 0;
	}
	return 0;
}

/* is_tab_panel: i may be what a tab opens. */
static bool
is_tab_panel(const struct tree *t, uint32_t i, bool sure)
{
	if (!(t->nodes[i].mark & MARK_BLOCK) ||
	    (t->nodes[i].tag >= TAG_H1 && t->nodes[i].tag <= TAG_H6))
		return false;
	return sure || has_role(t, i, "tabpanel") ||
	       (t->nodes[i].mark & MARK_CODE) ||
	       tree_find(t, TAG_PRE, i, t->nodes[i].end) != 0;
}

/* in_row: the elements from i on, as many as there are names. */
static bool
in_row(const struct tree *t, uint32_t i, uint32_t up, struct tab_row *row,
    bool sure)
{
	unsigned n = 0;

	for (; i < t->nodes[up].end && n <= row->n; i = t->nodes[i].end) {
		if (t->nodes[i].tag == TAG_TEXT) {
			if (slice_trim(tree_text(t, i)).len > 0)
				break;
			continue;
		}
		if (!is_tab_panel(t, i, sure) ||
		    (n > 0 && t->nodes[i].tag != t->nodes[row->panels[0]].tag))
			break;
		if (n < row->n)
			row->panels[n] = i;
		n++;
	}
	return n == row->n;
}

/* by_place: as many panels follow as there are names. */
static bool
by_place(const struct tree *t, uint32_t i, struct tab_row *row)
{
	for (unsigned level = 0; level < 3 && i != 0; level++) {
		uint32_t next = next_element(t, i);

		if (next != 0) {
			return in_row(t, next + 1, next, row, row->sure) ||
			       in_row(t, next, t->nodes[i].parent, row, false);
		}
		i = t->nodes[i].parent;
	}
	return false;
}

/* name_of: the words on a tab. */
static const char *
name_of(const struct measured_page *p, uint32_t i)
{
	const struct tree *t = p->tree;
	const char *s = "";

	for (uint32_t k = i + 1; k < t->nodes[i].end; k++) {
		if (tag_kind(t->nodes[k].tag) & T_SKIP)
			k = t->nodes[k].end - 1;
		else if (p->size[k].chars > 0)
			s = arena_printf(p->arena, "%s%s%s", s,
			    s[0] != '\0' ? " " : "",
			    one_line_join(
				p->arena, tree_text(t, k), NAME_CHARS * 4));
	}
	return s;
}

/* says_it: the panel begins with a heading of these words. */
static bool
says_it(const struct tree *t, uint32_t i, const char *name)
{
	for (uint32_t k = i + 1; k < t->nodes[i].end && k < i + NEXT; k++)
		if (t->nodes[k].tag >= TAG_H1 && t->nodes[k].tag <= TAG_H6)
			return one_line_starts_like(
			    t, k, (struct slice){name, strlen(name)});
	return false;
}

static void
name_panels(struct measured_page *p, const struct tab_row *row)
{
	if (p->label == NULL)
		p->label = arena_array(p->arena, p->tree->n, sizeof(*p->label));
	for (unsigned k = 0; k < row->n; k++) {
		const char *s = name_of(p, row->names[k]);

		if (!says_it(p->tree, row->panels[k], s))
			p->label[row->panels[k]] = s;
	}
}

/* may_be_row: worth a look. */
static bool
may_be_row(const struct tree *t, uint32_t i)
{
	switch (t->nodes[i].tag) {
	case TAG_DIV:
	case TAG_UL:
	case TAG_OL:
	case TAG_NAV:
	case TAG_MENU:
	case TAG_SECTION:
		return t->nodes[i].nattrs > 0;
	case TAG_OTHER:
	case TAG_SPAN:
		return t->nodes[i].nattrs > 0 && has_role(t, i, "tablist");
	default:
		return false;
	}
}

/*
 * read_radios: radio buttons and their labels from i on, in no box of their
 * own; what follows is theirs.  Where they end, 0 when they are no tabs.
 */
static uint32_t
read_radios(const struct measured_page *p, uint32_t i, struct tab_row *row)
{
	const struct tree *t = p->tree;
	uint32_t up = t->nodes[i].parent, end = t->nodes[up].end;

	row->n = 0;
	row->sure = true;
	for (; i < end; i = t->nodes[i].end) {
		if (t->nodes[i].tag == TAG_LABEL && row->n < TABS)
			row->names[row->n++] = i;
		else if (t->nodes[i].tag == TAG_TEXT
			     ? slice_trim(tree_text(t, i)).len > 0
			     : t->nodes[i].tag != TAG_INPUT)
			break;
	}
	if (row->n < 2 || i >= end || t->nodes[i].tag == TAG_TEXT)
		return 0;
	return in_row(t, i + 1, i, row, true) || in_row(t, i, up, row, true)
		   ? i
		   : 0;
}

static bool
is_radio(const struct tree *t, uint32_t i)
{
	return t->nodes[i].tag == TAG_INPUT &&
	       slice_is(tree_attr(t, i, ATTR_TYPE), "radio");
}

void
tabs_find(struct measured_page *p)
{
	const struct node *nodes = p->tree->nodes;
	struct tab_row row;
	unsigned rows = 0;
	uint32_t end;

	for (uint32_t i = 1; i < p->tree->n && rows < ROWS; i++) {
		if (is_radio(p->tree, i)) {
			rows++;
			end = read_radios(p, i, &row);
			if (end == 0)
				continue;
			name_panels(p, &row);
			for (unsigned k = 0; k < row.n; k++)
				measure_hide(p, row.names[k]);
			i = end - 1;
			continue;
		}
		if (nodes[i].tag == TAG_TEXT || !may_be_row(p->tree, i) ||
		    !read_row(p, i, &row))
			continue;
		rows++;
		if (by_id(p->tree, i, &row) || by_place(p->tree, i, &row)) {
			name_panels(p, &row);
			measure_hide(p, i);
		}
		i = nodes[i].end - 1;
	}
}
