#include "worker/extract/tree.h"

#include "core/log.h"
#include "core/text.h"
#include "worker/extract/tree_builder.h"
#include "worker/extract/entity.h"
#include "worker/extract/insertion.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define ROOM 3 /* the shortest tag, or end of a text that is kept */

/* One page on its way from bytes to nodes. */
struct lexer {
	struct tree *tree;
	const struct page_reader_limits *limits;
	struct name_tables names;
	struct tree_builder build;
	char *s;     /* tree->bytes */
	size_t room; /* bytes before at that are nobody's any more */
	size_t at;
	size_t len;
};

static bool
is_alpha(char c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}

/* lex_find: the next c at or after from; the end of the page when none. */
static size_t
lex_find(const struct lexer *lx, size_t from, char c)
{
	const char *p;

	if (from >= lx->len)
		return lx->len;
	p = memchr(lx->s + from, c, lx->len - from);
	return p == NULL ? lx->len : (size_t)(p - lx->s);
}

static void
lex_text(struct lexer *lx, size_t from, size_t to)
{
	struct slice v = {lx->s + from, to - from};

	if (v.len == 0)
		return;
	if (memchr(v.s, '&', v.len) != NULL)
		v = entity_decode(lx->s + from, v.len, false, lx->room);
	insertion_text(&lx->build, (size_t)(v.s - lx->s), v.len);
}

void
tree_add_attr(struct tree *t, struct attr_value v)
{
	if (t->nattrs == t->attrs_cap) {
		t->attrs_cap = t->attrs_cap == 0 ? 512 : t->attrs_cap * 2;
		t->attrs = realloc(t->attrs, t->attrs_cap * sizeof(*t->attrs));
		if (t->attrs == NULL)
			fatal("out of memory: %u attributes", t->attrs_cap);
	}
	t->attrs[t->nattrs++] = v;
}

/* lex_keep_attribute: one more attribute in the tree; a second of a name is
 * ignored. */
static void
lex_keep_attribute(
    struct lexer *lx, uint32_t first, enum attr name, size_t at, size_t len)
{
	struct tree *t = lx->tree;
	struct slice v = {lx->s + at, len};

	for (uint32_t i = first; i < t->nattrs; i++)
		if (t->attrs[i].name == name)
			return;
	/* Before it stands a quote or the "=". */
	if (memchr(v.s, '&', len) != NULL)
		v = entity_decode(lx->s + at, len, true, 1);
	tree_add_attr(t, (struct attr_value){.at = (uint32_t)(v.s - lx->s),
			     .len = (uint32_t)v.len,
			     .name = (uint8_t)name});
}

/* lex_value: skips one attribute value at lx->at; its place in *at and *len. */
static void
lex_value(struct lexer *lx, size_t *at, size_t *len)
{
	size_t i = lx->at;
	char quote;

	while (i < lx->len && text_is_html_space(lx->s[i]))
		i++;
	quote = i < lx->len ? lx->s[i] : '>';
	if (quote == '"' || quote == '\'') {
		*at = i + 1;
		i = lex_find(lx, i + 1, quote);
		*len = i - *at;
		lx->at = i < lx->len ? i + 1 : i;
		return;
	}
	*at = i;
	while (i < lx->len && !text_is_html_space(lx->s[i]) && lx->s[i] != '>')
		i++;
	*len = i - *at;
	lx->at = i;
}

/* lex_attribute: reads one at lx->at, which is neither space nor '>'. */
static void
lex_attribute(struct lexer *lx, uint32_t first, bool wanted)
{
	size_t start = lx->at, i = lx->at, at, len = 0;
	enum attr name;

	/* A leading '=' belongs to the name. */
	do
		i++;
	while (i < lx->len && !text_is_html_space(lx->s[i]) &&
	       lx->s[i] != '>' && lx->s[i] != '=' && lx->s[i] != '/');
	name = wanted ? name_tables_attr(&lx->names, lx->s + start, i - start)
		      : ATTR_NONE;
	at = i;
	while (i < lx->len && text_is_html_space(lx->s[i]))
		i++;
	if (i < lx->len && lx->s[i] == '=') {
		lx->at = i + 1;
		lex_value(lx, &at, &len);
	} else {
		lx->at = at;
	}
	if (name != ATTR_NONE)
		lex_keep_attribute(lx, first, name, at, len);
}

