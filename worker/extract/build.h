/*
 * build: the stack of open elements, from which the tree grows.
 *
 * Follows the tree construction of the HTML Living Standard (13.2.6) where
 * pages depend on it: optional end tags, tables, head and body.  It does not
 * move nodes (no adoption agency, no foster parenting): a formatting element
 * closed across a block simply ends with that block.
 */
#ifndef WORKER_EXTRACT_BUILD_H
#define WORKER_EXTRACT_BUILD_H

#include "worker/extract/tree.h"

#define BUILD_DEPTH_MAX 512

struct open_element {
	uint32_t node;
	uint8_t tag;
	bool ended; /* its end tag came while a block was still open in it */
};

struct build {
	struct tree *tree;
	const struct doc_limits *limits;
	unsigned depth; /* open elements */
	unsigned over;  /* elements open past the depth limit: not kept */
	unsigned open[TAG_MAX]; /* how many of each are open */
	bool full;              /* node limit reached */
	bool edge;              /* nothing but block tags since the last text */
	struct open_element stack[BUILD_DEPTH_MAX];
};

void build_init(
    struct build *b, struct tree *t, const struct doc_limits *limits);

/*
 * build_start: a start tag whose attributes were appended to the tree from
 * first on.  closed: "/>", which counts in SVG and MathML only.
 */
void build_start(struct build *b, enum tag tag, uint32_t first, bool closed);

void build_end(struct build *b, enum tag tag);

/* build_text: len bytes of the tree's bytes at offset at. */
void build_text(struct build *b, size_t at, size_t len);

/* build_finish: closes what is open. */
void build_finish(struct build *b);

/* build_foreign: inside SVG or MathML. */
bool build_foreign(const struct build *b);

#endif
