/* code: fenced blocks and code spans. */
#include "worker/extract/markdown.h"

#include <string.h>
#include <strings.h>

#define CODE_MAX (4u << 20) /* bytes of one block */
#define CLASS_MAX 200       /* bytes of a class that are looked at */

/* put: the bytes of a text, less the control characters. */
static void
put(struct buf *out, struct slice v)
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

/* verbatim: the text in i as it stands; <br> and blocks make new lines. */
static void
verbatim(const struct page *p, uint32_t i, struct buf *out)
{
	const struct tree *t = p->tree;
	uint32_t k;

	for (k = i + 1; k < t->nodes[i].end; k = t->nodes[k].end) {
		const struct node *n = &t->nodes[k];
		bool block = (n->mark & M_BLOCK) && n->tag != TAG_TD;

		if (n->mark & M_GONE)
			continue;
		if (n->tag == TAG_TEXT) {
			put(out, tree_text(t, k));
			continue;
		}
		if (n->tag == TAG_BR)
			buf_addc(out, '\n');
		if (block)
			new_line(out);
		verbatim(p, k, out);
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
fill(struct writer *w, char c, size_t n)
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
	static const char *const markers[] = {
	    "brush:", "hljs", "sourceCode", "code"};
	size_t i = 0;

	for (size_t k = 0; k < sizeof(markers) / sizeof(*markers); k++) {
		size_t n = strlen(markers[k]);

		if (v.len <= n + 1 || strncasecmp(v.s, markers[k], n) != 0 ||
		    v.s[n] != ' ')
			continue;
		for (i = n + 1; i < v.len && v.s[i] != ' ' && v.s[i] != ';';)
			i++;
		return (struct slice){v.s + n + 1, i - n - 1};
	}
	return (struct slice){NULL, 0};
}

/* known: one of the words is the name of a language. */
static struct slice
known(struct slice v)
{
	static const char *const names[] = {"python", "rust", "javascript",
	    "typescript", "js", "ts", "java", "c", "cpp", "c++", "csharp", "go",
	    "golang", "ruby", "php", "perl", "bash", "shell", "sh", "console",
	    "powershell", "sql", "json", "yaml", "toml", "xml", "html", "css",
	    "scss", "kotlin", "swift", "scala", "haskell", "lua", "r", "dart",
	    "elixir", "makefile", "dockerfile", "diff", "graphql", "ini",
	    "nginx"};

	for (size_t k = 0; k < sizeof(names) / sizeof(*names); k++)
		if (slice_has_word(v, names[k]))
			return (struct slice){names[k], strlen(names[k])};
	return (struct slice){NULL, 0};
}

static struct slice
class_language(struct slice v)
{
	static const char *const prefixes[] = {"language-", "lang-",
	    "highlight-source-", "highlight-text-", "highlight-", "src-",
	    "brush:"};
	struct slice lang;

	for (size_t k = 0; k < sizeof(prefixes) / sizeof(*prefixes); k++) {
		lang = rest_of(v, prefixes[k]);
		if (lang.len > 0)
			return lang;
	}
	lang = word_after(v);
	return lang.len > 0 ? lang : known(v);
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

/* plausible: the name of a language, not of a style. */
static bool
plausible(struct slice v)
{
	static const char *const no[] = {"default", "none", "text", "plain",
	    "plaintext", "nohighlight", "notranslate", "highlight", "block"};

	if (v.len == 0 || v.len > 20)
		return false;
	for (size_t k = 0; k < sizeof(no) / sizeof(*no); k++)
		if (slice_is(v, no[k]))
			return false;
	for (size_t i = 0; i < v.len; i++)
		if (((v.s[i] | 32) < 'a' || (v.s[i] | 32) > 'z') &&
		    (v.s[i] == '\0' ||
			strchr("0123456789+#-_.", v.s[i]) == NULL))
			return false;
	return true;
}

/* language: from the <pre>, the <code> in it, or three levels around. */
static struct slice
language(const struct tree *t, uint32_t i)
{
	struct slice v = language_of(t, i);
	uint32_t up = i, code = tree_find(t, TAG_CODE, i, t->nodes[i].end);

	if (!plausible(v) && code != 0)
		v = language_of(t, code);
	for (int level = 0; !plausible(v) && level < 3 && up != 0; level++) {
		up = t->nodes[up].parent;
		v = language_of(t, up);
	}
	if (!plausible(v))
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

/* lines: the code, line by line behind the prefix. */
static void
lines(struct writer *w, const struct buf *b, size_t from, size_t to)
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

void
markdown_pre(struct markdown *m, uint32_t i)
{
	const struct tree *t = m->page->tree;
	struct slice lang = language(t, i);
	size_t from = 0, to, fence;
	struct buf b;

	buf_init(&b, CODE_MAX);
	verbatim(m->page, i, &b);
	to = b.len;
	while (to > 0 && (unsigned char)b.data[to - 1] <= ' ')
		to--;
	/* Whole empty lines at its start go; indentation stays. */
	for (size_t k = 0; k < to && (unsigned char)b.data[k] <= ' '; k++)
		if (b.data[k] == '\n')
			from = k + 1;
	writer_break(&m->w, 2);
	if (to > from && m->w.flat > 0) {
		writer_text(&m->w, (struct slice){b.data + from, to - from});
	} else if (to > from) {
		fence = fence_len(&b, '`', 3);
		writer_raw(&m->w, "", 0);
		fill(&m->w, '`', fence);
		buf_add(&m->w.out, lang.s, lang.len);
		lines(&m->w, &b, from, to);
		writer_line(&m->w);
		fill(&m->w, '`', fence);
		m->w.words += count_words(&b);
	}
	writer_break(&m->w, 2);
	buf_release(&b);
}

/* collapse: runs of white space are one space, none at the ends. */
static void
collapse(struct buf *b)
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

/* span: a bar would end the cell, even inside a code span. */
static void
span(struct markdown *m, const struct buf *b)
{
	for (size_t k = 0; k < b->len; k++) {
		if (b->data[k] == '|' && m->w.cell)
			buf_addc(&m->w.out, '\\');
		buf_addc(&m->w.out, b->data[k]);
	}
}

void
markdown_code(struct markdown *m, uint32_t i)
{
	bool before, after;
	struct buf b;
	size_t n;

	buf_init(&b, CODE_MAX);
	verbatim(m->page, i, &b);
	before = b.len > 0 && (unsigned char)b.data[0] <= ' ';
	after = b.len > 0 && (unsigned char)b.data[b.len - 1] <= ' ';
	collapse(&b);
	if (b.len > 0) {
		bool pad = b.data[0] == '`' || b.data[b.len - 1] == '`';

		n = fence_len(&b, '`', 1);
		m->w.space |= before;
		writer_raw(&m->w, "", 0);
		fill(&m->w, '`', n);
		if (pad)
			buf_addc(&m->w.out, ' ');
		span(m, &b);
		if (pad)
			buf_addc(&m->w.out, ' ');
		fill(&m->w, '`', n);
		m->w.space = after;
		m->w.words += count_words(&b);
	}
	buf_release(&b);
}
