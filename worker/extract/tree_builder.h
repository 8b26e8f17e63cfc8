/*
 * tree_builder: a page's tree as it grows, and the stack of its open elements.
 *
 * Nodes may move while a page is read (foster parenting, the adoption
 * agency), so they are linked; tree_builder_finish puts them in document order.
 * Follows the HTML Living Standard, 13.2.4 and 13.2.6.1.
 */
#ifndef WORKER_EXTRACT_TREE_BUILDER_H
#define WORKER_EXTRACT_TREE_BUILDER_H

#include "worker/extract/tree.h"

#define TREE_BUILDER_DEPTH_MAX 512 /* open elements */
/* No start tag is read from here on: one may open a few elements. */
#define TREE_BUILDER_DEPTH_FULL (TREE_BUILDER_DEPTH_MAX - 8)
#define FORMATTING_MAX 1024 /* entries, markers included */

enum element_namespace { NS_HTML, NS_SVG, NS_MATH };

enum insertion_mode {
	BEFORE_HTML,
	BEFORE_HEAD,
	IN_HEAD,
	IN_HEAD_NOSCRIPT,
	AFTER_HEAD,
	IN_BODY,
	IN_TABLE,
	IN_CAPTION,
	IN_COLUMN_GROUP,
	IN_TABLE_BODY,
	IN_ROW,
	IN_CELL,
	IN_TEMPLATE,
};

/* A start or end tag; of an end tag only the name counts. */
struct tag_token {
	uint32_t name;  /* see name_tables_id */
	uint32_t first; /* in the tree's attributes, to their end */
	uint32_t alike; /* hash of the attributes, 0 without any */
	bool closed;    /* "/>" */
};

struct open_element {
	uint32_t node;
	uint32_t name;
	uint8_t ns;      /* enum element_namespace */
	bool html_point; /* HTML integration point */
	bool math_point; /* MathML text integration point */
};

/* An active formatting element, or a marker, whose node is 0. */
struct formatting {
	uint32_t node;
	uint32_t name;
	uint32_t alike;
	bool open; /* on the stack */
};

/* Where a node stands among others; 0 is none, for the root is nobody's. */
struct node_links {
	uint32_t first, last; /* children */
	uint32_t next, prev;  /* siblings */
};

/* Where a new node goes: before a sibling, or last when before is 0. */
struct node_place {
	uint32_t parent, before;
};

struct tree_builder {
	struct tree *tree;
	const struct page_reader_limits *limits;
	struct node_links *links; /* by node */
	uint32_t links_cap;
	uint32_t head, form; /* nodes, 0 without one */
	uint32_t raw;        /* the element whose text the tokenizer owes */

	enum insertion_mode mode;
	uint8_t
	    templates[TREE_BUILDER_DEPTH_MAX]; /* modes of the open templates */
	unsigned ntemplates;

	bool full;        /* node limit reached */
	bool moved;       /* nodes are not in document order */
	bool edge;        /* nothing but block tags since the last text */
	bool foster;      /* what may not stand in a table goes before it */
	bool quirks;      /* no doctype, or an old one: <p> may hold a table */
	bool frames_ok;   /* nothing to read yet, so it may be a frameset */
	bool frames;      /* a frameset came */
	bool merged;      /* the tag's attributes went to an open element */
	bool skip_lf;     /* a line feed right after the start tag is none */
	bool plaintext;   /* the rest is text */
	unsigned over;    /* elements open past the stack's end: not kept */
	unsigned foreign; /* open elements of SVG and MathML */

	unsigned depth;         /* open elements */
	unsigned open[TAG_MAX]; /* how many of each of HTML's */
	struct open_element stack[TREE_BUILDER_DEPTH_MAX];

	unsigned nformatting;
	struct formatting formatting[FORMATTING_MAX];
};

void tree_builder_init(struct tree_builder *b, struct tree *t,
    const struct page_reader_limits *limits);

/* tree_builder_finish: document order and the ends of all nodes. */
void tree_builder_finish(struct tree_builder *b);

/* tree_builder_tag: what a name is to the tree; TAG_OTHER when we do not know
 * it. */
