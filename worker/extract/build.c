#include "worker/extract/build.h"

#include "core/log.h"

#include <stdlib.h>
#include <string.h>

static struct open_element *
top(struct build *b)
{
	return &b->stack[b->depth - 1];
}

static uint32_t
add_node(struct build *b, enum tag tag)
{
	struct tree *t = b->tree;
	struct node *n;

	if (t->n >= b->limits->nodes) {
		b->full = true;
		t->flags |= DOC_NODES;
		return 0;
	}
	if (t->n == t->cap) {
		t->cap = t->cap == 0 ? 1024 : t->cap * 2;
		t->nodes = realloc(t->nodes, t->cap * sizeof(*t->nodes));
		if (t->nodes == NULL)
			fatal("out of memory: %u nodes", t->cap);
	}
	n = &t->nodes[t->n];
	memset(n, 0, sizeof(*n));
	n->tag = (uint8_t)tag;
	n->parent = b->depth > 0 ? top(b)->node : 0;
	n->end = t->n + 1;
	return t->n++;
}

void
build_init(struct build *b, struct tree *t, const struct doc_limits *limits)
{
	memset(b, 0, offsetof(struct build, stack));
	b->tree = t;
	b->limits = limits;
	add_node(b, TAG_OTHER); /* the root */
}

static void
pop(struct build *b)
{
	do {
		struct open_element *e = top(b);

		b->tree->nodes[e->node].end = b->tree->n;
		b->open[e->tag]--;
		if (tag_kind(e->tag) & T_BLOCK)
			b->edge = true;
		b->depth--;
	} while (b->depth > 0 && top(b)->ended);
}

/* pop_to: closes stack[at] and all above it. */
static void
pop_to(struct build *b, unsigned at)
{
	while (b->depth > at)
		pop(b);
}

static bool
one_of(enum tag t, const enum tag *list)
{
	for (; *list != TAG_TEXT; list++)
		if (*list == t)
			return true;
	return false;
}

/*
 * close_nearest: closes the innermost open element out of want, looking no
 * further than the innermost one out of stop.
 */
static void
close_nearest(struct build *b, const enum tag *want, const enum tag *stop)
{
	unsigned any = 0;

	for (const enum tag *w = want; *w != TAG_TEXT; w++)
		any += b->open[*w];
	if (any == 0)
		return;
	for (unsigned i = b->depth; i-- > 0;) {
		enum tag t = b->stack[i].tag;

		if (one_of(t, want)) {
			pop_to(b, i);
			return;
		}
		if (one_of(t, stop))
			return;
	}
}

/* close_p: a block starts; an open <p> in the same scope ends. */
static void
close_p(struct build *b)
{
	if (b->open[TAG_P] == 0)
		return;
	for (unsigned i = b->depth; i-- > 0;) {
		enum tag t = b->stack[i].tag;

		if (t == TAG_P) {
			pop_to(b, i);
			return;
		}
		if (tag_kind(t) & T_SCOPE)
			return;
	}
}

/* close_item: <li>, <dd> and <dt> end their like in the same list. */
static void
close_item(struct build *b, enum tag tag)
{
	for (unsigned i = b->depth; i-- > 0;) {
		enum tag t = b->stack[i].tag;
		bool same =
		    tag == TAG_LI ? t == TAG_LI : t == TAG_DD || t == TAG_DT;

		if (same) {
			pop_to(b, i);
			return;
		}
		if (t == TAG_ADDRESS || t == TAG_DIV || t == TAG_P)
			continue;
		if (tag_kind(t) & (T_BLOCK | T_SCOPE))
			return;
	}
}

/* close_a: links do not nest. */
static void
close_a(struct build *b)
{
	bool block = false;

	if (b->open[TAG_A] == 0)
		return;
	for (unsigned i = b->depth; i-- > 0;) {
		enum tag t = b->stack[i].tag;

		if (t == TAG_A) {
			if (block)
				b->stack[i].ended = true;
			else
				pop_to(b, i);
			return;
		}
		if (tag_kind(t) & T_SCOPE)
			return;
		if (tag_kind(t) & T_BLOCK)
			block = true;
	}
}

