#include "worker/extract/tree_builder.h"

#include "core/log.h"
#include "worker/extract/formatting.h"

#include <stdlib.h>
#include <string.h>

struct open_element *
tree_builder_top(struct tree_builder *b)
{
	return &b->stack[b->depth - 1];
}

bool
tree_builder_foreign(const struct tree_builder *b)
{
	return b->foreign > 0 && b->stack[b->depth - 1].ns != NS_HTML;
}

bool
tree_builder_special(const struct open_element *e)
{
	if (e->ns != NS_HTML)
		return e->html_point || e->math_point ||
		       e->name == TAG_ANNOTATION_XML;
	return tag_kind(tree_builder_tag(e->name)) & T_SPECIAL;
}

/* ---- nodes --------------------------------------------------------------- */

static void
nodes_grow(struct tree_builder *b)
{
	struct tree *t = b->tree;

	t->cap = t->cap == 0 ? 1024 : t->cap * 2;
	t->nodes = realloc(t->nodes, t->cap * sizeof(*t->nodes));
	b->links = realloc(b->links, t->cap * sizeof(*b->links));
	if (t->nodes == NULL || b->links == NULL)
		fatal("out of memory: %u nodes", t->cap);
}

static void
node_attach(struct tree_builder *b, uint32_t i, struct node_place at)
{
	struct node_links *links = b->links, *me = &links[i];

	b->tree->nodes[i].parent = at.parent;
	me->next = at.before;
	me->prev =
	    at.before != 0 ? links[at.before].prev : links[at.parent].last;
	if (me->prev != 0)
		links[me->prev].next = i;
	else
		links[at.parent].first = i;
	if (at.before != 0) {
		links[at.before].prev = i;
		b->moved = true;
	} else {
		links[at.parent].last = i;
	}
}

static void
node_detach(struct tree_builder *b, uint32_t i)
{
	struct node_links *links = b->links, *me = &links[i];
	uint32_t parent = b->tree->nodes[i].parent;

	if (me->prev != 0)
		links[me->prev].next = me->next;
	else
		links[parent].first = me->next;
	if (me->next != 0)
		links[me->next].prev = me->prev;
	else
		links[parent].last = me->prev;
}

uint32_t
tree_builder_node(struct tree_builder *b, enum tag tag, struct node_place at)
{
	struct tree *t = b->tree;
	uint32_t i = t->n;

	if (i >= b->limits->nodes) {
		b->full = true;
		t->flags |= HTML_PAGE_NODES;
		return 0;
	}
	if (i == t->cap)
		nodes_grow(b);
	t->n++;
	t->nodes[i] = (struct node){.tag = (uint8_t)tag, .end = t->n};
	b->links[i] = (struct node_links){0, 0, 0, 0};
	if (i > 0)
		node_attach(b, i, at);
	return i;
}

void
tree_builder_move(struct tree_builder *b, uint32_t node, struct node_place to)
{
	if (node == 0)
		return;
	node_detach(b, node);
	node_attach(b, node, to);
	b->moved = true;
}

void
tree_builder_move_children(struct tree_builder *b, uint32_t from, uint32_t to)
{
	uint32_t next;

	for (uint32_t i = b->links[from].first; i != 0; i = next) {
		next = b->links[i].next;
		tree_builder_move(b, i, (struct node_place){to, 0});
	}
}

void
tree_builder_init(struct tree_builder *b, struct tree *t,
    const struct page_reader_limits *limits)
{
	memset(b, 0, offsetof(struct tree_builder, stack));
	b->nformatting = 0;
	b->tree = t;
	b->limits = limits;
	b->quirks = true;
	b->frames_ok = true;
	tree_builder_node(
	    b, TAG_OTHER, (struct node_place){0, 0}); /* the root */
}

/* ---- document order ------------------------------------------------------ */

/*
 * nodes_order: copies the nodes in document order.  One that was moved too deep
 * becomes a sibling of what it was in.
 */
