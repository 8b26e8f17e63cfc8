/*
 * llms_markdown.h: an llms.txt as a Markdown reader (cmark) takes it: which
 * links it has, and whether anything in it is HTML, an image or a reference.
 */
#ifndef T_LLMS_MARKDOWN_H
#define T_LLMS_MARKDOWN_H

#include <cmark.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

/*
 * llms_markdown: NULL when all links of n bytes of Markdown begin with origin
 * and are so many, and nothing else is active; or what is not so.
 */
static inline const char *
llms_markdown(const char *text, size_t n, const char *origin, size_t links)
{
	cmark_node *root = cmark_parse_document(text, n, CMARK_OPT_DEFAULT);
	cmark_iter *it = cmark_iter_new(root);
	const char *wrong = NULL;
	cmark_event_type ev;

	while ((ev = cmark_iter_next(it)) != CMARK_EVENT_DONE) {
		cmark_node *node = cmark_iter_get_node(it);
		cmark_node_type type = cmark_node_get_type(node);

		if (ev != CMARK_EVENT_ENTER)
			continue;
		if (type == CMARK_NODE_HTML_BLOCK ||
		    type == CMARK_NODE_HTML_INLINE)
			wrong = "HTML";
		else if (type == CMARK_NODE_IMAGE)
			wrong = "an image";
		else if (type == CMARK_NODE_LINK && links-- == 0)
			wrong = "a link too many";
		else if (type == CMARK_NODE_LINK &&
			 strncmp(cmark_node_get_url(node), origin,
			     strlen(origin)) != 0)
			wrong = "a link to elsewhere";
	}
	if (wrong == NULL && links != 0)
		wrong = "a link too few";
	cmark_iter_free(it);
	cmark_node_free(root);
	return wrong;
}

#endif