/*
 * lex_attributes: up to and over the '>'; false when the page ends before it.
 * *closed: it was "/>".
 */
static bool
lex_attributes(struct lexer *lx, uint32_t first, bool *closed)
{
	bool slash = false;
	unsigned n = 0;

	for (;;) {
		while (lx->at < lx->len && (text_is_html_space(lx->s[lx->at]) ||
					       lx->s[lx->at] == '/')) {
			slash = lx->s[lx->at] == '/';
			lx->at++;
		}
		if (lx->at >= lx->len)
			return false;
		if (lx->s[lx->at] == '>') {
			lx->at++;
			*closed = slash;
			return true;
		}
		slash = false;
		if (++n == lx->limits->attrs)
			lx->tree->flags |= HTML_PAGE_ATTRS;
		lex_attribute(lx, first, n < lx->limits->attrs);
	}
}

/* tag_name_end: where the name that begins at i ends. */
static size_t
tag_name_end(const struct lexer *lx, size_t i)
{
	while (i < lx->len && !text_is_html_space(lx->s[i]) &&
	       lx->s[i] != '>' && lx->s[i] != '/')
		i++;
	return i;
}

/* is_tag_name_at: at i is name, and there it ends. */
static bool
is_tag_name_at(const struct lexer *lx, size_t i, const char *name)
{
	size_t n = strlen(name);

	return lx->len - i > n && strncasecmp(lx->s + i, name, n) == 0 &&
	       (text_is_html_space(lx->s[i + n]) || lx->s[i + n] == '>' ||
		   lx->s[i + n] == '/');
}

/* raw_end: where "</name" is, which ends an element that is not markup. */
static size_t
raw_end(const struct lexer *lx, const char *name)
{
	size_t i = lx->at;

	for (; (i = lex_find(lx, i, '<')) < lx->len; i++)
		if (lx->len - i > 2 && lx->s[i + 1] == '/' &&
		    is_tag_name_at(lx, i + 2, name))
			return i;
	return lx->len;
}

static bool
is_text_at(const struct lexer *lx, size_t i, const char *s)
{
	size_t n = strlen(s);

	return lx->len - i >= n && memcmp(lx->s + i, s, n) == 0;
}

/*
 * script_end: the same for <script>, in which "<!--" starts a comment, and
 * "<script" in that comment something that its own "</script" ends.
 */
static size_t
script_end(const struct lexer *lx)
{
	enum { PLAIN, ESCAPED, TWICE } state = PLAIN;
	size_t i = lx->at;

	for (; i < lx->len; i++) {
		if (state == PLAIN && (i = lex_find(lx, i, '<')) == lx->len)
			break;
		if (lx->s[i] == '-' && is_text_at(lx, i, "-->"))
			state = PLAIN;
		if (lx->s[i] != '<')
			continue;
		if (state == PLAIN && is_text_at(lx, i, "<!--")) {
			state = ESCAPED;
			i++; /* "<!-->" is one and its end */
		} else if (is_text_at(lx, i, "</") &&
			   is_tag_name_at(lx, i + 2, "script")) {
			if (state != TWICE)
				return i;
			state = ESCAPED;
		} else if (state == ESCAPED &&
			   is_tag_name_at(lx, i + 1, "script")) {
			state = TWICE;
		}
	}
	return lx->len;
}

/* lex_raw_text: the content of <script>, <title> and their like, and its end
 * tag. */
static void
lex_raw_text(struct lexer *lx, enum tag tag)
{
	size_t from = lx->at;
	struct slice v = {lx->s + from, 0};
	size_t end =
	    tag == TAG_SCRIPT ? script_end(lx) : raw_end(lx, tag_name(tag));
	uint32_t first = lx->tree->nattrs;
	bool closed;

	v.len = end - from;
	if ((tag == TAG_TITLE || tag == TAG_TEXTAREA) && v.len > 0 &&
	    memchr(v.s, '&', v.len) != NULL)
		v = entity_decode(lx->s + from, v.len, false, 1);
	tree_builder_text_in(
	    &lx->build, lx->build.raw, (size_t)(v.s - lx->s), v.len);
	lx->build.raw = 0;
	lx->at = end;
	if (end == lx->len)
		return;
	lx->at += 2 + strlen(tag_name(tag));
	if (!lex_attributes(lx, first, &closed))
		lx->at = lx->len;
	lx->tree->nattrs = first;
}