static void
nodes_order(struct tree_builder *b)
{
	struct tree *t = b->tree;
	struct node *to = malloc(t->cap * sizeof(*to)), *from = t->nodes;
	uint32_t i = 0, n = 0;
	unsigned depth = 0, most = b->limits->depth;

	if (to == NULL)
		fatal("out of memory: %u nodes", t->cap);
	for (;;) {
		struct node_links *me = &b->links[i];
		uint32_t up = from[i].parent;

		to[n] = from[i];
		to[n].end = n + 1;
		/* The links to what was before are not needed any more. */
		to[n].parent = i == 0 ? 0 : b->links[up].prev;
		me->prev = n++;
		if (depth > most) {
			t->flags |= HTML_PAGE_DEEP;
			me->prev = b->links[up].prev;
		}
		if (me->first != 0) {
			i = me->first;
			depth++;
			continue;
		}
		while (i != 0 && b->links[i].next == 0) {
			i = from[i].parent;
			depth--;
		}
		if (i == 0)
			break;
		i = b->links[i].next;
	}
	free(from);
	t->nodes = to;
	t->n = n;
}

void
tree_builder_finish(struct tree_builder *b)
{
	struct node *nodes;

	if (b->moved)
		nodes_order(b);
	free(b->links);
	nodes = b->tree->nodes;
	for (uint32_t i = b->tree->n; i-- > 1;)
		if (nodes[nodes[i].parent].end < nodes[i].end)
			nodes[nodes[i].parent].end = nodes[i].end;
}

/* ---- the stack ----------------------------------------------------------- */

static void
element_entered(struct tree_builder *b, const struct open_element *e)
{
	if (e->ns != NS_HTML)
		b->foreign++;
	else
		b->open[tree_builder_tag(e->name)]++;
}

static void
element_left(struct tree_builder *b, const struct open_element *e)
{
	unsigned kind = tag_kind(tree_builder_tag(e->name));

	if (e->ns != NS_HTML) {
		b->foreign--;
		return;
	}
	b->open[tree_builder_tag(e->name)]--;
	if (kind & T_BLOCK)
		b->edge = true;
	if (kind & T_FORMAT)
		formatting_left(b, e->node);
}

void
tree_builder_pop(struct tree_builder *b)
{
	element_left(b, tree_builder_top(b));
	b->depth--;
}

void
tree_builder_pop_to(struct tree_builder *b, unsigned at)
{
	while (b->depth > at)
		tree_builder_pop(b);
}

void
tree_builder_pop_until(struct tree_builder *b, uint32_t name)
{
	bool last = false;

	while (b->depth > 0 && !last) {
		last = tree_builder_on(b, name);
		tree_builder_pop(b);
	}
}

void
tree_builder_remove(struct tree_builder *b, unsigned at)
{
	element_left(b, &b->stack[at]);
	b->depth--;
	memmove(&b->stack[at], &b->stack[at + 1],
	    (b->depth - at) * sizeof(*b->stack));
}

bool
tree_builder_put(
    struct tree_builder *b, unsigned at, const struct open_element *e)
{
	if (b->depth == TREE_BUILDER_DEPTH_MAX)
		return false;
	memmove(&b->stack[at + 1], &b->stack[at],
	    (b->depth - at) * sizeof(*b->stack));
	b->stack[at] = *e;
	b->depth++;
	element_entered(b, e);
	return true;
}

int
tree_builder_find(const struct tree_builder *b, uint32_t node)
{
	for (unsigned i = b->depth; i-- > 0;)
		if (b->stack[i].node == node)
			return (int)i;
	return -1;
}

/* ---- scopes -------------------------------------------------------------- */

static bool
scope_end(const struct open_element *e)
{
	if (e->ns != NS_HTML)
		return tree_builder_special(e);
	return tag_kind(tree_builder_tag(e->name)) & T_SCOPE;
}

static bool
list_end(const struct open_element *e)
{
	return scope_end(e) || tree_builder_is(e, TAG_OL) ||
	       tree_builder_is(e, TAG_UL);
}

static bool
button_end(const struct open_element *e)
{
	return scope_end(e) || tree_builder_is(e, TAG_BUTTON);
}

static bool
table_end(const struct open_element *e)
{
	return tree_builder_is(e, TAG_HTML) || tree_builder_is(e, TAG_TABLE) ||
	       tree_builder_is(e, TAG_TEMPLATE);
}

static bool
is_in_scope(const struct tree_builder *b, uint32_t name,
    bool (*end)(const struct open_element *))
{
	if (b->open[tree_builder_tag(name)] == 0)
		return false;
	for (unsigned i = b->depth; i-- > 0;) {
		if (tree_builder_is(&b->stack[i], name))
			return true;
		if (end(&b->stack[i]))
			return false;
	}
	return false;
}

