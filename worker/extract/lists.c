/* lists: bulleted, numbered and definition lists. */
#include "worker/extract/markdown.h"

#include <stdio.h>
#include <string.h>

void
markdown_item(struct markdown *m, uint32_t i, long number)
{
	char marker[16] = "- ", spaces[16];
	size_t before;

	if (m->w.flat > 0) {
		markdown_block(m, i);
		return;
	}
	if (number >= 0)
		snprintf(marker, sizeof(marker), "%u. ", (unsigned)number);
	memset(spaces, ' ', sizeof(spaces));
	spaces[strlen(marker)] = '\0';
	writer_break(&m->w, 1);
	before = writer_indent(&m->w, spaces, marker);
	markdown_children(m, i);
	writer_break(&m->w, 1);
	writer_outdent(&m->w, before);
}

static long
first_number(const struct tree *t, uint32_t i)
{
	struct slice v = tree_attr(t, i, ATTR_START);
	long n = 0;

	if (t->nodes[i].tag != TAG_OL)
		return -1;
	if (v.len == 0 || v.len > 6)
		return 1;
	for (size_t k = 0; k < v.len; k++) {
		if (v.s[k] < '0' || v.s[k] > '9')
			return 1;
		n = n * 10 + v.s[k] - '0';
	}
	return n;
}

/* inner_list: a list right in another belongs to the item before it. */
static void
inner_list(struct markdown *m, uint32_t i, const char *indent)
{
	size_t before;

	if (m->w.flat > 0 || m->w.marker[0] != '\0') {
		markdown_list(m, i);
		return;
	}
	before = writer_indent(&m->w, indent, NULL);
	markdown_list(m, i);
	writer_outdent(&m->w, before);
}

void
markdown_list(struct markdown *m, uint32_t i)
{
	const struct tree *t = m->page->tree;
	const struct node *nodes = t->nodes;
	long number = first_number(t, i);
	enum tag up = nodes[nodes[i].parent].tag;
	bool nested = m->w.prefix_len > 0 &&
		      (up == TAG_LI || up == TAG_UL || up == TAG_OL);

	writer_break(&m->w, nested ? 1 : 2);
	for (uint32_t k = i + 1; k < nodes[i].end; k = nodes[k].end) {
		if (nodes[k].mark & MARK_GONE)
			continue;
		if (nodes[k].tag == TAG_LI)
			markdown_item(m, k, number < 0 ? -1 : number++);
		else if (nodes[k].tag == TAG_UL || nodes[k].tag == TAG_OL)
			inner_list(m, k, number < 0 ? "  " : "   ");
		else
			markdown_node(m, k);
	}
	writer_break(&m->w, nested ? 1 : 2);
}

/* only_lists: nothing but definition lists in it. */
static bool
only_lists(const struct tree *t, uint32_t i)
{
	for (uint32_t k = i + 1; k < t->nodes[i].end; k = t->nodes[k].end) {
		if (t->nodes[k].mark & MARK_GONE)
			continue;
		if (t->nodes[k].tag != TAG_DL &&
		    (t->nodes[k].tag != TAG_TEXT ||
			slice_trim(tree_text(t, k)).len > 0))
			return false;
	}
	return true;
}

/*
 * is_contents: most of it is links; or each term is one, perhaps with a few
 * words, and only such lists are below it.
 */
static bool
is_contents(const struct measured_page *p, uint32_t i)
{
	const struct tree *t = p->tree;
	const struct node *nodes = t->nodes;

	if (p->sum[i].links * 5 >= p->sum[i].chars * 4)
		return true;
	for (uint32_t k = i + 1; k < nodes[i].end; k = nodes[k].end) {
		if ((nodes[k].mark & MARK_GONE) || nodes[k].tag == TAG_TEXT)
			continue;
		if (nodes[k].tag == TAG_DT
			? tree_find(t, TAG_A, k, nodes[k].end) == 0 ||
			      p->sum[k].links == 0
			: !only_lists(t, k))
			return false;
	}
	return true;
}

bool
markdown_contents(struct markdown *m, uint32_t i)
{
	const struct node *nodes = m->page->tree->nodes;
	size_t before;

	if (m->w.flat > 0 || !is_contents(m->page, i))
		return false;
	writer_break(&m->w, m->w.prefix_len > 0 ? 1 : 2);
	for (uint32_t k = i + 1; k < nodes[i].end; k = nodes[k].end) {
		if (nodes[k].mark & MARK_GONE)
			continue;
		if (nodes[k].tag == TAG_DT) {
			markdown_item(m, k, -1);
			continue;
		}
		before = writer_indent(&m->w, "  ", NULL);
		writer_break(&m->w, 1);
		markdown_children(m, k);
		writer_outdent(&m->w, before);
	}
	writer_break(&m->w, m->w.prefix_len > 0 ? 1 : 2);
	return true;
}

void
markdown_term(struct markdown *m, uint32_t i)
{
	struct slice class = tree_attr(m->page->tree, i, ATTR_CLASS);

	writer_break(&m->w, 2);
	if (slice_has_word(class, "sig")) {
		markdown_code(m, i);
	} else if (m->w.flat == 0) {
		bool pushed = writer_push(&m->w, "**", "**", false);

		m->w.flat++;
		markdown_children(m, i);
		m->w.flat--;
		if (pushed)
			writer_pop(&m->w);
	} else {
		markdown_children(m, i);
	}
	writer_break(&m->w, 2);
}
