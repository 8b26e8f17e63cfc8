#include "worker/extract/measure.h"

#include "worker/extract/code_lines.h"
#include "worker/extract/word_lists.h"

#include <string.h>

/* wide_comma_length: the commas and stops of scripts that write wide or right
 * to left. */
static bool
wide_comma_length(const unsigned char *s, size_t left)
{
	for (size_t i = 0; word_list_wide_commas[i] != NULL; i++) {
		size_t n = strlen(word_list_wide_commas[i]);

		if (n <= left && memcmp(s, word_list_wide_commas[i], n) == 0)
			return true;
	}
	return false;
}

/* size_of: characters and commas of a text; see struct measure. */
static struct text_size
size_of(const unsigned char *s, size_t len)
{
	struct text_size t = {0, 0};
	bool gap = true;

	for (size_t i = 0; i < len; i++) {
		unsigned char c = s[i];

		if (c > ' ' && c < 0x80) {
			t.chars++;
			t.commas += c == ',';
			gap = false;
		} else if (c <= ' ') {
			t.chars += !gap;
			gap = true;
		} else if (c >= 0xc0) {
			/* From U+3000 on it is a word's part, no letter. */
			t.chars += c >= 0xe3 ? 2 : 1;
			if (c == 0xd8 || c == 0xe3 || c == 0xef)
				t.commas += wide_comma_length(s + i, len - i);
			gap = false;
		}
	}
	return t;
}

/* find_blocks: which elements are blocks, and which hold others. */
static void
find_blocks(struct measured_page *p)
{
	struct tree *t = p->tree;

	for (uint32_t i = t->n; i-- > 1;) {
		struct node *n = &t->nodes[i];
		unsigned kind = tag_kind(n->tag);
		bool block = (kind & T_BLOCK) != 0;

		/* An element of the page's own making is what is in it. */
		if (n->tag == TAG_OTHER && (n->mark & MARK_PARENT))
			block = true;
		if (block)
			n->mark |= MARK_BLOCK;
		if (n->mark & (MARK_BLOCK | MARK_PARENT))
			t->nodes[n->parent].mark |= MARK_PARENT;
	}
	t->nodes[0].mark |= MARK_BLOCK;
	for (uint32_t i = 1; i < t->n; i++) {
		uint32_t up = t->nodes[i].parent;

		p->block[i] =
		    t->nodes[up].mark & MARK_BLOCK ? up : p->block[up];
	}
}

/* after_heading: a heading stands right before i. */
static bool
after_heading(const struct tree *t, uint32_t i)
{
	uint32_t before = tree_before(t, i);

	return before != 0 && t->nodes[before].tag >= TAG_H1 &&
	       t->nodes[before].tag <= TAG_H6;
}

/* A table as its rows and cells show it. */
struct table_sketch {
	unsigned rows, cells;
	unsigned row;  /* cells of the row under way */
	unsigned cols; /* of the first row */
	bool even;     /* so many in each */
	bool plain;    /* nothing but text in them */
};

static void
end_row(struct table_sketch *g)
{
	if (g->row > 0 && g->cols == 0)
		g->cols = g->row;
	if (g->row > 0 && g->row != g->cols)
		g->even = false;
	g->row = 0;
}

/* data_table: rows and columns that mean something. */
static bool
data_table(const struct tree *t, uint32_t i)
{
	struct table_sketch g = {.even = true, .plain = true};

	for (uint32_t k = i + 1; k < t->nodes[i].end; k++) {
		switch (t->nodes[k].tag) {
		case TAG_TABLE:
			return false;
		case TAG_CAPTION:
		case TAG_TH:
		case TAG_THEAD:
			return true;
		case TAG_TR:
			end_row(&g);
			g.rows++;
			break;
		case TAG_TD:
			g.cells++;
			g.row++;
			break;
		case TAG_IMG:
		case TAG_INPUT:
		case TAG_FORM:
		case TAG_H1 ... TAG_H6:
			g.plain = false;
			break;
		default:
			break;
		}
	}
	end_row(&g);
	if (g.plain && g.even && g.cols > 1 &&
	    (g.rows > 1 || after_heading(t, i)))
		return true;
	return g.rows >= 10 || (g.rows > 0 && g.cells / g.rows > 4) ||
	       g.cells > 10;
}