bool
tree_builder_in_scope(const struct tree_builder *b, uint32_t name)
{
	return is_in_scope(b, name, scope_end);
}

bool
tree_builder_in_list_scope(const struct tree_builder *b, uint32_t name)
{
	return is_in_scope(b, name, list_end);
}

bool
tree_builder_in_button_scope(const struct tree_builder *b, uint32_t name)
{
	return is_in_scope(b, name, button_end);
}

bool
tree_builder_in_table_scope(const struct tree_builder *b, uint32_t name)
{
	return is_in_scope(b, name, table_end);
}

bool
tree_builder_node_in_scope(const struct tree_builder *b, unsigned at)
{
	for (unsigned i = b->depth; i-- > at + 1;)
		if (scope_end(&b->stack[i]))
			return false;
	return true;
}

void
tree_builder_close_implied(struct tree_builder *b, uint32_t but)
{
	while (b->depth > 0) {
		const struct open_element *e = tree_builder_top(b);

		if (e->ns != NS_HTML || e->name == but ||
		    !(tag_kind(tree_builder_tag(e->name)) & T_IMPLIED))
			return;
		tree_builder_pop(b);
	}
}

void
tree_builder_close_all_implied(struct tree_builder *b)
{
	for (;;) {
		tree_builder_close_implied(b, TAG_TEXT);
		if (!tree_builder_on(b, TAG_CAPTION) &&
		    !tree_builder_on(b, TAG_COLGROUP) &&
		    !tree_builder_on(b, TAG_TBODY) &&
		    !tree_builder_on(b, TAG_TD) &&
		    !tree_builder_on(b, TAG_TFOOT) &&
		    !tree_builder_on(b, TAG_TH) &&
		    !tree_builder_on(b, TAG_THEAD) &&
		    !tree_builder_on(b, TAG_TR))
			return;
		tree_builder_pop(b);
	}
}

/* ---- inserting ----------------------------------------------------------- */

/* stack_innermost: the stack index of the innermost open name, or -1. */
static int
stack_innermost(const struct tree_builder *b, enum tag name)
{
	if (b->open[name] == 0)
		return -1;
	for (unsigned i = b->depth; i-- > 0;)
		if (tree_builder_is(&b->stack[i], name))
			return (int)i;
	return -1;
}

/* foster_place: before the table, unless a template is open in it. */
static struct node_place
foster_place(const struct tree_builder *b)
{
	int table = stack_innermost(b, TAG_TABLE);
	int template = stack_innermost(b, TAG_TEMPLATE);
	uint32_t node;

	if (template > table)
		return (struct node_place){b->stack[template].node, 0};
	if (table < 0)
		return (struct node_place){b->stack[0].node, 0};
	node = b->stack[table].node;
	return (struct node_place){b->tree->nodes[node].parent, node};
}

static bool
table_tag(enum tag tag)
{
	return tag == TAG_TABLE || tag == TAG_TBODY || tag == TAG_TFOOT ||
	       tag == TAG_THEAD || tag == TAG_TR;
}

struct node_place
tree_builder_place(struct tree_builder *b, uint32_t target)
{
	if (b->foster && table_tag(b->tree->nodes[target].tag))
		return foster_place(b);
	return (struct node_place){target, 0};
}

/* insertion_place: where the next element goes; past the limit it gets no
 * deeper. */
static struct node_place
insertion_place(struct tree_builder *b)
{
	unsigned at = b->depth, most = b->limits->depth;

	if (at > most) {
		b->tree->flags |= HTML_PAGE_DEEP;
		at = most;
	}
	return tree_builder_place(b, at == 0 ? 0 : b->stack[at - 1].node);
}

static uint32_t
insert_element(struct tree_builder *b, const struct tag_token *tk, enum tag tag)
{
	struct tree *t = b->tree;
	uint32_t i = tree_builder_node(b, tag, insertion_place(b));

	if (i != 0) {
		t->nodes[i].at = tk->first;
		t->nodes[i].nattrs = (uint16_t)(t->nattrs - tk->first);
	}
	if (tag_kind(tag) & T_BLOCK)
		b->edge = true;
	else if (tag_kind(tag) & T_MEDIA)
		b->edge = false;
	return i;
}

