/* math: formulas as TeX where the page has it, else on one line. */
#include "worker/extract/markdown.h"

#include "worker/extract/one_line.h"
#include "worker/extract/math.h"
#include "worker/extract/word_lists.h"

#include <string.h>
#include <strings.h>

#define FORMULA_MAX 2000 /* bytes of TeX or of a line */
#define NEAR_NODES 60    /* nodes around an image that may hold the same */
#define SPAN_NODES 6     /* nodes of an element that holds delimited TeX */

static bool
slice_begins(struct slice v, const char *s)
{
	size_t n = strlen(s);

	return v.len >= n && memcmp(v.s, s, n) == 0;
}

static bool
slice_ends(struct slice v, const char *s)
{
	size_t n = strlen(s);

	return v.len >= n && memcmp(v.s + v.len - n, s, n) == 0;
}

/* strip_delimiters: v less the signs around TeX; *block: those of a display. */
static bool
strip_delimiters(struct slice *v, bool *block)
{
	static const struct {
		const char *open, *close;
		bool block;
	} signs[] = {{"\\(", "\\)", false}, {"\\[", "\\]", true},
	    {"$$", "$$", true}, {"$", "$", false}};

	*v = slice_trim(*v);
	for (size_t k = 0; k < sizeof(signs) / sizeof(*signs); k++) {
		size_t n = strlen(signs[k].open);

		if (v->len <= 2 * n || !slice_begins(*v, signs[k].open) ||
		    !slice_ends(*v, signs[k].close))
			continue;
		*v = slice_trim((struct slice){v->s + n, v->len - 2 * n});
		*block = signs[k].block;
		return true;
	}
	return false;
}

/* put_tex: between dollars, as it was typed; false where it cannot stand. */
static bool
put_tex(struct markdown *m, struct slice v, bool block)
{
	const char *s = one_line_join(m->page->arena, v, FORMULA_MAX);
	const char *sign = block && m->w.flat == 0 ? "$$" : "$";

	if (s[0] == '\0' || (m->w.cell && strchr(s, '|') != NULL))
		return false;
	if (block && m->w.flat == 0)
		writer_break(&m->w, 2);
	writer_raw(&m->w, sign, strlen(sign));
	buf_adds(&m->w.out, s);
	buf_adds(&m->w.out, sign);
	m->w.words++;
	if (block && m->w.flat == 0)
		writer_break(&m->w, 2);
	return true;
}

/* only_child: the one element or text in i that says something, or i. */
static uint32_t
only_child(const struct tree *t, uint32_t i)
{
	for (;;) {
		uint32_t only = 0;

		if (t->nodes[i].tag != TAG_OTHER && t->nodes[i].tag != TAG_MATH)
			return i;
		for (uint32_t k = i + 1; k < t->nodes[i].end;
		     k = t->nodes[k].end) {
			if (t->nodes[k].tag == TAG_TEXT)
				continue;
			if (only != 0)
				return i;
			only = k;
		}
		if (only == 0)
			return i;
		i = only;
	}
}

static void write_math_line(
    const struct measured_page *p, uint32_t i, struct buf *out);

/* nth_element: the nth element in i, 0 without one. */
static uint32_t
nth_element(const struct tree *t, uint32_t i, unsigned n)
{
	for (uint32_t k = i + 1; k < t->nodes[i].end; k = t->nodes[k].end)
		if (t->nodes[k].tag != TAG_TEXT && n-- == 0)
			return k;
	return 0;
}

/* is_leaf: one name or number; simple: or such a one with a power. */
static bool
is_leaf(const struct tree *t, uint32_t i)
{
	i = only_child(t, i);
	return nth_element(t, i, 0) == 0;
}

static bool
is_simple(const struct tree *t, uint32_t i)
{
	i = only_child(t, i);
	if (t->nodes[i].tag == TAG_MSUP || t->nodes[i].tag == TAG_MSUB ||
	    t->nodes[i].tag == TAG_MSQRT || t->nodes[i].tag == TAG_MFENCED)
		return true;
	return is_leaf(t, i);
}

/* is_enclosed: s begins with the "(" that its last sign closes. */
static bool
is_enclosed(const char *s, size_t n)
{
	unsigned open = 0;

	for (size_t i = 0; i < n; i++) {
		if (s[i] == '(')
			open++;
		else if (s[i] == ')' && open > 0)
			open--;
		if (open == 0)
			return i > 0 && i + 1 == n;
	}
	return false;
}

