/* code: fenced blocks and code spans. */
#include "core/wordlist.h"
#include "worker/extract/code_lines.h"
#include "worker/extract/markdown.h"
#include "worker/extract/superscript.h"
#include "worker/extract/word_lists.h"

#include <string.h>
#include <strings.h>

#define CODE_MAX (4u << 20) /* bytes of one block */
#define CLASS_MAX 200       /* bytes of a class that are looked at */

/* code_put: the bytes of a text, less the control characters. */
static void
code_put(struct buf *out, struct slice v)
{
	size_t from = 0;

	for (size_t i = 0; i < v.len; i++) {
		unsigned char c = (unsigned char)v.s[i];

		if (c >= ' ' ? c != 127 : c == '\n' || c == '\t')
			continue;
		buf_add(out, v.s + from, i - from);
		/* Alone it ends a line, as on the oldest machines. */
		if (c == '\r' && (i + 1 == v.len || v.s[i + 1] != '\n'))
			buf_addc(out, '\n');
		from = i + 1;
	}
	buf_add(out, v.s + from, v.len - from);
}

static void
new_line(struct buf *out)
{
	if (out->len > 0 && out->data[out->len - 1] != '\n')
		buf_addc(out, '\n');
}

/* at_line: nothing but spaces stands on the last line of out. */
static bool
at_line(const struct buf *out)
{
	size_t n = out->len;

	while (n > 0 && out->data[n - 1] == ' ')
		n--;
	return n == 0 || out->data[n - 1] == '\n';
}

/*
 * code_put_spaced: no-break spaces are how lines without <pre> are indented; a
 * line feed and what indents the source are one space, or none.
 */
static void
code_put_spaced(struct buf *out, struct slice v)
{
	for (size_t i = 0; i < v.len; i++) {
		if (v.s[i] == '\xc2' && i + 1 < v.len && v.s[i + 1] == '\xa0') {
			buf_addc(out, ' ');
			i++;
			continue;
		}
		if (v.s[i] != '\n' && v.s[i] != '\r') {
			code_put(out, (struct slice){v.s + i, 1});
			continue;
		}
		while (
		    i + 1 < v.len && (v.s[i + 1] == ' ' || v.s[i + 1] == '\t' ||
					 v.s[i + 1] == '\n'))
			i++;
		if (!at_line(out))
			buf_addc(out, ' ');
	}
}

/* is_source_layout: white space between the lines, as the source is laid out.
 */
static bool
is_source_layout(struct slice v)
{
	return slice_trim(v).len == 0 && memchr(v.s, '\n', v.len) != NULL;
}

/*
 * code_text: the text in i as it stands; <br> and blocks make new lines.
 * loose: not in <pre>, so line feeds mean nothing.
 */
static void
code_text(
    const struct measured_page *p, uint32_t i, bool loose, struct buf *out)
{
	const struct tree *t = p->tree;
	bool first = true, apart = code_lines_lack_feeds(t, i);
	uint32_t k;

	for (k = i + 1; k < t->nodes[i].end; k = t->nodes[k].end) {
		const struct node *n = &t->nodes[k];
		bool block = (n->mark & MARK_BLOCK) && n->tag != TAG_TD;

		if ((n->mark & MARK_GONE) || (loose && n->tag == TAG_THEAD))
			continue;
		if (n->tag == TAG_TEXT) {
			if (!loose)
				code_put(out, tree_text(t, k));
			else if (!is_source_layout(tree_text(t, k)))
				code_put_spaced(out, tree_text(t, k));
			continue;
		}
		if ((n->tag == TAG_SUP || n->tag == TAG_SUB) && out->len > 0)
			buf_adds(out,
			    superscript_sign(t, k, out->data[out->len - 1]));
		if (n->tag == TAG_BR || (apart && !first && !block))
			buf_addc(out, '\n');
		first = false;
		if (block)
			new_line(out);
		code_text(p, k, loose && n->tag != TAG_PRE, out);
		if (block)
			new_line(out);
	}
}

/* fence_len: one more than the longest run of c in the text, at least n. */
static size_t
fence_len(const struct buf *b, char c, size_t n)
{
	size_t run = 0;

	for (size_t i = 0; i < b->len; i++) {
		run = b->data[i] == c ? run + 1 : 0;
		if (run >= n)
			n = run + 1;
	}
	return n;
}

static void
writer_fill(struct writer *w, char c, size_t n)
{
	while (n-- > 0)
		buf_addc(&w->out, c);
}

/* rest_of: what follows prefix in one of the words of v. */
static struct slice
rest_of(struct slice v, const char *prefix)
{
	size_t n = strlen(prefix), i = 0;

	while (i < v.len) {
		size_t start;

		while (i < v.len && v.s[i] == ' ')
			i++;
		start = i;
		while (i < v.len && v.s[i] != ' ')
			i++;
		if (i - start > n && strncasecmp(v.s + start, prefix, n) == 0)
			return (struct slice){v.s + start + n, i - start - n};
	}
	return (struct slice){NULL, 0};
}

