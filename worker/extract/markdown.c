#include "worker/extract/markdown.h"

#include "worker/extract/one_line.h"
#include "worker/extract/superscript.h"

#include <string.h>

/* More nodes than this are no figure, but a page in one. */
#define FIGURE_NODES 1000
#define NEAR_NODES 60 /* what is near an image */

void
markdown_children(struct markdown *m, uint32_t i)
{
	const struct node *nodes = m->page->tree->nodes;

	for (uint32_t k = i + 1; k < nodes[i].end; k = nodes[k].end)
		if (!(nodes[k].mark & MARK_GONE))
			markdown_node(m, k);
}

void
markdown_block(struct markdown *m, uint32_t i)
{
	writer_break(&m->w, 2);
	markdown_children(m, i);
	writer_break(&m->w, 2);
}

/* write_marked: its content between marks. */
static void
write_marked(struct markdown *m, uint32_t i, const char *mark)
{
	bool plain = m->w.flat > 0 && !m->w.cell; /* a heading */
	bool pushed = !plain && writer_push(&m->w, mark, mark, false);

	markdown_children(m, i);
	if (pushed)
		writer_pop(&m->w);
}

/* open_end: "## C #" would lose its last sign, which may close a heading. */
static void
open_end(struct writer *w)
{
	size_t n = w->out.len, k = n;

	while (k > 0 && w->out.data[k - 1] == '#')
		k--;
	if (k < n && k > 0 && w->out.data[k - 1] == ' ')
		writer_escape_last(w);
}

static void
write_heading(struct markdown *m, uint32_t i)
{
	static const char marks[] = "###### ";
	unsigned level = m->page->tree->nodes[i].tag - TAG_H1 + 1;

	writer_break(&m->w, 2);
	if (m->w.flat > 0) {
		markdown_children(m, i);
		writer_break(&m->w, 2);
		return;
	}
	m->w.flat++;
	m->w.lead = marks + 6 - level;
	markdown_children(m, i);
	if (m->w.lead == NULL)
		open_end(&m->w);
	m->w.lead = NULL;
	m->w.flat--;
	writer_break(&m->w, 2);
}

/* same_page: url is a place on the page that base is. */
static bool
same_page(const struct base_url *b, const char *url)
{
	size_t n = b->text == NULL ? 0 : strcspn(b->text, "#");

	return n > 0 && strncmp(url, b->text, n) == 0 && url[n] == '#';
}

/* no_bars: in a cell a bar ends it, even in a link. */
static const char *
no_bars(struct markdown *m, const char *s)
{
	buf_clear(&m->url);
	for (; *s != '\0'; s++)
		if (*s == '|')
			buf_adds(&m->url, "%7C");
		else
			buf_addc(&m->url, *s);
	return arena_strndup(m->page->arena, m->url.data, m->url.len);
}

/* link_close: "](url)" in the arena; NULL when it leads nowhere else. */
static const char *
link_close(struct markdown *m, uint32_t i)
{
	struct slice href = tree_attr(m->page->tree, i, ATTR_HREF);
	const char *s;

	buf_clear(&m->url);
	buf_adds(&m->url, "](");
	if (!base_url_resolve(m->base, href, true, &m->url) ||
	    same_page(m->base, m->url.data + 2))
		return NULL;
	buf_addc(&m->url, ')');
	if (!buf_ok(&m->url))
		return NULL;
	s = arena_strndup(m->page->arena, m->url.data, m->url.len);
	return m->w.cell && strchr(s, '|') != NULL ? no_bars(m, s) : s;
}

/* is_bracketed: "[1]", the mark of a footnote; brackets do not nest well. */
static bool
is_bracketed(const struct measured_page *p, uint32_t i)
{
	struct slice v = {NULL, 0};

	for (uint32_t k = i + 1; k < p->tree->nodes[i].end && v.len == 0; k++)
		if (p->tree->nodes[k].tag == TAG_TEXT)
			v = slice_trim(tree_text(p->tree, k));
	return v.len > 0 && v.s[0] == '[' && p->sum[i].chars < 12;
}