/* find_insides: what stands in code or in a table of data. */
static void
find_insides(struct measured_page *p)
{
	struct tree *t = p->tree;

	for (uint32_t i = 1; i < t->n; i++) {
		struct node *n = &t->nodes[i];

		n->mark |= t->nodes[n->parent].mark & (MARK_TABLE | MARK_CODE);
		if (n->mark & MARK_CODE)
			continue;
		if (n->tag == TAG_PRE || n->tag == TAG_CODE ||
		    ((n->mark & MARK_PARENT) || n->tag == TAG_P
			    ? code_lines_found(p, i)
			    : false))
			n->mark |= MARK_CODE;
		else if (n->tag == TAG_TABLE && data_table(t, i))
			n->mark |= MARK_TABLE;
	}
}

void
measure_init(struct measured_page *p, struct arena *a, struct tree *t)
{
	p->tree = t;
	p->arena = a;
	p->words = name_words_read(a, t);
	p->sum = arena_array(a, t->n, sizeof(*p->sum));
	p->own = arena_array(a, t->n, sizeof(*p->own));
	p->block = arena_array(a, t->n, sizeof(*p->block));
	p->label = NULL;
	p->dated = false;
	p->h1s = 0;
	p->h1 = tree_find(t, TAG_H1, 1, t->n);
	p->main = 0;
	p->size = arena_array(a, t->n, sizeof(*p->size));
	for (uint32_t i = 0; i < t->n; i++) {
		struct slice v = tree_text(t, i);

		t->nodes[i].mark = 0;
		p->h1s += t->nodes[i].tag == TAG_H1;
		if (p->main == 0 && t->nodes[i].tag > TAG_OTHER &&
		    (t->nodes[i].tag == TAG_MAIN ||
			slice_is(tree_attr(t, i, ATTR_ROLE), "main")))
			p->main = i;
		if (t->nodes[i].tag == TAG_TEXT)
			p->size[i] = size_of((const unsigned char *)v.s, v.len);
	}
	find_blocks(p);
	find_insides(p);
	p->body = tree_find(t, TAG_BODY, 1, t->n);
}

static uint16_t
add_saturating(uint16_t a, uint16_t b)
{
	return (uint16_t)(a + b < UINT16_MAX ? a + b : UINT16_MAX);
}

static uint16_t
sub_saturating(uint16_t a, uint16_t b)
{
	return (uint16_t)(a > b ? a - b : 0);
}

static void
measure_add(struct measure *to, const struct measure *m)
{
	to->chars += m->chars;
	to->links += m->links;
	to->heads += m->heads;
	to->data += m->data;
	to->talk += m->talk;
	to->prose += m->prose;
	to->commas = add_saturating(to->commas, m->commas);
	to->paras = add_saturating(to->paras, m->paras);
	to->items = add_saturating(to->items, m->items);
	to->images = add_saturating(to->images, m->images);
	to->inputs = add_saturating(to->inputs, m->inputs);
	to->embeds = add_saturating(to->embeds, m->embeds);
}

static void
measure_subtract(struct measure *from, const struct measure *m)
{
	from->chars -= m->chars;
	from->links -= m->links;
	from->heads -= m->heads;
	from->data -= m->data;
	from->talk -= m->talk;
	from->prose -= m->prose;
	from->commas = sub_saturating(from->commas, m->commas);
	from->paras = sub_saturating(from->paras, m->paras);
	from->items = sub_saturating(from->items, m->items);
	from->images = sub_saturating(from->images, m->images);
	from->inputs = sub_saturating(from->inputs, m->inputs);
	from->embeds = sub_saturating(from->embeds, m->embeds);
}

/*
 * is_form_field: something to fill in.  A tick outside of a form is a mark of a
 * list or of a set of tabs.
 */
static bool
is_form_field(const struct tree *t, uint32_t i)
{
	struct slice type = tree_attr(t, i, ATTR_TYPE);

	if (slice_is(type, "hidden"))
		return false;
	return (!slice_is(type, "checkbox") && !slice_is(type, "radio")) ||
	       tree_within(t, i, TAG_FORM);
}