/* word_after: the word of v that follows one of the markers. */
static struct slice
word_after(struct slice v)
{
	size_t i = 0;

	for (size_t k = 0; word_list_language_markers[k] != NULL; k++) {
		size_t n = strlen(word_list_language_markers[k]);

		if (v.len <= n + 1 ||
		    strncasecmp(v.s, word_list_language_markers[k], n) != 0 ||
		    v.s[n] != ' ')
			continue;
		for (i = n + 1; i < v.len && v.s[i] != ' ' && v.s[i] != ';';)
			i++;
		return (struct slice){v.s + n + 1, i - n - 1};
	}
	return (struct slice){NULL, 0};
}

/* known_language: one of the words is the name of a language. */
static struct slice
known_language(struct slice v)
{
	for (size_t k = 0; word_list_code_languages[k] != NULL; k++)
		if (slice_has_word(v, word_list_code_languages[k]))
			return (struct slice){word_list_code_languages[k],
			    strlen(word_list_code_languages[k])};
	return (struct slice){NULL, 0};
}

static struct slice
class_language(struct slice v)
{
	struct slice lang;

	for (size_t k = 0; word_list_language_prefixes[k] != NULL; k++) {
		lang = rest_of(v, word_list_language_prefixes[k]);
		if (lang.len > 0)
			return lang;
	}
	lang = word_after(v);
	return lang.len > 0 ? lang : known_language(v);
}

static struct slice
language_of(const struct tree *t, uint32_t i)
{
	struct slice v = tree_attr(t, i, ATTR_DATA_LANG);

	if (v.len == 0)
		v = tree_attr(t, i, ATTR_DATA_LANGUAGE);
	if (v.len == 0) {
		v = tree_attr(t, i, ATTR_CLASS);
		if (v.len > CLASS_MAX)
			v.len = CLASS_MAX;
		v = class_language(v);
	}
	return v;
}

/* is_plausible_language: the name of a language, not of a style. */
static bool
is_plausible_language(struct slice v)
{
	if (v.len == 0 || v.len > 20)
		return false;
	if (wordlist_has(word_list_no_languages, v.s, v.len))
		return false;
	for (size_t i = 0; i < v.len; i++)
		if (((v.s[i] | 32) < 'a' || (v.s[i] | 32) > 'z') &&
		    (v.s[i] == '\0' ||
			strchr("0123456789+#-_.", v.s[i]) == NULL))
			return false;
	return true;
}

/* code_language: from the <pre>, the <code> in it, or three levels around. */
static struct slice
code_language(const struct tree *t, uint32_t i)
{
	struct slice v = language_of(t, i);
	uint32_t up = i, code = tree_find(t, TAG_CODE, i, t->nodes[i].end);

	if (!is_plausible_language(v) && code != 0)
		v = language_of(t, code);
	for (int level = 0; !is_plausible_language(v) && level < 3 && up != 0;
	     level++) {
		up = t->nodes[up].parent;
		v = language_of(t, up);
	}
	if (!is_plausible_language(v))
		return (struct slice){"", 0};
	/* Sphinx names its lexers. */
	if (slice_is(v, "python3") || slice_is(v, "pycon"))
		return (struct slice){"python", 6};
	return v;
}

static uint32_t
count_words(const struct buf *b)
{
	uint32_t n = 0;
	bool gap = true;

	for (size_t i = 0; i < b->len; i++) {
		bool space = (unsigned char)b->data[i] <= ' ';

		n += gap && !space;
		gap = space;
	}
	return n;
}

/* code_lines: the code, line by line behind the prefix. */
static void
code_lines(struct writer *w, const struct buf *b, size_t from, size_t to)
{
	while (from < to) {
		const char *nl = memchr(b->data + from, '\n', to - from);
		size_t end = nl ? (size_t)(nl - b->data) : to, cut = end;

		while (cut > from &&
		       (b->data[cut - 1] == ' ' || b->data[cut - 1] == '\r'))
			cut--;
		if (cut == from)
			writer_blank(w);
		else
			writer_line(w);
		buf_add(&w->out, b->data + from, cut - from);
		from = end + 1;
	}
}

/* common_indent: how many spaces all lines of b begin with. */
static size_t
common_indent(const struct buf *b, size_t from, size_t to)
{
	size_t least = to;

	while (from < to) {
		const char *nl = memchr(b->data + from, '\n', to - from);
		size_t end = nl ? (size_t)(nl - b->data) : to, n = from;

		while (n < end && b->data[n] == ' ')
			n++;
		if (n < end && n - from < least)
			least = n - from;
		from = end + 1;
	}
	return least;
}

/* remove_indent: takes n spaces from the start of each line; the new end. */
static size_t
remove_indent(struct buf *b, size_t from, size_t to, size_t n)
{
	size_t at = from;
	bool start = true;

	for (size_t k = from, left = n; k < to; k++) {
		if (start)
			left = n;
		start = b->data[k] == '\n';
		if (left > 0 && b->data[k] == ' ') {
			left--;
			continue;
		}
		left = 0;
		b->data[at++] = b->data[k];
	}
	return at;
}