/* write_grouped: in parentheses, unless it is one thing. */
static void
write_grouped(
    const struct measured_page *p, uint32_t i, bool one, struct buf *out)
{
	size_t from = out->len;

	if (i == 0)
		return;
	if (!one)
		buf_addc(out, '(');
	write_math_line(p, i, out);
	if (one || !buf_ok(out))
		return;
	if (is_enclosed(out->data + from + 1, out->len - from - 1)) {
		memmove(out->data + from, out->data + from + 1,
		    out->len - from - 1);
		buf_cut(out, out->len - 1);
		return;
	}
	buf_addc(out, ')');
}

static void
with_sign(const struct measured_page *p, uint32_t i, unsigned n,
    const char *sign, struct buf *out)
{
	const struct tree *t = p->tree;
	uint32_t k = nth_element(t, i, n);

	if (k == 0)
		return;
	buf_adds(out, sign);
	write_grouped(p, k, is_leaf(t, k), out);
}

static void
write_script_base(const struct measured_page *p, uint32_t i, struct buf *out)
{
	uint32_t k = nth_element(p->tree, i, 0);

	write_grouped(p, k, k == 0 || is_leaf(p->tree, k), out);
}

/* first_of: the first character that i shows; 0 without one. */
static char
first_of(const struct tree *t, uint32_t i)
{
	for (uint32_t k = i; k < t->nodes[i].end && k < i + NEAR_NODES; k++) {
		struct slice v = slice_trim(tree_text(t, k));

		if (t->nodes[k].tag == TAG_TEXT && v.len > 0)
			return v.s[0];
	}
	return '\0';
}

static bool
is_word_byte(char c)
{
	return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') ||
	       (c & 0x80);
}

/* write_math_row: the elements in i with sep between them. */
static void
write_math_row(
    const struct measured_page *p, uint32_t i, const char *sep, struct buf *out)
{
	const struct node *nodes = p->tree->nodes;
	bool any = false;
	char first;

	for (uint32_t k = i + 1; k < nodes[i].end; k = nodes[k].end) {
		if (nodes[k].tag == TAG_TEXT || (nodes[k].mark & MARK_GONE))
			continue;
		first = first_of(p->tree, k);
		if (first == '\0')
			continue;
		/* A cell may begin with "=", to stand below another. */
		if (any &&
		    (is_word_byte(first) || strchr("(-[", first) != NULL))
			buf_adds(out, sep);
		any = true;
		write_math_line(p, k, out);
	}
}

/* write_gap: what follows an index, a power or a number is no part of it. */
static void
write_gap(struct buf *out)
{
	if (out->len > 0 && is_word_byte(out->data[out->len - 1]))
		buf_addc(out, ' ');
}

/* has_script: k has an index or a power, behind which a word would be in it. */
static bool
has_script(const struct tree *t, uint32_t k)
{
	switch (t->nodes[only_child(t, k)].tag) {
	case TAG_MSUP:
	case TAG_MSUB:
	case TAG_MSUBSUP:
	case TAG_MUNDEROVER:
	case TAG_MUNDER:
	case TAG_MOVER:
	case TAG_MFRAC:
		return true;
	default:
		return false;
	}
}

/* write_children: what is in i, side by side. */
static void
write_children(const struct measured_page *p, uint32_t i, struct buf *out)
{
	const struct node *nodes = p->tree->nodes;
	bool after = false, now;

	for (uint32_t k = i + 1; k < nodes[i].end; k = nodes[k].end) {
		if (nodes[k].tag == TAG_TEXT) {
			write_math_line(p, k, out);
			continue;
		}
		now = has_script(p->tree, k);
		if ((after && is_word_byte(first_of(p->tree, k))) ||
		    nodes[only_child(p->tree, k)].tag == TAG_MFRAC)
			write_gap(out);
		write_math_line(p, k, out);
		after = now;
	}
}

/* write_leaf_text: the text of a leaf, less the operators that nobody sees. */
static void
write_leaf_text(struct slice v, struct buf *out)
{
	v = slice_trim(v);
	for (size_t i = 0; i < v.len; i++) {
		/* U+2061 to U+2064: applied to, times, comma, plus. */
		if (i + 2 < v.len && memcmp(v.s + i, "\xe2\x81", 2) == 0 &&
		    (unsigned char)v.s[i + 2] >= 0xa1 &&
		    (unsigned char)v.s[i + 2] <= 0xa4) {
			i += 2;
			continue;
		}
		buf_addc(out, v.s[i]);
	}
}

