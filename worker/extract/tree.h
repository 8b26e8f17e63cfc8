/*
 * tree: a page's elements and texts in one array, in document order.
 *
 * Invariants: node 0 is the root; a node's descendants are exactly the nodes
 * after it and before its end.  So a walk is a loop over an index, and leaving
 * a subtree out is "i = end".  Texts and attribute values are slices of bytes,
 * references decoded.  Elements of SVG and MathML that are named like one of
 * HTML are TAG_OTHER.
 */
#ifndef WORKER_EXTRACT_TREE_H
#define WORKER_EXTRACT_TREE_H

#include "core/arena.h"
#include "worker/extract/page_reader.h"
#include "worker/extract/tags.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct node {
	uint8_t tag;     /* enum tag */
	uint8_t mark;    /* for whoever walks; see measure.h */
	uint16_t nattrs; /* elements: attributes kept */
	uint32_t parent;
	uint32_t end; /* index after the last descendant */
	uint32_t at;  /* text: offset of its bytes; element: first attribute */
	uint32_t
	    len; /* text: its bytes; element: 1 when its tag was left out */
};

struct attr_value {
	uint32_t at;
	uint32_t len;
	uint8_t name; /* enum attr */
};

/* A piece of the page; not terminated. */
struct slice {
	const char *s;
	size_t len;
};

struct tree {
	char *bytes; /* the page in UTF-8; references are decoded in it */
	size_t len;
	struct node *nodes;
	uint32_t n;
	struct attr_value *attrs;
	uint32_t nattrs;
	unsigned flags; /* enum html_page_flag */

	uint32_t cap, attrs_cap;
};

/*
 * tree_parse: reads len bytes of UTF-8 HTML, which it may change in place.
 * bytes must stay as long as the tree, and have one byte of room after len.
 * The tree is freed with the arena.  Never fails; limits set flags.
 */
void tree_parse(struct tree *t, struct arena *a, char *bytes, size_t len,
    const struct page_reader_limits *limits);

/* tree_attr: the attribute's value; s is NULL when it is not there. */
struct slice tree_attr(const struct tree *t, uint32_t i, enum attr name);

/* tree_add_attr: one more at the end of attrs. */
void tree_add_attr(struct tree *t, struct attr_value v);

/* tree_text: the bytes of a text node. */
struct slice tree_text(const struct tree *t, uint32_t i);

/* tree_within: i has an ancestor (or is) a tag element. */
bool tree_within(const struct tree *t, uint32_t i, enum tag tag);

/* tree_find: the first tag element in [from, to), or 0. */
uint32_t tree_find(
    const struct tree *t, enum tag tag, uint32_t from, uint32_t to);

/* tree_before: the element before i in its parent, over white space; or 0. */
uint32_t tree_before(const struct tree *t, uint32_t i);

/* slice_is: equal but for case. */
bool slice_is(struct slice v, const char *s);

/* slice_is_blank: nothing but white space. */
bool slice_is_blank(struct slice v);

/* slice_trim: without the white space around it. */
struct slice slice_trim(struct slice v);

/* slice_has_word: word is one of the space-separated words (any case). */
bool slice_has_word(struct slice v, const char *word);

#endif