uint32_t
tree_builder_insert_leaf(struct tree_builder *b, const struct tag_token *tk)
{
	return insert_element(b, tk, tree_builder_tag(tk->name));
}

static void
stack_push(struct tree_builder *b, const struct open_element *e)
{
	b->stack[b->depth++] = *e;
	element_entered(b, e);
}

/* no_room: from here on texts are kept, elements are not. */
static bool
no_room(struct tree_builder *b)
{
	if (b->over == 0 && b->depth < TREE_BUILDER_DEPTH_MAX)
		return false;
	b->tree->flags |= HTML_PAGE_DEEP;
	b->over++;
	return true;
}

void
tree_builder_insert(struct tree_builder *b, const struct tag_token *tk)
{
	struct open_element e = {.name = tk->name};

	if (no_room(b))
		return;
	e.node = tree_builder_insert_leaf(b, tk);
	stack_push(b, &e);
}

/* foreign_tag: what is named like an element of HTML is none of it. */
static enum tag
foreign_tag(uint32_t name, enum element_namespace ns)
{
	enum tag tag = tree_builder_tag(name);

	if (ns == NS_SVG)
		return tag == TAG_SVG ? tag : TAG_OTHER;
	return tag_kind(tag) & ~(unsigned)T_SKIP ? TAG_OTHER : tag;
}

static bool
is_html_encoding(struct slice v)
{
	return slice_is(v, "text/html") || slice_is(v, "application/xhtml+xml");
}

void
tree_builder_insert_foreign(struct tree_builder *b, const struct tag_token *tk,
    enum element_namespace ns)
{
	struct open_element e = {.name = tk->name, .ns = (uint8_t)ns};

	if (no_room(b))
		return;
	e.node = insert_element(b, tk, foreign_tag(tk->name, ns));
	if (ns == NS_SVG)
		e.html_point = tk->name == TAG_FOREIGNOBJECT ||
			       tk->name == TAG_DESC || tk->name == TAG_TITLE;
	else if (tk->name == TAG_ANNOTATION_XML && e.node != 0)
		e.html_point =
		    is_html_encoding(tree_attr(b->tree, e.node, ATTR_ENCODING));
	else
		e.math_point = tk->name == TAG_MI || tk->name == TAG_MO ||
			       tk->name == TAG_MN || tk->name == TAG_MS ||
			       tk->name == TAG_MTEXT;
	stack_push(b, &e);
	if (tk->closed)
		tree_builder_pop(b);
}

void
tree_builder_implied(struct tree_builder *b, enum tag tag)
{
	struct tag_token tk = {.name = tag, .first = b->tree->nattrs};

	tree_builder_insert(b, &tk);
	b->tree->nodes[tree_builder_top(b)->node].len = 1;
}

/* no_space: white space here separates nothing. */
static bool
no_space(const struct tree_builder *b)
{
	if (b->open[TAG_PRE] + b->open[TAG_LISTING] > 0)
		return false;
	return b->depth == 0 || b->open[TAG_HEAD] > 0 || b->edge;
}

/* is_indentation: more than a space on a line with what follows: code may need
 * it. */
static bool
is_indentation(const struct tree_builder *b, const char *s, size_t len)
{
	return len > 1 && b->depth > 0 && b->open[TAG_HEAD] == 0 &&
	       memchr(s, '\n', len) == NULL && memchr(s, '\r', len) == NULL;
}

static void
put_text(struct tree_builder *b, struct node_place place, size_t at, size_t len)
{
	uint32_t i = tree_builder_node(b, TAG_TEXT, place);

	if (i == 0)
		return;
	b->tree->nodes[i].at = (uint32_t)at;
	b->tree->nodes[i].len = (uint32_t)len;
}

void
tree_builder_text(struct tree_builder *b, size_t at, size_t len)
{
	const char *s = b->tree->bytes + at;

	if (slice_is_blank((struct slice){s, len}) && no_space(b) &&
	    !is_indentation(b, s, len))
		return;
	b->edge = false;
	put_text(b,
	    tree_builder_place(
		b, b->depth == 0 ? 0 : tree_builder_top(b)->node),
	    at, len);
}

void
tree_builder_text_in(
    struct tree_builder *b, uint32_t parent, size_t at, size_t len)
{
	if (len > 0)
		put_text(b, (struct node_place){parent, 0}, at, len);
}
