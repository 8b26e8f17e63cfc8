/*
 * mustache_tree: a compiled template, shared by mustache.c, which builds it,
 * and mustache_render.c, which walks it.  Nobody else includes this.
 */
#ifndef CORE_MUSTACHE_TREE_H
#define CORE_MUSTACHE_TREE_H

#include "core/arena.h"

#include <stdbool.h>
#include <stddef.h>

enum mustache_node_kind {
	NODE_TEXT,
	NODE_ESCAPED, /* {{x}} */
	NODE_RAW,     /* {{{x}}}, {{&x}} */
	NODE_SECTION,
	NODE_INVERTED,
	NODE_PARTIAL,
	NODE_MAX
};

struct mustache_node {
	enum mustache_node_kind kind;
	/*
	 * Text: it begins a line of the template, so a partial's indentation
	 * goes before it.  Partial: it stands alone on its line, so text is
	 * the indentation of its every line.
	 */
	bool line;
	const char *text;
	size_t len; /* bytes of text */
	/*
	 * The parts of a dotted name up to a NULL; none for ".".  A partial's
	 * name is one part, dots and all.
	 */
	const char *const *name;
	struct mustache_node *body; /* of a section: its first node */
	struct mustache_node *next;
};

struct mustache {
	struct arena mem; /* owns the nodes and what they point at */
	struct mustache_node *first;
};

#endif