/* name_hash: of the len bytes at s, never 0. */
static uint32_t
name_hash(const char *s, size_t len)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)s[i]) * 16777619u;
	return h | 1;
}

static void
start_tag(struct lexer *lx)
{
	size_t from = lx->at + 1, i = tag_name_end(lx, from);
	struct tree_builder *b = &lx->build;
	struct tag_token tk = {.first = lx->tree->nattrs};
	enum tag tag;

	tk.name = name_tables_id(&lx->names, lx->s + from, i - from);
	lx->at = i;
	if (!lex_attributes(lx, tk.first, &tk.closed)) {
		lx->tree->nattrs = tk.first;
		return;
	}
	tag = tree_builder_tag(tk.name);
	/* Of links there is never a second one open, alike or not. */
	if ((tag_kind(tag) & T_FORMAT) && tag != TAG_A && lx->at - i > 1)
		tk.alike = name_hash(lx->s + i, lx->at - i);
	insertion_start(b, &tk);
	if (b->skip_lf && lx->at < lx->len && lx->s[lx->at] == '\n')
		lx->at++;
	b->skip_lf = false;
	if (b->raw != 0)
		lex_raw_text(lx, tag);
	if (!b->plaintext)
		return;
	insertion_text(b, lx->at, lx->len - lx->at);
	lx->at = lx->len;
}

static void
end_tag(struct lexer *lx)
{
	size_t from = lx->at + 2, i = tag_name_end(lx, from);
	uint32_t name = name_tables_id(&lx->names, lx->s + from, i - from);
	uint32_t first = lx->tree->nattrs;
	bool closed;

	lx->at = i;
	/* Most have no attributes, which would mean nothing. */
	if (i < lx->len && lx->s[i] == '>')
		lx->at++;
	else if (!lex_attributes(lx, first, &closed))
		return;
	lx->tree->nattrs = first;
	insertion_end(&lx->build, name);
}

/* lex_comment: "<!--" to "-->"; "<!-->", "<!--->", "--!>" end it too. */
static void
lex_comment(struct lexer *lx)
{
	size_t i = lx->at + 4;

	if (i + 1 < lx->len && lx->s[i] == '-' && lx->s[i + 1] == '>')
		i++;
	if (i < lx->len && lx->s[i] == '>') {
		lx->at = i + 1;
		return;
	}
	for (; (i = lex_find(lx, i, '>')) < lx->len; i++) {
		const char *p = lx->s + i;

		if ((i >= lx->at + 6 && p[-1] == '-' && p[-2] == '-') ||
		    (i >= lx->at + 7 && memcmp(p - 3, "--!", 3) == 0))
			break;
	}
	lx->at = i < lx->len ? i + 1 : i;
}

/* lex_declaration: doctype, comment, CDATA, processing instruction. */
static void
lex_declaration(struct lexer *lx)
{
	size_t left = lx->len - lx->at, end;
	const char *p = lx->s + lx->at;

	if (left >= 4 && memcmp(p, "<!--", 4) == 0) {
		lex_comment(lx);
		return;
	}
	if (tree_builder_foreign(&lx->build) && left >= 9 &&
	    memcmp(p, "<![CDATA[", 9) == 0) {
		p = memmem(p, left, "]]>", 3);
		end = p == NULL ? lx->len : (size_t)(p - lx->s);
		insertion_text(&lx->build, lx->at + 9, end - lx->at - 9);
		lx->at = p == NULL ? lx->len : end + 3;
		return;
	}
	end = lex_find(lx, lx->at, '>');
	if (left >= 9 && strncasecmp(p, "<!doctype", 9) == 0)
		insertion_doctype(
		    &lx->build, (struct slice){p + 9, end - lx->at - 9});
	lx->at = end < lx->len ? end + 1 : end;
}