static void
write_math_line(const struct measured_page *p, uint32_t i, struct buf *out)
{
	const struct tree *t = p->tree;
	uint32_t one, two;

	if (t->nodes[i].mark & MARK_GONE)
		return;
	switch (t->nodes[i].tag) {
	case TAG_TEXT:
		write_leaf_text(tree_text(t, i), out);
		return;
	case TAG_ANNOTATION:
	case TAG_ANNOTATION_XML:
		return;
	case TAG_MFRAC:
		one = nth_element(t, i, 0);
		two = nth_element(t, i, 1);
		write_grouped(p, one, one == 0 || is_simple(t, one), out);
		buf_addc(out, '/');
		write_grouped(p, two, two == 0 || is_simple(t, two), out);
		return;
	case TAG_MSUP:
	case TAG_MOVER:
		write_script_base(p, i, out);
		with_sign(p, i, 1, "^", out);
		return;
	case TAG_MSUB:
	case TAG_MUNDER:
		write_script_base(p, i, out);
		with_sign(p, i, 1, "_", out);
		return;
	case TAG_MSUBSUP:
	case TAG_MUNDEROVER:
		write_script_base(p, i, out);
		with_sign(p, i, 1, "_", out);
		with_sign(p, i, 2, "^", out);
		return;
	case TAG_MSQRT:
		one = nth_element(t, i, 0);
		two = nth_element(t, i, 1);
		buf_adds(out, "\xe2\x88\x9a");
		if (one != 0 && two == 0) {
			write_grouped(p, one, is_leaf(t, one), out);
			return;
		}
		buf_addc(out, '(');
		write_children(p, i, out);
		buf_addc(out, ')');
		return;
	case TAG_MROOT:
		write_script_base(p, i, out);
		with_sign(p, i, 1, "^(1/", out);
		buf_addc(out, ')');
		return;
	case TAG_MFENCED:
		buf_addc(out, '(');
		write_math_row(p, i, ", ", out);
		buf_addc(out, ')');
		return;
	case TAG_MTABLE:
		write_math_row(p, i, "; ", out);
		return;
	case TAG_MTR:
		write_math_row(p, i, ", ", out);
		return;
	default:
		write_children(p, i, out);
	}
}

/* tex_of: the formula as its writer typed it, where the page says that. */
static struct slice
tex_of(const struct measured_page *p, uint32_t i)
{
	const struct tree *t = p->tree;

	for (uint32_t k = i + 1; k < t->nodes[i].end; k++) {
		struct slice kind = tree_attr(t, k, ATTR_ENCODING);
		const char *s;

		if (t->nodes[k].tag != TAG_ANNOTATION ||
		    (!slice_is(kind, "application/x-tex") &&
			!slice_is(kind, "TeX") && !slice_is(kind, "LaTeX")))
			continue;
		s = one_line_of(p->arena, t, k, MARK_GONE, FORMULA_MAX);
		return (struct slice){s, strlen(s)};
	}
	return tree_attr(t, i, ATTR_ALTTEXT);
}

void
markdown_math(struct markdown *m, uint32_t i)
{
	struct slice v = tex_of(m->page, i);
	bool block = false;
	struct buf out;

	strip_delimiters(&v, &block);
	if (v.len > 0 && put_tex(m, v, false))
		return;
	buf_init(&out, FORMULA_MAX * 4);
	write_math_line(m->page, i, &out);
	writer_text(&m->w, (struct slice){out.data, out.len});
	buf_release(&out);
}

bool
math_script(const struct tree *t, uint32_t i)
{
	struct slice type = tree_attr(t, i, ATTR_TYPE);

	return t->nodes[i].tag == TAG_SCRIPT && type.len >= 8 &&
	       strncasecmp(type.s, "math/tex", 8) == 0;
}

bool
math_repeats_script(const struct tree *t, uint32_t i)
{
	struct slice v = tree_attr(t, i, ATTR_CLASS);
	uint32_t k = t->nodes[i].end, end = t->nodes[t->nodes[i].parent].end;

	if (v.len < 7 || memmem(v.s, v.len, "MathJax", 7) == NULL)
		return false;
	for (unsigned n = 0; n < SPAN_NODES && k < end; n++) {
		if (math_script(t, k))
			return true;
		k = t->nodes[k].end;
	}
	return false;
}

bool
math_only_text(const struct tree *t, uint32_t i)
{
	uint32_t math = tree_find(t, TAG_MATH, i, t->nodes[i].end);

	/* For screen readers beside an image, or drawn by a style sheet. */
	if (t->nodes[i].tag == TAG_SPAN && math != 0)
		return math <= i + 2;
	if (t->nodes[i].tag == TAG_IMG)
		return math_alt(t, i);
	return slice_has_word(tree_attr(t, i, ATTR_CLASS), "katex-html") &&
	       tree_find(t, TAG_MATH, t->nodes[i].parent, i) == 0;
}

