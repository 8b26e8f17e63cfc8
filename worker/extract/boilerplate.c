/* boilerplate: what its name, its role or its place gives away as boilerplate.
 */
#include "core/wordlist.h"
#include "worker/extract/main_content.h"
#include "worker/extract/word_lists.h"

#include <string.h>
#include <strings.h>

/* So many elements before and after a box are looked at for text. */
#define BESIDE 4

/* role_of: a landmark that is not the main one. */
static bool
side_role(const struct measured_page *p, uint32_t i)
{
	struct slice v = tree_attr(p->tree, i, ATTR_ROLE);

	return v.len > 0 && wordlist_has(word_list_side_roles, v.s, v.len);
}

bool
is_marked_main(const struct measured_page *p, uint32_t i)
{
	return p->tree->nodes[i].tag == TAG_MAIN ||
	       slice_is(tree_attr(p->tree, i, ATTR_ROLE), "main");
}

/* page_edge: the header or footer of the page, not of an article in it. */
static bool
page_edge(const struct measured_page *p, uint32_t i)
{
	const struct tree *t = p->tree;
	const struct node *n = &t->nodes[i];

	if (n->tag != TAG_FOOTER && n->tag != TAG_HEADER)
		return false;
	if (tree_within(t, i, TAG_ARTICLE) || tree_within(t, i, TAG_MAIN) ||
	    tree_within(t, i, TAG_BLOCKQUOTE) || tree_within(t, i, TAG_SECTION))
		return false;
	return n->tag == TAG_FOOTER ||
	       (tree_find(t, TAG_H1, i, n->end) == 0 &&
		   p->sum[i].talk * 2 < p->sum[i].chars);
}

/* is_paragraph: i is running text, with few links. */
static bool
is_paragraph(const struct measured_page *p, uint32_t i)
{
	return !(p->tree->nodes[i].mark & (MARK_GONE | MARK_PARENT)) &&
	       p->own[i].chars >= BLOCK_SENTENCE_CHARS &&
	       p->own[i].links * 5 <= p->own[i].chars;
}

bool
boilerplate_is_aside_text(const struct measured_page *p, uint32_t i)
{
	const struct node *nodes = p->tree->nodes;
	const struct measure *m = &p->sum[i];
	uint32_t k = i, end = nodes[nodes[i].parent].end;

	if (!(p->words[i] & W_BOX) || m->talk * 10 < m->chars * 6 ||
	    m->links * 5 > m->chars)
		return false;
	for (unsigned n = 0; n < BESIDE && k != 0; n++)
		if ((k = tree_before(p->tree, k)) != 0 && is_paragraph(p, k))
			return true;
	k = nodes[i].end;
	for (unsigned n = 0; n < 2 * BESIDE && k < end; n++, k = nodes[k].end)
		if (is_paragraph(p, k))
			return true;
	return false;
}

/* is_masthead: the site's name as a heading: a link, and not the only h1. */
static bool
is_masthead(const struct measured_page *p, uint32_t i)
{
	const struct tree *t = p->tree;
	const struct node *n = &t->nodes[i];

	return n->tag == TAG_H1 && p->h1s > 1 && p->sum[i].chars > 0 &&
	       p->sum[i].links == p->sum[i].chars;
}

/*
 * around_main: what holds the main element, or the heading and most of the
 * text, is the page's frame, whatever its name.
 */
static bool
around_main(const struct measured_page *p, uint32_t i)
{
	uint32_t end = p->tree->nodes[i].end;

	if (p->main > i && p->main < end)
		return true;
	return p->h1 > i && p->h1 < end &&
	       p->sum[i].talk * 10 >= p->sum[p->body].talk * 7 &&
	       p->sum[i].talk > 0;
}

/*
 * is_consent_banner: a banner that asks about cookies: it has something to
 * press, or it hangs on the page itself.  A section about cookies has neither.
 */
static bool
is_consent_banner(const struct measured_page *p, uint32_t i)
{
	const struct tree *t = p->tree;

	return t->nodes[i].parent == p->body || side_role(p, i) ||
	       p->sum[i].inputs > 0 ||
	       tree_find(t, TAG_BUTTON, i, t->nodes[i].end) != 0 ||
	       p->sum[i].heads == 0;
}

/*
 * is_title_header: a header that holds the page's heading and few links, or one
 * of a table or a box, which has none.
 */
static bool
is_title_header(const struct measured_page *p, uint32_t i)
{
	const struct measure *m = &p->sum[i];

	if (p->h1s == 1 && p->h1 > i && p->h1 < p->tree->nodes[i].end)
		return m->links * 3 <= m->chars && m->chars < 600;
	return m->links == 0 && m->inputs == 0 &&
	       p->tree->nodes[i].parent != p->body &&
	       tree_find(p->tree, TAG_BUTTON, i, p->tree->nodes[i].end) == 0;
}

