/*
 * build: a page's tree as it grows, and the stack of its open elements.
 *
 * Nodes may move while a page is read (foster parenting, the adoption
 * agency), so they are linked; build_finish puts them in document order.
 * Follows the HTML Living Standard, 13.2.4 and 13.2.6.1.
 */
#ifndef WORKER_EXTRACT_BUILD_H
#define WORKER_EXTRACT_BUILD_H

#include "worker/extract/tree.h"

#define BUILD_DEPTH_MAX 512 /* open elements */
/* No start tag is read from here on: one may open a few elements. */
#define BUILD_DEPTH_FULL (BUILD_DEPTH_MAX - 8)
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
struct build_links {
	uint32_t first, last; /* children */
	uint32_t next, prev;  /* siblings */
};

/* Where a new node goes: before a sibling, or last when before is 0. */
struct build_place {
	uint32_t parent, before;
};

struct build {
	struct tree *tree;
	const struct page_reader_limits *limits;
	struct build_links *links; /* by node */
	uint32_t links_cap;
	uint32_t head, form; /* nodes, 0 without one */
	uint32_t raw;        /* the element whose text the tokenizer owes */

	enum insertion_mode mode;
	uint8_t templates[BUILD_DEPTH_MAX]; /* modes of the open templates */
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
	struct open_element stack[BUILD_DEPTH_MAX];

	unsigned nformatting;
	struct formatting formatting[FORMATTING_MAX];
};

void build_init(
    struct build *b, struct tree *t, const struct page_reader_limits *limits);

/* build_finish: document order and the ends of all nodes. */
void build_finish(struct build *b);

/* build_tag: what a name is to the tree; TAG_OTHER when we do not know it. */
static inline enum tag
build_tag(uint32_t name)
{
	return name < TAG_MAX ? (enum tag)name : TAG_OTHER;
}

/* build_top: the current node; there is one. */
struct open_element *build_top(struct build *b);

/* build_is: e is HTML's of that name. */
static inline bool
build_is(const struct open_element *e, uint32_t name)
{
	return e->name == name && e->ns == NS_HTML;
}

/* build_on: the current node is HTML's of that name. */
static inline bool
build_on(const struct build *b, uint32_t name)
{
	return b->depth > 0 && build_is(&b->stack[b->depth - 1], name);
}

/* build_special: e is of the standard's category "special". */
bool build_special(const struct open_element *e);

/* build_place: the appropriate place for inserting a node. */
struct build_place build_place(struct build *b, uint32_t target);

/* build_node: a new node at a place; 0 when there are too many. */
uint32_t build_node(struct build *b, enum tag tag, struct build_place at);

/* build_insert: an element that opens: inserted and pushed. */
void build_insert(struct build *b, const struct tag_token *tk);

/* build_insert_foreign: the same for SVG and MathML. */
void build_insert_foreign(
    struct build *b, const struct tag_token *tk, enum element_namespace ns);

/* build_insert_leaf: inserted, and not pushed; its node. */
uint32_t build_insert_leaf(struct build *b, const struct tag_token *tk);

/* build_implied: opens an element that the page left out. */
void build_implied(struct build *b, enum tag tag);

/* build_text: len bytes of the tree's bytes at offset at. */
void build_text(struct build *b, size_t at, size_t len);

/* build_text_in: the text of a raw element. */
void build_text_in(struct build *b, uint32_t parent, size_t at, size_t len);

/* build_move: takes a node and what is in it to another place. */
void build_move(struct build *b, uint32_t node, struct build_place to);

/* build_move_children: all of from's children to the end of to's. */
void build_move_children(struct build *b, uint32_t from, uint32_t to);

void build_pop(struct build *b);

/* build_pop_to: closes stack[at] and all above it. */
void build_pop_to(struct build *b, unsigned at);

/* build_pop_until: closes up to the innermost name, which is open. */
void build_pop_until(struct build *b, uint32_t name);

/* build_remove: takes stack[at] out; what is above it stays open. */
void build_remove(struct build *b, unsigned at);

/* build_put: a new entry at stack[at]; false when there is no room. */
bool build_put(struct build *b, unsigned at, const struct open_element *e);

/* build_find: the stack index of a node, or -1. */
int build_find(const struct build *b, uint32_t node);

/* Is one open in the standard's scope of that name? */
bool build_in_scope(const struct build *b, uint32_t name);
bool build_in_list_scope(const struct build *b, uint32_t name);
bool build_in_button_scope(const struct build *b, uint32_t name);
bool build_in_table_scope(const struct build *b, uint32_t name);

/* build_node_in_scope: the element at stack[at] is in scope. */
bool build_node_in_scope(const struct build *b, unsigned at);

/* build_close_implied: generate implied end tags, but for one of that name. */
void build_close_implied(struct build *b, uint32_t but);

/* build_close_all_implied: "thoroughly": parts of tables, too. */
void build_close_all_implied(struct build *b);

/* build_foreign: the current node is SVG's or MathML's. */
bool build_foreign(const struct build *b);

#endif