bool
math_stands_beside(const struct tree *t, uint32_t i)
{
	uint32_t k = tree_before(t, i), next = t->nodes[i].end;

	if (tree_find(t, TAG_MATH, i, next) != 0)
		return false;
	if (k != 0 && tree_find(t, TAG_MATH, k, i) != 0)
		return true;
	return next < t->nodes[t->nodes[i].parent].end &&
	       tree_find(t, TAG_MATH, next, t->nodes[next].end) != 0;
}

bool
markdown_tex_script(struct markdown *m, uint32_t i)
{
	const struct tree *t = m->page->tree;
	struct slice type = tree_attr(t, i, ATTR_TYPE);
	uint32_t k = i + 1;

	if (!math_script(t, i))
		return false;
	if (k < t->nodes[i].end)
		put_tex(m, tree_text(t, k),
		    memmem(type.s, type.len, "display", 7) != NULL);
	return true;
}

/* called_math: by the name that tools give to formulas. */
static bool
called_math(const struct tree *t, uint32_t i)
{
	struct slice v = tree_attr(t, i, ATTR_CLASS);

	for (size_t k = 0; v.len > 0 && word_list_math_classes[k] != NULL; k++)
		for (size_t b = 0;
		     b + strlen(word_list_math_classes[k]) <= v.len; b++)
			if ((b == 0 || v.s[b - 1] == ' ' ||
				v.s[b - 1] == '-') &&
			    strncasecmp(v.s + b, word_list_math_classes[k],
				strlen(word_list_math_classes[k])) == 0)
				return true;
	return false;
}

bool
math_alt(const struct tree *t, uint32_t i)
{
	struct slice v = slice_trim(tree_attr(t, i, ATTR_ALT));
	bool block;

	if (v.len == 0 || v.len > FORMULA_MAX)
		return false;
	if (called_math(t, i) || strip_delimiters(&v, &block))
		return true;
	/* "C:\\path" is none. */
	for (size_t b = 0; b + 2 < v.len; b++)
		if (v.s[b] == '\\' && (v.s[b + 1] | 32) >= 'a' &&
		    (v.s[b + 1] | 32) <= 'z')
			return memchr(v.s, '{', v.len) != NULL ||
			       memchr(v.s, '^', v.len) != NULL ||
			       memchr(v.s, '_', v.len) != NULL;
	return false;
}

/* has_math: k is a formula, or holds one that is shown. */
static bool
has_math(const struct measured_page *p, uint32_t k)
{
	const struct node *nodes = p->tree->nodes;

	for (uint32_t j = k; j < nodes[k].end && j < k + NEAR_NODES; j++)
		if (nodes[j].tag == TAG_MATH && !(nodes[j].mark & MARK_GONE))
			return true;
	return false;
}

/* said_beside: the same formula stands right before the image as MathML. */
static bool
said_beside(const struct measured_page *p, uint32_t i)
{
	const struct node *nodes = p->tree->nodes;
	uint32_t before = tree_before(p->tree, i), up = nodes[i].parent;

	if (before != 0 && has_math(p, before))
		return true;
	/* Both in one element that is no block. */
	return !(nodes[up].mark & MARK_BLOCK) &&
	       nodes[up].end - up < NEAR_NODES && has_math(p, up);
}

bool
markdown_math_image(struct markdown *m, uint32_t i)
{
	const struct tree *t = m->page->tree;
	struct slice v = tree_attr(t, i, ATTR_ALT);
	bool block = false;

	if (!math_alt(t, i))
		return false;
	strip_delimiters(&v, &block);
	if (!said_beside(m->page, i) && !put_tex(m, v, block))
		writer_text(&m->w, v);
	return true;
}

bool
markdown_math_text(struct markdown *m, uint32_t i)
{
	const struct tree *t = m->page->tree;
	const struct node *n = &t->nodes[i];
	struct slice v = {NULL, 0};
	bool block = false;

	if (n->nattrs == 0 || n->end > i + SPAN_NODES)
		return false;
	for (uint32_t k = i + 1; k < n->end; k++) {
		struct slice s = slice_trim(tree_text(t, k));

		if (t->nodes[k].tag != TAG_TEXT)
			return false;
		if (s.len > 0 && v.len > 0)
			return false;
		if (s.len > 0)
			v = s;
	}
	return v.len > 2 && (v.s[0] == '\\' || v.s[0] == '$') &&
	       called_math(t, i) && strip_delimiters(&v, &block) &&
	       put_tex(m, v, block);
}