static void code_span(struct markdown *m, const struct buf *b);

/* write_code_spans: the lines in a cell or a heading, a code span for each. */
static void
write_code_spans(
    struct markdown *m, const struct buf *b, size_t from, size_t to)
{
	struct buf line;

	buf_init(&line, CODE_MAX);
	while (from < to) {
		const char *nl = memchr(b->data + from, '\n', to - from);
		size_t end = nl ? (size_t)(nl - b->data) : to;

		buf_clear(&line);
		buf_add(&line, b->data + from, end - from);
		m->w.space = true;
		code_span(m, &line);
		from = end + 1;
	}
	m->w.space = true;
	buf_release(&line);
}

static void
write_fenced(struct markdown *m, const struct buf *b, size_t from, size_t to,
    struct slice lang)
{
	size_t fence = fence_len(b, '`', 3);

	writer_raw(&m->w, "", 0);
	writer_fill(&m->w, '`', fence);
	buf_add(&m->w.out, lang.s, lang.len);
	code_lines(&m->w, b, from, to);
	writer_line(&m->w);
	writer_fill(&m->w, '`', fence);
	m->w.words += count_words(b);
}

void
markdown_pre(struct markdown *m, uint32_t i)
{
	const struct tree *t = m->page->tree;
	enum tag tag = t->nodes[i].tag;
	bool loose = tag != TAG_PRE && tag != TAG_LISTING && tag != TAG_XMP;
	size_t from = 0, to;
	struct buf b;

	buf_init(&b, CODE_MAX);
	code_text(m->page, i, loose, &b);
	to = b.len;
	while (to > 0 && (unsigned char)b.data[to - 1] <= ' ')
		to--;
	/* Whole empty lines at its start go; indentation stays. */
	for (size_t k = 0; k < to && (unsigned char)b.data[k] <= ' '; k++)
		if (b.data[k] == '\n')
			from = k + 1;
	if (loose)
		to = remove_indent(&b, from, to, common_indent(&b, from, to));
	writer_break(&m->w, 2);
	if (to > from && m->w.flat > 0)
		write_code_spans(m, &b, from, to);
	else if (to > from)
		write_fenced(m, &b, from, to, code_language(t, i));
	writer_break(&m->w, 2);
	buf_release(&b);
}

/* collapse_space: runs of white space are one space, none at the ends. */
static void
collapse_space(struct buf *b)
{
	size_t to = 0;
	bool gap = false;

	for (size_t i = 0; i < b->len; i++) {
		char c = b->data[i];

		if ((unsigned char)c <= ' ') {
			gap = to > 0;
			continue;
		}
		if (gap)
			b->data[to++] = ' ';
		gap = false;
		b->data[to++] = c;
	}
	buf_cut(b, to);
}

/* write_code_span: a bar would end the cell, even inside a code span. */
static void
write_code_span(struct markdown *m, const struct buf *b)
{
	for (size_t k = 0; k < b->len; k++) {
		if (b->data[k] == '|' && m->w.cell)
			buf_addc(&m->w.out, '\\');
		buf_addc(&m->w.out, b->data[k]);
	}
}

/* code_span: b, white space collapsed, on the line. */
static void
code_span(struct markdown *m, const struct buf *from)
{
	bool before, after, pad;
	struct buf b;
	size_t n;

	buf_init(&b, CODE_MAX);
	buf_add(&b, from->data, from->len);
	before = b.len > 0 && (unsigned char)b.data[0] <= ' ';
	after = b.len > 0 && (unsigned char)b.data[b.len - 1] <= ' ';
	collapse_space(&b);
	if (b.len > 0) {
		pad = b.data[0] == '`' || b.data[b.len - 1] == '`';
		n = fence_len(&b, '`', 1);
		m->w.space |= before;
		writer_raw(&m->w, "", 0);
		writer_fill(&m->w, '`', n);
		if (pad)
			buf_addc(&m->w.out, ' ');
		write_code_span(m, &b);
		if (pad)
			buf_addc(&m->w.out, ' ');
		writer_fill(&m->w, '`', n);
		m->w.space = after;
		m->w.words += count_words(&b);
	}
	buf_release(&b);
}

/* block_of_code: i has lines, and hardly anything stands beside it. */
static bool
block_of_code(const struct markdown *m, uint32_t i)
{
	const struct measured_page *p = m->page;

	return m->w.flat == 0 && code_lines_inline(p->tree, i) &&
	       p->sum[i].chars * 10 >= p->own[p->block[i]].chars * 8;
}

void
markdown_code(struct markdown *m, uint32_t i)
{
	struct buf b;

	if (block_of_code(m, i)) {
		markdown_pre(m, i);
		return;
	}
	buf_init(&b, CODE_MAX);
	code_text(m->page, i, false, &b);
	code_span(m, &b);
	buf_release(&b);
}
