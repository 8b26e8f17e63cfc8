/* data_table: tables of data as GFM tables. */
#include "worker/extract/markdown.h"

#include <string.h>

#define COLUMNS 64
#define CELL_MAX 4096 /* bytes of one cell; a larger one is layout */
#define LONG_CODE 6   /* line feeds: without a head, code beside its story */

/* One look at a table before it is written. */
struct data_table {
	unsigned rows;
	unsigned columns;       /* of its widest row */
	bool layout;            /* holds what does not fit in a cell */
	bool head;              /* its first row names the columns */
	unsigned code;          /* lines of the longest code in it */
	unsigned down[COLUMNS]; /* rows that a cell above still covers */
};

static bool
too_much(const struct measured_page *p, uint32_t i)
{
	switch (p->tree->nodes[i].tag) {
	case TAG_TABLE:
	case TAG_BLOCKQUOTE:
	case TAG_H1 ... TAG_H6:
	case TAG_HR:
		return true;
	case TAG_TD:
		return p->sum[i].chars > CELL_MAX / 4 &&
		       tree_find(p->tree, TAG_PRE, i, p->tree->nodes[i].end) ==
			   0;
	case TAG_UL:
	case TAG_OL:
		return p->sum[i].items > 10;
	case TAG_P:
		return p->sum[i].chars > CELL_MAX / 8;
	default:
		return false;
	}
}

/* cell_span: a cell's columns or rows, 1 to 99. */
static unsigned
cell_span(const struct tree *t, uint32_t i, enum attr which)
{
	struct slice v = tree_attr(t, i, which);
	unsigned n = 0;

	if (v.len == 0 || v.len > 2)
		return 1;
	for (size_t k = 0; k < v.len; k++) {
		if (v.s[k] < '0' || v.s[k] > '9')
			return 1;
		n = n * 10 + (unsigned)(v.s[k] - '0');
	}
	return n == 0 ? 1 : n;
}

/* lines_in: how many lines the code in i has; enough are not counted on. */
static unsigned
lines_in(const struct tree *t, uint32_t i)
{
	unsigned n = 0;

	for (uint32_t k = i + 1; k < t->nodes[i].end && n < LONG_CODE; k++) {
		struct slice v = slice_trim(tree_text(t, k));

		if (t->nodes[k].tag != TAG_TEXT) {
			n += t->nodes[k].tag == TAG_BR ||
			     (t->nodes[k].mark & MARK_BLOCK) != 0;
			continue;
		}
		for (size_t b = 0; b < v.len; b++)
			n += v.s[b] == '\n';
	}
	return n;
}

/* code_block: code that is no part of a line, the outermost of it. */
static bool
code_block(const struct node *nodes, uint32_t k)
{
	return (nodes[k].mark & MARK_CODE) && (nodes[k].mark & MARK_BLOCK) &&
	       !(nodes[nodes[k].parent].mark & MARK_CODE);
}

static bool
is_cell(enum tag t)
{
	return t == TAG_TD || t == TAG_TH;
}

/* table_measure: rows, columns and whether cells can hold what is in them. */
static void
table_measure(const struct measured_page *p, uint32_t i, struct data_table *g)
{
	const struct node *nodes = p->tree->nodes;
	unsigned columns = 0, heads = 0, corner = 0;

	for (uint32_t k = i + 1; k < nodes[i].end && !g->layout; k++) {
		if (nodes[k].mark & MARK_GONE) {
			k = nodes[k].end - 1;
			continue;
		}
		g->layout = too_much(p, k);
		if (code_block(nodes, k) && lines_in(p->tree, k) > g->code)
			g->code = lines_in(p->tree, k);
		if (nodes[k].tag == TAG_TR) {
			if (g->rows == 0)
				g->head =
				    nodes[nodes[k].parent].tag == TAG_THEAD;
			else if (g->rows == 1)
				g->head |=
				    heads > 0 && heads + corner == columns;
			g->rows++;
			columns = heads = corner = 0;
		}
		if (!is_cell(nodes[k].tag))
			continue;
		/* The corner over the rows' names is often an empty <td>. */
		if (nodes[k].tag == TAG_TH)
			heads += cell_span(p->tree, k, ATTR_COLSPAN);
		else if (columns == 0 && p->sum[k].chars == 0)
			corner = cell_span(p->tree, k, ATTR_COLSPAN);
		columns += cell_span(p->tree, k, ATTR_COLSPAN);
		if (columns > g->columns)
			g->columns = columns;
	}
	if (g->rows == 1)
		g->head |= heads > 0 && heads + corner == columns;
}