static void write_note_mark(struct markdown *m, uint32_t i);

static void
write_link(struct markdown *m, uint32_t i)
{
	struct slice href = tree_attr(m->page->tree, i, ATTR_HREF);
	const char *close = NULL;
	bool pushed;

	if (superscript_note(m->page->tree, i)) {
		write_note_mark(m, i);
		return;
	}
	/* A place on this very page is no reference outside of it. */
	if (href.len > 0 && href.s[0] != '#' && !is_bracketed(m->page, i))
		close = link_close(m, i);
	pushed = close != NULL && writer_push(&m->w, "[", close, true);
	markdown_children(m, i);
	if (pushed)
		writer_pop(&m->w);
}

/* file_name: an alt text that is only the name of the file. */
static bool
file_name(struct slice v)
{
	for (size_t i = 0; i < v.len; i++)
		if (v.s[i] == ' ' || (v.s[i] & 0x80))
			return false;
	return memchr(v.s, '_', v.len) != NULL ||
	       memchr(v.s, '-', v.len) != NULL ||
	       memchr(v.s, '.', v.len) != NULL;
}

/* is_captioned: the figure around the image says better what it shows. */
static bool
is_captioned(const struct tree *t, uint32_t i)
{
	for (uint32_t up = i; up != 0; up = t->nodes[up].parent)
		if (t->nodes[up].tag == TAG_FIGURE)
			return t->nodes[up].end - up < FIGURE_NODES &&
			       tree_find(t, TAG_FIGCAPTION, up,
				   t->nodes[up].end) != 0;
	return false;
}

/* few_words: a logo's or a product's name, no description. */
static bool
few_words(struct slice v)
{
	unsigned words = 1;

	for (size_t i = 0; i < v.len; i++) {
		if ((unsigned char)v.s[i] >= 0xe3)
			return v.len < 18;
		words += v.s[i] == ' ' && v.s[i + 1] != ' ';
	}
	return words < 3;
}

/* is_repeated_alt: a link or a heading near the image begins with the same
 * words. */
static bool
is_repeated_alt(const struct measured_page *p, uint32_t i, struct slice alt)
{
	const struct tree *t = p->tree;
	uint32_t up = i;

	for (unsigned level = 0; level < 4 && up != 0; level++) {
		up = t->nodes[up].parent;
		if (t->nodes[up].end - up > NEAR_NODES)
			break;
		for (uint32_t k = up + 1; k < t->nodes[up].end; k++)
			if ((t->nodes[k].tag == TAG_A ||
				(t->nodes[k].tag >= TAG_H1 &&
				    t->nodes[k].tag <= TAG_H6)) &&
			    one_line_starts_like(t, k, alt))
				return true;
	}
	return p->h1 != 0 && one_line_starts_like(t, p->h1, alt);
}

/* write_image: its alt text; one without says nothing to who cannot see it. */
static void
write_image(struct markdown *m, uint32_t i)
{
	const struct tree *t = m->page->tree;
	struct slice alt = slice_trim(tree_attr(t, i, ATTR_ALT));
	const struct slice space = {" ", 1};
	uint32_t words = m->w.words;

	if (markdown_math_image(m, i))
		return;
	if (alt.len < 3 || alt.len > 1000 || file_name(alt) || few_words(alt) ||
	    is_captioned(t, i) || is_repeated_alt(m->page, i, alt))
		return;
	writer_text(&m->w, space);
	writer_text(&m->w, alt);
	writer_text(&m->w, space);
	m->w.words = words; /* the text's words, not the images' */
}

static void
write_quote(struct markdown *m, uint32_t i)
{
	size_t before;

	if (m->w.flat > 0) {
		markdown_block(m, i);
		return;
	}
	writer_break(&m->w, 2);
	before = writer_indent(&m->w, "> ", NULL);
	markdown_children(m, i);
	writer_break(&m->w, 2);
	writer_outdent(&m->w, before);
}

