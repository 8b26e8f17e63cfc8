#include "fcgi/markdown.h"

#include "core/mustache.h"

#include <cmark.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* The node's children take its place. */
static void
node_unwrap(cmark_node *node)
{
	cmark_node *child;

	while ((child = cmark_node_first_child(node)) != NULL)
		cmark_node_insert_before(node, child);
	cmark_node_unlink(node);
	cmark_node_free(node);
}

/* A tag as the text that it is. */
static void
show_tag(cmark_node *node, bool block)
{
	cmark_node *text = cmark_node_new(CMARK_NODE_TEXT), *p = text;

	cmark_node_set_literal(text, cmark_node_get_literal(node));
	if (block) {
		p = cmark_node_new(CMARK_NODE_PARAGRAPH);
		cmark_node_append_child(p, text);
	}
	cmark_node_replace(node, p);
	cmark_node_free(node);
}

static void
heading_lower(cmark_node *node)
{
	int level = cmark_node_get_heading_level(node);

	cmark_node_set_heading_level(node, level < 6 ? level + 1 : 6);
}

/* On the way out of a node, so its children are done and it may go. */
static void
make_safe(cmark_node *node)
{
	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_HTML_BLOCK:
		show_tag(node, true);
		break;
	case CMARK_NODE_HTML_INLINE:
		show_tag(node, false);
		break;
	case CMARK_NODE_LINK:
	case CMARK_NODE_IMAGE:
		node_unwrap(node);
		break;
	case CMARK_NODE_HEADING:
		heading_lower(node);
		break;
	default:
		break;
	}
}

/* Leaves have no exit: they are done when they are entered. */
static bool
is_leaf(cmark_node *node)
{
	cmark_node_type t = cmark_node_get_type(node);

	return t == CMARK_NODE_HTML_BLOCK || t == CMARK_NODE_HTML_INLINE;
}

static void
make_tree_safe(cmark_node *doc)
{
	cmark_iter *it = cmark_iter_new(doc);
	cmark_event_type ev;

	while ((ev = cmark_iter_next(it)) != CMARK_EVENT_DONE) {
		cmark_node *node = cmark_iter_get_node(it);

		if (ev == CMARK_EVENT_EXIT || is_leaf(node))
			make_safe(node);
	}
	cmark_iter_free(it);
}

struct json_object *
markdown_html(const char *text, size_t n)
{
	struct json_object *o;
	cmark_node *doc;
	char *html;

	if (n > MARKDOWN_MAX)
		n = MARKDOWN_MAX;
	doc = cmark_parse_document(text, n, CMARK_OPT_VALIDATE_UTF8);
	make_tree_safe(doc);
	/* Without CMARK_OPT_UNSAFE: tags that were missed are left out. */
	html = cmark_render_html(doc, CMARK_OPT_DEFAULT);
	o = mustache_html(html, strlen(html));
	free(html);
	cmark_node_free(doc);
	return o;
}

const char *
markdown_title(struct arena *a, const char *text, const char **rest)
{
	size_t n = strcspn(text, "\r\n"), from = 1;

	*rest = text;
	if (text[0] != '#' || (text[1] != ' ' && text[1] != '\t'))
		return NULL;
	from += strspn(text + 1, " \t");
	if (from >= n)
		return NULL;
	*rest = text + n + strspn(text + n, "\r\n");
	return arena_strndup(a, text + from, n - from);
}