/* is_unlikely: by its name or its role this is not what the page is about. */
static bool
is_unlikely(const struct measured_page *p, uint32_t i)
{
	const struct tree *t = p->tree;
	const struct node *n = &t->nodes[i];
	uint32_t w = p->words[i];

	if (n->tag == TAG_BODY || n->tag == TAG_A || n->tag == TAG_HTML ||
	    is_marked_main(p, i))
		return false;
	if (around_main(p, i))
		return false;
	if ((w & W_ALWAYS) || ((w & W_COOKIE) && is_consent_banner(p, i)))
		return true;
	if (n->tag >= TAG_H1 && n->tag <= TAG_H6)
		return is_masthead(p, i);
	if (n->tag == TAG_NAV || side_role(p, i))
		return true;
	if (page_edge(p, i))
		return true;
	/* A header that is a heading for the most part belongs to its text. */
	if ((w & W_HEADER) && !is_title_header(p, i) &&
	    p->sum[i].heads * 2 < p->sum[i].chars &&
	    (p->sum[i].heads * 4 < p->sum[i].chars ||
		p->sum[i].links * 3 > p->sum[i].chars))
		w |= W_UNLIKELY;
	if (!(w & W_UNLIKELY) || (w & W_MAYBE) ||
	    boilerplate_is_aside_text(p, i))
		return false;
	return !tree_within(t, i, TAG_TABLE) && !tree_within(t, i, TAG_CODE) &&
	       !tree_within(t, i, TAG_PRE);
}

/* starts_with_by: its text begins with "by". */
static bool
starts_with_by(const struct tree *t, uint32_t i)
{
	for (uint32_t k = i + 1; k < t->nodes[i].end; k++) {
		struct slice v;

		if (t->nodes[k].tag != TAG_TEXT)
			continue;
		v = slice_trim(tree_text(t, k));
		if (v.len > 0)
			return slice_is(v, "by") ||
			       (v.len > 3 && strncasecmp(v.s, "by ", 3) == 0);
	}
	return false;
}

/* is_button_link: a link to press, by its name, which is no part of a sentence.
 */
static bool
is_button_link(const struct measured_page *p, uint32_t i)
{
	const struct block_own *around = &p->own[p->block[i]];

	return p->tree->nodes[i].tag == TAG_A && (p->words[i] & W_BUTTON) &&
	       p->sum[i].chars < 40 && p->sum[i].images == 0 &&
	       around->links * 10 >= around->chars * 9;
}

static bool
is_byline(const struct measured_page *p, uint32_t i)
{
	const struct tree *t = p->tree;
	uint32_t chars = p->sum[i].chars;

	if (chars == 0 || chars >= 100)
		return false;
	return slice_is(tree_attr(t, i, ATTR_REL), "author") ||
	       slice_has_word(tree_attr(t, i, ATTR_ITEMPROP), "author") ||
	       (p->words[i] & W_BYLINE) ||
	       ((p->words[i] & W_AUTHOR) && starts_with_by(t, i));
}

/* is_post_line: a line about the text: its date, its writer, its tags. */
static bool
is_post_line(const struct measured_page *p, uint32_t i)
{
	const struct measure *m = &p->sum[i];

	/* The head of a post: its date, perhaps its number. */
	if (p->tree->nodes[i].tag == TAG_HEADER && m->heads == 0 &&
	    m->talk == 0 && m->chars < 120 &&
	    tree_find(p->tree, TAG_TIME, i, p->tree->nodes[i].end) != 0)
		return true;
	/* What people put under all they write in a forum. */
	if ((p->words[i] & W_ONLY) &&
	    slice_is(tree_attr(p->tree, i, ATTR_CLASS), "signature") &&
	    m->data == 0 && m->chars < 300)
		return true;
	return (p->words[i] & W_POSTED) && m->chars < 160 && m->talk == 0 &&
	       m->heads == 0;
}

void
boilerplate_cut(struct content_search *s)
{
	struct measured_page *p = s->page;
	const struct node *nodes = p->tree->nodes;

	for (uint32_t i = 1; i < p->tree->n; i++) {
		if (nodes[i].mark & MARK_GONE) {
			i = nodes[i].end - 1;
			continue;
		}
		/* In code a comment is no reader's. */
		if (nodes[i].tag == TAG_TEXT ||
		    (nodes[nodes[i].parent].mark & MARK_CODE))
			continue;
		if ((s->strictness < KEEP_UNLIKELY && is_unlikely(p, i)) ||
		    is_byline(p, i) ||
		    (s->strictness < KEEP_UNLIKELY && is_post_line(p, i)) ||
		    (s->strictness < KEEP_WEIGHTS && is_button_link(p, i))) {
			measure_cut(p, i);
			i = nodes[i].end - 1;
		}
	}
}