/* write_note_mark: the mark of a note, apart from the word it stands at. */
static void
write_note_mark(struct markdown *m, uint32_t i)
{
	struct superscript_text mark = superscript_read(m->page->tree, i);
	const char *s = mark.s;

	if (s[0] != '[')
		s = arena_printf(m->page->arena, "[%s]", s);
	m->w.space = true;
	writer_text(&m->w, (struct slice){s, strlen(s)});
}

/* write_superscript: "10<sup>6</sup>" is not 106, "x<sub>1</sub>" not x1. */
static void
write_superscript(struct markdown *m, uint32_t i)
{
	const struct tree *t = m->page->tree;
	const struct writer *w = &m->w;
	const char *sign = "";
	bool wide;

	if (superscript_note(t, i)) {
		write_note_mark(m, i);
		return;
	}
	if (w->out.len > 0 && !w->space && w->due == 0 && !w->fresh)
		sign = superscript_sign(t, i, w->out.data[w->out.len - 1]);
	wide = sign[0] != '\0' && sign[0] != ' ' && superscript_wide(t, i);
	if (sign[0] == ' ')
		m->w.space = true;
	else if (sign[0] != '\0')
		writer_raw(&m->w, sign, strlen(sign));
	if (wide)
		writer_raw(&m->w, "(", 1);
	markdown_children(m, i);
	if (wide)
		writer_raw(&m->w, ")", 1);
}

static void
write_rule(struct markdown *m)
{
	writer_break(&m->w, 2);
	/* Between blocks only: not at the start, and not twice. */
	if (m->w.flat > 0 || m->w.good == 0 || m->w.marker[0] != '\0')
		return;
	if (m->w.out.len >= 4 &&
	    memcmp(m->w.out.data + m->w.out.len - 4, "\n---", 4) == 0)
		return;
	writer_raw(&m->w, "---", 3);
	writer_break(&m->w, 2);
}

/* write_wrapped: its content between two pieces of text. */
static void
write_wrapped(
    struct markdown *m, uint32_t i, const char *open, const char *close)
{
	if (m->page->sum[i].chars == 0)
		return;
	writer_raw(&m->w, open, strlen(open));
	m->w.space = false;
	m->w.fresh = true;
	markdown_children(m, i);
	m->w.space = false;
	writer_raw(&m->w, close, strlen(close));
}

/* write_inline: elements that are marks in Markdown; false for others. */
static bool
write_inline(struct markdown *m, uint32_t i)
{
	switch (m->page->tree->nodes[i].tag) {
	case TAG_B:
	case TAG_STRONG:
		write_marked(m, i, "**");
		return true;
	case TAG_I:
	case TAG_EM:
	case TAG_CITE:
	case TAG_VAR:
	case TAG_DFN:
		write_marked(m, i, "*");
		return true;
	case TAG_DEL:
	case TAG_S:
	case TAG_STRIKE:
		write_marked(m, i, "~~");
		return true;
	case TAG_CODE:
	case TAG_TT:
	case TAG_SAMP:
	case TAG_KBD:
		markdown_code(m, i);
		return true;
	case TAG_A:
		write_link(m, i);
		return true;
	case TAG_IMG:
		write_image(m, i);
		return true;
	case TAG_SUP:
	case TAG_SUB:
		write_superscript(m, i);
		return true;
	case TAG_MATH:
		markdown_math(m, i);
		return true;
	case TAG_SCRIPT:
		return markdown_tex_script(m, i);
	case TAG_SPAN:
	case TAG_DIV:
	case TAG_P:
		return markdown_math_text(m, i);
	case TAG_ANNOTATION:
	case TAG_ANNOTATION_XML:
		return true; /* what was said is said again */
	case TAG_Q:
		write_wrapped(m, i, "\xe2\x80\x9c", "\xe2\x80\x9d");
		return true;
	case TAG_RT:
		write_wrapped(m, i, "(", ")");
		return true;
	default:
		return false;
	}
}