static inline enum tag
tree_builder_tag(uint32_t name)
{
	return name < TAG_MAX ? (enum tag)name : TAG_OTHER;
}

/* tree_builder_top: the current node; there is one. */
struct open_element *tree_builder_top(struct tree_builder *b);

/* tree_builder_is: e is HTML's of that name. */
static inline bool
tree_builder_is(const struct open_element *e, uint32_t name)
{
	return e->name == name && e->ns == NS_HTML;
}

/* tree_builder_on: the current node is HTML's of that name. */
static inline bool
tree_builder_on(const struct tree_builder *b, uint32_t name)
{
	return b->depth > 0 && tree_builder_is(&b->stack[b->depth - 1], name);
}

/* tree_builder_special: e is of the standard's category "special". */
bool tree_builder_special(const struct open_element *e);

/* tree_builder_place: the appropriate place for inserting a node. */
struct node_place tree_builder_place(struct tree_builder *b, uint32_t target);

/* tree_builder_node: a new node at a place; 0 when there are too many. */
uint32_t tree_builder_node(
    struct tree_builder *b, enum tag tag, struct node_place at);

/* tree_builder_insert: an element that opens: inserted and pushed. */
void tree_builder_insert(struct tree_builder *b, const struct tag_token *tk);

/* tree_builder_insert_foreign: the same for SVG and MathML. */
void tree_builder_insert_foreign(struct tree_builder *b,
    const struct tag_token *tk, enum element_namespace ns);

/* tree_builder_insert_leaf: inserted, and not pushed; its node. */
uint32_t tree_builder_insert_leaf(
    struct tree_builder *b, const struct tag_token *tk);

/* tree_builder_implied: opens an element that the page left out. */
void tree_builder_implied(struct tree_builder *b, enum tag tag);

/* tree_builder_text: len bytes of the tree's bytes at offset at. */
void tree_builder_text(struct tree_builder *b, size_t at, size_t len);

/* tree_builder_text_in: the text of a raw element. */
void tree_builder_text_in(
    struct tree_builder *b, uint32_t parent, size_t at, size_t len);

/* tree_builder_move: takes a node and what is in it to another place. */
void tree_builder_move(
    struct tree_builder *b, uint32_t node, struct node_place to);

/* tree_builder_move_children: all of from's children to the end of to's. */
void tree_builder_move_children(
    struct tree_builder *b, uint32_t from, uint32_t to);

void tree_builder_pop(struct tree_builder *b);

/* tree_builder_pop_to: closes stack[at] and all above it. */
void tree_builder_pop_to(struct tree_builder *b, unsigned at);

/* tree_builder_pop_until: closes up to the innermost name, which is open. */
void tree_builder_pop_until(struct tree_builder *b, uint32_t name);

/* tree_builder_remove: takes stack[at] out; what is above it stays open. */
void tree_builder_remove(struct tree_builder *b, unsigned at);

/* tree_builder_put: a new entry at stack[at]; false when there is no room. */
bool tree_builder_put(
    struct tree_builder *b, unsigned at, const struct open_element *e);

/* tree_builder_find: the stack index of a node, or -1. */
int tree_builder_find(const struct tree_builder *b, uint32_t node);

/* Is one open in the standard's scope of that name? */
bool tree_builder_in_scope(const struct tree_builder *b, uint32_t name);
bool tree_builder_in_list_scope(const struct tree_builder *b, uint32_t name);
bool tree_builder_in_button_scope(const struct tree_builder *b, uint32_t name);
bool tree_builder_in_table_scope(const struct tree_builder *b, uint32_t name);

/* tree_builder_node_in_scope: the element at stack[at] is in scope. */
bool tree_builder_node_in_scope(const struct tree_builder *b, unsigned at);

/* tree_builder_close_implied: generate implied end tags, but for one of that
 * name. */
void tree_builder_close_implied(struct tree_builder *b, uint32_t but);

/* tree_builder_close_all_implied: "thoroughly": parts of tables, too. */
void tree_builder_close_all_implied(struct tree_builder *b);

/* tree_builder_foreign: the current node is SVG's or MathML's. */
bool tree_builder_foreign(const struct tree_builder *b);

#endif