/* measure_element: what an element itself adds to the sums. */
static void
measure_element(struct measured_page *p, uint32_t i)
{
	struct measure *m = &p->sum[i];
	const struct block_own *own = &p->own[i];

	if (own->chars >= BLOCK_SENTENCE_CHARS &&
	    own->links * 10 < own->chars * 3) {
		m->talk += own->chars;
		m->prose += own->chars >= BLOCK_PROSE_CHARS ? own->chars : 0;
	}
	switch (p->tree->nodes[i].tag) {
	case TAG_P:
		m->paras = add_saturating(m->paras, 1);
		break;
	case TAG_LI:
		m->items = add_saturating(m->items, 1);
		break;
	case TAG_IMG:
		m->images = 1;
		break;
	case TAG_INPUT:
		m->inputs = is_form_field(p->tree, i);
		break;
	case TAG_OBJECT:
	case TAG_EMBED:
	case TAG_IFRAME:
		m->embeds = add_saturating(m->embeds, 1);
		break;
	case TAG_H1 ... TAG_H6:
		m->heads = m->chars;
		break;
	default:
		break;
	}
}

void
measure_all(struct measured_page *p)
{
	struct tree *t = p->tree;

	memset(p->sum, 0, t->n * sizeof(*p->sum));
	for (uint32_t i = t->n; i-- > 1;) {
		const struct node *n = &t->nodes[i];
		struct measure *m = &p->sum[i], *up = &p->sum[n->parent];

		if (n->mark & MARK_GONE)
			continue;
		if (n->tag == TAG_TEXT) {
			m->chars = p->size[i].chars;
			m->commas = p->size[i].commas;
			m->links = n->mark & MARK_LINK ? m->chars : 0;
			m->data =
			    n->mark & (MARK_CODE | MARK_TABLE) ? m->chars : 0;
			up->chars += m->chars;
			up->data += m->data;
			up->links += m->links;
			up->commas = add_saturating(up->commas, m->commas);
			continue;
		}
		measure_element(p, i);
		measure_add(up, m);
	}
}

/* links: which nodes stand inside a link. */
static void
mark_links(struct tree *t)
{
	for (uint32_t i = 1; i < t->n; i++) {
		struct node *n = &t->nodes[i];

		if (n->mark & MARK_GONE)
			i = n->end - 1;
		else if ((t->nodes[n->parent].mark & MARK_LINK) ||
			 n->tag == TAG_A)
			n->mark |= MARK_LINK;
	}
}

void
measure_own(struct measured_page *p)
{
	struct tree *t = p->tree;

	mark_links(t);
	memset(p->own, 0, t->n * sizeof(*p->own));
	for (uint32_t i = 1; i < t->n; i++) {
		const struct node *n = &t->nodes[i];
		struct block_own *own = &p->own[p->block[i]];

		if (n->mark & MARK_GONE) {
			i = n->end - 1;
			continue;
		}
		if (n->tag != TAG_TEXT)
			continue;
		own->chars += p->size[i].chars;
		own->links += n->mark & MARK_LINK ? p->size[i].chars : 0;
		own->commas = add_saturating(own->commas, p->size[i].commas);
	}
}

void
measure_hide(struct measured_page *p, uint32_t i)
{
	struct node *nodes = p->tree->nodes;

	for (uint32_t k = i; k < nodes[i].end; k++)
		nodes[k].mark |= MARK_GONE;
}

void
measure_cut(struct measured_page *p, uint32_t i)
{
	struct node *nodes = p->tree->nodes;
	struct measure m = p->sum[i];

	if (nodes[i].mark & MARK_GONE)
		return;
	for (uint32_t up = i; up != 0;) {
		up = nodes[up].parent;
		measure_subtract(&p->sum[up], &m);
	}
	measure_hide(p, i);
}

double
measure_density(const struct measured_page *p, uint32_t i)
{
	if (p->sum[i].chars == 0)
		return 0;
	return (double)p->sum[i].links / p->sum[i].chars;
}