/* lines_of_code: a block that is code by the shape of its lines. */
static bool
lines_of_code(const struct tree *t, uint32_t i)
{
	const struct node *n = &t->nodes[i];

	return (n->mark & MARK_CODE) && (n->mark & MARK_BLOCK) &&
	       !(t->nodes[n->parent].mark & MARK_CODE);
}

/* write_block: elements that are blocks of a kind; false for plain ones. */
static bool
write_block(struct markdown *m, uint32_t i)
{
	switch (m->page->tree->nodes[i].tag) {
	case TAG_H1 ... TAG_H6:
		write_heading(m, i);
		return true;
	case TAG_UL:
	case TAG_OL:
	case TAG_MENU:
		markdown_list(m, i);
		return true;
	case TAG_LI:
		markdown_item(m, i, -1);
		return true;
	case TAG_DL:
		return markdown_contents(m, i);
	case TAG_DT:
		markdown_term(m, i);
		return true;
	case TAG_BLOCKQUOTE:
		write_quote(m, i);
		return true;
	case TAG_PRE:
	case TAG_LISTING:
	case TAG_XMP:
		markdown_pre(m, i);
		return true;
	case TAG_TABLE:
		if (!markdown_table(m, i))
			markdown_block(m, i);
		return true;
	case TAG_HR:
		write_rule(m);
		return true;
	default:
		return false;
	}
}

/* write_tab_label: the name on the tab that opens what follows. */
static void
write_tab_label(struct markdown *m, const char *name)
{
	struct slice v = {name, strlen(name)};
	bool pushed;

	writer_break(&m->w, 2);
	pushed = writer_push(&m->w, "**", "**", false);
	writer_text(&m->w, v);
	if (pushed)
		writer_pop(&m->w);
	writer_break(&m->w, 2);
}

void
markdown_node(struct markdown *m, uint32_t i)
{
	const struct tree *t = m->page->tree;
	const struct node *n = &t->nodes[i];

	if (m->page->label != NULL && m->page->label[i] != NULL &&
	    m->w.flat == 0)
		write_tab_label(m, m->page->label[i]);
	if (n->tag == TAG_TEXT)
		writer_text(&m->w, tree_text(t, i));
	else if (n->tag == TAG_BR)
		writer_br(&m->w);
	else if (lines_of_code(t, i))
		markdown_pre(m, i);
	else if (write_inline(m, i) || write_block(m, i))
		return;
	else if (n->mark & MARK_BLOCK)
		markdown_block(m, i);
	else
		markdown_children(m, i);
}

/* cut_short: to the last whole block, or to a word of a very long one. */
static void
cut_short(struct writer *w)
{
	size_t n = w->out.len;

	if (w->good >= n / 2) {
		n = w->good;
	} else {
		while (n > w->good && w->out.data[n - 1] != ' ')
			n--;
		while (n > w->good && w->out.data[n - 1] == ' ')
			n--;
	}
	buf_cut(&w->out, n);
}

const char *
markdown_write(const struct measured_page *p, const struct content *c,
    const struct base_url *base, size_t max, size_t *len, uint32_t *words,
    bool *cut)
{
	struct markdown m = {.page = p, .base = base};
	char *text;

	writer_init(&m.w, max);
	buf_init(&m.url, BASE_URL_MAX * 4);
	for (unsigned k = 0; k < c->n && buf_ok(&m.w.out); k++) {
		uint32_t i = c->roots[k];

		if (p->tree->nodes[i].mark & MARK_GONE)
			continue;
		/* A text between two blocks is a block, too. */
		if (p->tree->nodes[i].mark & MARK_BLOCK)
			writer_break(&m.w, 2);
		markdown_node(&m, i);
	}
	writer_break(&m.w, 2);
	*cut = !buf_ok(&m.w.out);
	if (*cut)
		cut_short(&m.w);
	*len = m.w.out.len;
	*words = m.w.words;
	text = arena_alloc(p->arena, *len + 2);
	memcpy(text, m.w.out.data, *len);
	if (*len > 0)
		text[(*len)++] = '\n';
	writer_release(&m.w);
	buf_release(&m.url);
	return text;
}