static void
lex_page(struct lexer *lx)
{
	size_t from = 0, lt = 0;
	uint32_t attrs;

	while (!lx->build.full && (lt = lex_find(lx, lt, '<')) < lx->len) {
		char c = lt + 1 < lx->len ? lx->s[lt + 1] : ' ';
		char d = lt + 2 < lx->len ? lx->s[lt + 2] : ' ';

		if (!is_alpha(c) && c != '!' && c != '?' &&
		    (c != '/' || lt + 2 >= lx->len)) {
			lt++;
			continue;
		}
		lex_text(lx, from, lt);
		lx->at = lt;
		attrs = lx->tree->nattrs;
		if (is_alpha(c))
			start_tag(lx);
		else if (c == '/' && is_alpha(d))
			end_tag(lx);
		else
			lex_declaration(lx);
		/* Values are kept where they stand in the tag. */
		lx->room = lx->tree->nattrs > attrs ? 1
			   : lx->at - lt < ROOM     ? lx->at - lt
						    : ROOM;
		from = lt = lx->at;
	}
	if (!lx->build.full)
		lex_text(lx, from, lx->len);
}

static void
tree_free(void *arg)
{
	struct tree *t = arg;

	free(t->nodes);
	free(t->attrs);
}

void
tree_parse(struct tree *t, struct arena *a, char *bytes, size_t len,
    const struct page_reader_limits *limits)
{
	struct lexer *lx = arena_alloc(a, sizeof(*lx));

	memset(t, 0, sizeof(*t));
	t->bytes = bytes;
	t->len = len;
	arena_defer(a, tree_free, t);
	lx->tree = t;
	lx->limits = limits;
	lx->s = bytes;
	lx->len = len;
	name_tables_init(&lx->names);
	tree_builder_init(&lx->build, t, limits);
	lex_page(lx);
	tree_builder_finish(&lx->build);
}

struct slice
tree_attr(const struct tree *t, uint32_t i, enum attr name)
{
	const struct node *n = &t->nodes[i];

	/* A text's nattrs is 0. */
	for (uint32_t k = n->at; k < n->at + n->nattrs; k++)
		if (t->attrs[k].name == name)
			return (struct slice){
			    t->bytes + t->attrs[k].at, t->attrs[k].len};
	return (struct slice){NULL, 0};
}

struct slice
tree_text(const struct tree *t, uint32_t i)
{
	const struct node *n = &t->nodes[i];

	return (struct slice){t->bytes + n->at, n->len};
}

bool
tree_within(const struct tree *t, uint32_t i, enum tag tag)
{
	for (; i != 0; i = t->nodes[i].parent)
		if (t->nodes[i].tag == tag)
			return true;
	return false;
}

uint32_t
tree_before(const struct tree *t, uint32_t i)
{
	uint32_t up = t->nodes[i].parent, k;

	for (; i > up + 1; i = k) {
		for (k = i - 1; t->nodes[k].parent != up;)
			k = t->nodes[k].parent;
		if (t->nodes[k].tag != TAG_TEXT)
			return k;
		if (slice_trim(tree_text(t, k)).len > 0)
			return 0;
	}
	return 0;
}

uint32_t
tree_find(const struct tree *t, enum tag tag, uint32_t from, uint32_t to)
{
	for (uint32_t i = from; i < to; i++)
		if (t->nodes[i].tag == tag)
			return i;
	return 0;
}

bool
slice_is(struct slice v, const char *s)
{
	return v.s != NULL && strlen(s) == v.len &&
	       strncasecmp(v.s, s, v.len) == 0;
}

bool
slice_is_blank(struct slice v)
{
	for (size_t i = 0; i < v.len; i++)
		if (!text_is_html_space(v.s[i]))
			return false;
	return true;
}

struct slice
slice_trim(struct slice v)
{
	while (v.len > 0 && text_is_html_space(v.s[0])) {
		v.s++;
		v.len--;
	}
	while (v.len > 0 && text_is_html_space(v.s[v.len - 1]))
		v.len--;
	return v;
}

bool
slice_has_word(struct slice v, const char *word)
{
	size_t n = strlen(word), i = 0, start;

	while (i < v.len) {
		while (i < v.len && text_is_html_space(v.s[i]))
			i++;
		start = i;
		while (i < v.len && !text_is_html_space(v.s[i]))
			i++;
		if (i - start == n && strncasecmp(v.s + start, word, n) == 0)
			return true;
	}
	return false;
}