/* leave_head: the first thing that cannot stand in <head> ends it. */
static void
leave_head(struct build *b)
{
	static const enum tag head[] = {TAG_HEAD, TAG_TEXT};
	static const enum tag stop[] = {TAG_TEMPLATE, TAG_NOSCRIPT, TAG_TEXT};

	close_nearest(b, head, stop);
}

/* table_part: what a part of a table ends; false when it has no table. */
static bool
table_part(struct build *b, enum tag tag)
{
	static const enum tag cell[] = {TAG_TD, TAG_TH, TAG_TEXT};
	static const enum tag row[] = {
	    TAG_TR, TAG_CAPTION, TAG_COLGROUP, TAG_TEXT};
	static const enum tag group[] = {TAG_TBODY, TAG_THEAD, TAG_TFOOT,
	    TAG_CAPTION, TAG_COLGROUP, TAG_TEXT};
	static const enum tag stop_cell[] = {TAG_TABLE, TAG_TR, TAG_TEXT};
	static const enum tag stop[] = {TAG_TABLE, TAG_TEXT};

	switch (tag) {
	case TAG_TD:
	case TAG_TH:
		close_nearest(b, cell, stop_cell);
		break;
	case TAG_TR:
		close_nearest(b, row, stop);
		break;
	case TAG_TBODY:
	case TAG_THEAD:
	case TAG_TFOOT:
	case TAG_CAPTION:
	case TAG_COLGROUP:
		close_nearest(b, group, stop);
		break;
	default:
		return true;
	}
	return b->open[TAG_TABLE] > 0;
}

/* make_room: ends what the new element ends; false when it is ignored. */
static bool
make_room(struct build *b, enum tag tag)
{
	unsigned kind = tag_kind(tag);
	enum tag on = b->depth > 0 ? top(b)->tag : TAG_TEXT;

	if (b->open[TAG_HEAD] > 0 && !(kind & T_HEAD))
		leave_head(b);
	if (!table_part(b, tag))
		return false;
	if (kind & T_BLOCK)
		close_p(b);
	switch (tag) {
	case TAG_HTML:
	case TAG_BODY:
		return b->open[tag] == 0;
	case TAG_HEAD:
		return b->tree->head == 0 && b->open[TAG_BODY] == 0;
	case TAG_LI:
	case TAG_DD:
	case TAG_DT:
		close_item(b, tag);
		break;
	case TAG_A:
		close_a(b);
		break;
	case TAG_FORM:
		return b->open[TAG_FORM] == 0;
	case TAG_OPTION:
	case TAG_OPTGROUP:
		if (on == TAG_OPTION || on == tag)
			pop(b);
		break;
	case TAG_RT:
	case TAG_RP:
		if (on == TAG_RT || on == TAG_RP)
			pop(b);
		break;
	case TAG_H1 ... TAG_H6:
		if (on >= TAG_H1 && on <= TAG_H6)
			pop(b);
		break;
	default:
		break;
	}
	return true;
}

bool
build_foreign(const struct build *b)
{
	return b->open[TAG_SVG] + b->open[TAG_MATH] > 0;
}

/* too_deep: from here on texts are kept, elements are not. */
static bool
too_deep(const struct build *b)
{
	return b->over > 0 || b->depth >= b->limits->depth ||
	       b->depth >= BUILD_DEPTH_MAX;
}

void
build_start(struct build *b, enum tag tag, uint32_t first, bool closed)
{
	struct tree *t = b->tree;
	bool empty = tag_kind(tag) & T_VOID;
	struct node *n;
	uint32_t i;

	if (tag == TAG_IMAGE && !build_foreign(b))
		tag = TAG_IMG;
	if (build_foreign(b))
		empty |= closed;
	else if (b->over == 0 && !make_room(b, tag))
		return;
	if (!empty && too_deep(b)) {
		t->flags |= DOC_DEEP;
		b->over++;
		return;
	}
	i = add_node(b, tag);
	if (b->full)
		return;
	n = &t->nodes[i];
	n->at = first;
	n->nattrs = (uint16_t)(t->nattrs - first);
	if (tag == TAG_HEAD)
		t->head = i;
	if (tag_kind(tag) & T_BLOCK)
		b->edge = true;
	else if (tag_kind(tag) & T_MEDIA)
		b->edge = false;
	if (empty)
		return;
	b->stack[b->depth++] = (struct open_element){.node = i, .tag = tag};
	b->open[tag]++;
}