/* write_cell: its content on one line, between bars. */
static void
write_cell(struct markdown *m, uint32_t i)
{
	writer_raw(&m->w, " ", 1);
	m->w.fresh = true;
	m->w.space = false;
	markdown_children(m, i);
	m->w.space = false;
	writer_raw(&m->w, " |", 2);
}

/* write_spanned_cells: empty cells where one of a row above reaches down. */
static unsigned
write_spanned_cells(struct markdown *m, struct data_table *g, unsigned column)
{
	for (; column < g->columns && g->down[column] > 0; column++) {
		writer_raw(&m->w, "  |", 3);
		g->down[column]--;
	}
	return column;
}

static void
write_row(struct markdown *m, uint32_t i, struct data_table *g)
{
	const struct node *nodes = m->page->tree->nodes;
	unsigned column = 0;

	writer_raw(&m->w, "|", 1);
	for (uint32_t k = i + 1; k < nodes[i].end; k = nodes[k].end) {
		unsigned wide, high;

		if ((nodes[k].mark & MARK_GONE) || !is_cell(nodes[k].tag))
			continue;
		wide = cell_span(m->page->tree, k, ATTR_COLSPAN);
		high = cell_span(m->page->tree, k, ATTR_ROWSPAN);
		column = write_spanned_cells(m, g, column);
		write_cell(m, k);
		for (unsigned n = 0; n < wide; n++, column++) {
			if (n > 0)
				writer_raw(&m->w, "  |", 3);
			if (column < COLUMNS)
				g->down[column] = high - 1;
		}
	}
	for (column = write_spanned_cells(m, g, column); column < g->columns;
	     column = write_spanned_cells(m, g, column + 1))
		writer_raw(&m->w, "  |", 3);
}

static void
write_ruler(struct writer *w, unsigned columns, const char *piece)
{
	writer_raw(w, "|", 1);
	while (columns-- > 0)
		buf_adds(&w->out, piece);
}

static void
write_rows(struct markdown *m, uint32_t i, struct data_table *g)
{
	const struct node *nodes = m->page->tree->nodes;
	bool first = true, started = false;

	if (!g->head) {
		write_ruler(&m->w, g->columns, "  |");
		writer_line(&m->w);
		write_ruler(&m->w, g->columns, " --- |");
		first = false;
		started = true;
	}
	for (uint32_t k = i + 1; k < nodes[i].end; k++) {
		if (nodes[k].mark & MARK_GONE) {
			k = nodes[k].end - 1;
			continue;
		}
		if (nodes[k].tag != TAG_TR || m->page->sum[k].chars == 0)
			continue;
		if (started)
			writer_line(&m->w);
		started = true;
		write_row(m, k, g);
		if (first) {
			writer_line(&m->w);
			write_ruler(&m->w, g->columns, " --- |");
			first = false;
		}
		k = nodes[k].end - 1;
	}
}

static void
write_caption(struct markdown *m, uint32_t i)
{
	const struct tree *t = m->page->tree;
	uint32_t k = tree_find(t, TAG_CAPTION, i, t->nodes[i].end);

	if (k == 0 || (t->nodes[k].mark & MARK_GONE))
		return;
	markdown_children(m, k);
	writer_break(&m->w, 2);
}

bool
markdown_table(struct markdown *m, uint32_t i)
{
	struct data_table g = {0};
	struct writer_marks saved;

	if (m->w.flat > 0)
		return false;
	table_measure(m->page, i, &g);
	if (g.layout || g.rows == 0 || g.columns < 2 || g.columns > COLUMNS ||
	    (g.rows == 1 && !g.head) ||
	    ((!g.head || g.rows <= 2) && g.code >= LONG_CODE))
		return false;
	writer_break(&m->w, 2);
	write_caption(m, i);
	writer_suspend(&m->w, &saved);
	m->w.flat++;
	m->w.cell = true;
	write_rows(m, i, &g);
	m->w.cell = false;
	m->w.flat--;
	writer_resume(&m->w, &saved);
	writer_break(&m->w, 2);
	return true;
}