/* end_inline: an end tag of formatting may find blocks still open in it. */
static void
end_inline(struct build *b, enum tag tag)
{
	bool block = false;

	for (unsigned i = b->depth; i-- > 0;) {
		enum tag t = b->stack[i].tag;

		if (t == tag && !b->stack[i].ended) {
			if (block)
				b->stack[i].ended = true;
			else
				pop_to(b, i);
			return;
		}
		if (tag_kind(t) & T_SCOPE)
			return;
		if (tag_kind(t) & T_BLOCK)
			block = true;
	}
}

/* stops_end: an end tag does not reach past an open t. */
static bool
stops_end(enum tag tag, enum tag t)
{
	switch (tag) {
	case TAG_TR:
	case TAG_TBODY:
	case TAG_THEAD:
	case TAG_TFOOT:
	case TAG_TD:
	case TAG_TH:
	case TAG_CAPTION:
		return t == TAG_TABLE;
	case TAG_TABLE:
		return false;
	case TAG_LI:
		return t == TAG_UL || t == TAG_OL || (tag_kind(t) & T_SCOPE);
	default:
		return tag_kind(t) & T_SCOPE;
	}
}

static bool
heading(enum tag t)
{
	return t >= TAG_H1 && t <= TAG_H6;
}

void
build_end(struct build *b, enum tag tag)
{
	if (tag == TAG_BR && b->over == 0) {
		build_start(b, TAG_BR, b->tree->nattrs, false);
		return;
	}
	if (tag_kind(tag) & T_VOID)
		return;
	if (b->over > 0) {
		b->over--;
		return;
	}
	/* What follows </body> or </html> is still of the page. */
	if (tag == TAG_HTML || tag == TAG_BODY)
		return;
	if (b->open[tag] == 0 && !heading(tag))
		return;
	if (tag_kind(tag) & T_INLINE) {
		end_inline(b, tag);
		return;
	}
	for (unsigned i = b->depth; i-- > 0;) {
		enum tag t = b->stack[i].tag;

		if (t == tag || (heading(tag) && heading(t))) {
			pop_to(b, i);
			return;
		}
		if (stops_end(tag, t))
			return;
	}
}

static bool
blank(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (s[i] != ' ' && s[i] != '\n' && s[i] != '\t' &&
		    s[i] != '\r' && s[i] != '\f')
			return false;
	return true;
}

/* no_text: white space here separates nothing. */
static bool
no_text(const struct build *b)
{
	if (b->open[TAG_PRE] + b->open[TAG_LISTING] > 0)
		return false;
	return b->depth == 0 || b->open[TAG_HEAD] > 0 || b->edge;
}

/* indents: more than a space on a line with what follows: code may need it. */
static bool
indents(const struct build *b, const char *s, size_t len)
{
	return len > 1 && b->depth > 0 && b->open[TAG_HEAD] == 0 &&
	       memchr(s, '\n', len) == NULL && memchr(s, '\r', len) == NULL;
}

void
build_text(struct build *b, size_t at, size_t len)
{
	struct node *n;
	uint32_t i;
	bool white;

	if (len == 0 || b->full)
		return;
	white = blank(b->tree->bytes + at, len);
	if (white && no_text(b) && !indents(b, b->tree->bytes + at, len))
		return;
	if (!white && b->depth > 0 && top(b)->tag == TAG_HEAD)
		leave_head(b);
	b->edge = false;
	i = add_node(b, TAG_TEXT);
	if (b->full)
		return;
	n = &b->tree->nodes[i];
	n->at = (uint32_t)at;
	n->len = (uint32_t)len;
}

void
build_finish(struct build *b)
{
	pop_to(b, 0);
	if (b->tree->n > 0)
		b->tree->nodes[0].end = b->tree->n;
}
