#include "worker/extract/tree.h"

#include "core/log.h"
#include "worker/extract/build.h"
#include "worker/extract/entity.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* One page on its way from bytes to nodes. */
struct lexer {
	struct tree *tree;
	const struct doc_limits *limits;
	struct names names;
	struct build build;
	char *s; /* tree->bytes */
	size_t at;
	size_t len;
};

static bool
is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

static bool
is_alpha(char c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}

/* find: the next c at or after from; the end of the page when none. */
static size_t
find(const struct lexer *lx, size_t from, char c)
{
	const char *p;

	if (from >= lx->len)
		return lx->len;
	p = memchr(lx->s + from, c, lx->len - from);
	return p == NULL ? lx->len : (size_t)(p - lx->s);
}

static void
text(struct lexer *lx, size_t from, size_t to)
{
	size_t len = to - from;

	if (len == 0)
		return;
	if (memchr(lx->s + from, '&', len) != NULL)
		len = entity_decode(lx->s + from, len, false);
	build_text(&lx->build, from, len);
}

/* keep: one more attribute in the tree; a second of a name is ignored. */
static void
keep(struct lexer *lx, uint32_t first, enum attr name, size_t at, size_t len)
{
	struct tree *t = lx->tree;

	for (uint32_t i = first; i < t->nattrs; i++)
		if (t->attrs[i].name == name)
			return;
	if (t->nattrs == t->attrs_cap) {
		t->attrs_cap = t->attrs_cap == 0 ? 512 : t->attrs_cap * 2;
		t->attrs = realloc(t->attrs, t->attrs_cap * sizeof(*t->attrs));
		if (t->attrs == NULL)
			fatal("out of memory: %u attributes", t->attrs_cap);
	}
	if (memchr(lx->s + at, '&', len) != NULL)
		len = entity_decode(lx->s + at, len, true);
	t->attrs[t->nattrs++] = (struct attr_value){
	    .at = (uint32_t)at, .len = (uint32_t)len, .name = (uint8_t)name};
}

/* value: skips one attribute value at lx->at; its place in *at and *len. */
static void
value(struct lexer *lx, size_t *at, size_t *len)
{
	size_t i = lx->at;
	char quote;

	while (i < lx->len && is_space(lx->s[i]))
		i++;
	quote = i < lx->len ? lx->s[i] : '>';
	if (quote == '"' || quote == '\'') {
		*at = i + 1;
		i = find(lx, i + 1, quote);
		*len = i - *at;
		lx->at = i < lx->len ? i + 1 : i;
		return;
	}
	*at = i;
	while (i < lx->len && !is_space(lx->s[i]) && lx->s[i] != '>')
		i++;
	*len = i - *at;
	lx->at = i;
}

/* attribute: reads one at lx->at, which is neither space nor '>'. */
static void
attribute(struct lexer *lx, uint32_t first, bool wanted)
{
	size_t start = lx->at, i = lx->at, at, len = 0;
	enum attr name;

	/* A leading '=' belongs to the name. */
	do
		i++;
	while (i < lx->len && !is_space(lx->s[i]) && lx->s[i] != '>' &&
	       lx->s[i] != '=' && lx->s[i] != '/');
	name = wanted ? names_attr(&lx->names, lx->s + start, i - start)
		      : ATTR_NONE;
	at = i;
	while (i < lx->len && is_space(lx->s[i]))
		i++;
	if (i < lx->len && lx->s[i] == '=') {
		lx->at = i + 1;
		value(lx, &at, &len);
	} else {
		lx->at = at;
	}
	if (name != ATTR_NONE)
		keep(lx, first, name, at, len);
}

/* attributes: up to and over the '>'; true when it was "/>". */
static bool
attributes(struct lexer *lx, uint32_t first)
{
	bool slash = false;
	unsigned n = 0;

	for (;;) {
		while (lx->at < lx->len &&
		       (is_space(lx->s[lx->at]) || lx->s[lx->at] == '/')) {
			slash = lx->s[lx->at] == '/';
			lx->at++;
		}
		if (lx->at >= lx->len)
			return slash;
		if (lx->s[lx->at] == '>') {
			lx->at++;
			return slash;
		}
		slash = false;
		if (++n == lx->limits->attrs)
			lx->tree->flags |= DOC_ATTRS;
		attribute(lx, first, n < lx->limits->attrs);
	}
}

/* raw_end: where "</name" is, which ends an element that is not markup. */
static size_t
raw_end(const struct lexer *lx, const char *name)
{
	size_t n = strlen(name), i = lx->at;

	for (; (i = find(lx, i, '<')) < lx->len; i++) {
		if (lx->len - i < n + 2 || lx->s[i + 1] != '/' ||
		    strncasecmp(lx->s + i + 2, name, n) != 0)
			continue;
		if (i + 2 + n == lx->len || is_space(lx->s[i + 2 + n]) ||
		    lx->s[i + 2 + n] == '>' || lx->s[i + 2 + n] == '/')
			return i;
	}
	return lx->len;
}

/* raw: the content of <script>, <title> and their like, as one text. */
static void
raw(struct lexer *lx, enum tag tag)
{
	size_t end = raw_end(lx, tag_name(tag));

	if (lx->build.over > 0 && (tag_kind(tag) & T_SKIP))
		; /* the element is not kept, so its text would be the page's */
	else if (tag == TAG_TITLE || tag == TAG_TEXTAREA)
		text(lx, lx->at, end);
	else
		build_text(&lx->build, lx->at, end - lx->at);
	lx->at = end;
}

static void
start_tag(struct lexer *lx)
{
	size_t i = lx->at + 1;
	uint32_t first = lx->tree->nattrs;
	enum tag tag;
	bool closed;

	while (i < lx->len && !is_space(lx->s[i]) && lx->s[i] != '>' &&
	       lx->s[i] != '/')
		i++;
	tag = names_tag(&lx->names, lx->s + lx->at + 1, i - lx->at - 1);
	lx->at = i;
	closed = attributes(lx, first);
	build_start(&lx->build, tag, first, closed);
	/* A shadow root is what the reader sees in place of its host. */
	if ((tag_kind(tag) & T_RAW) && !build_foreign(&lx->build))
		raw(lx, tag);
}

static void
end_tag(struct lexer *lx)
{
	size_t i = lx->at + 2;
	enum tag tag;

	while (i < lx->len && !is_space(lx->s[i]) && lx->s[i] != '>' &&
	       lx->s[i] != '/')
		i++;
	tag = names_tag(&lx->names, lx->s + lx->at + 2, i - lx->at - 2);
	lx->at = find(lx, i, '>');
	if (lx->at < lx->len)
		lx->at++;
	build_end(&lx->build, tag);
}

/* comment: "<!--" to "-->"; "<!-->", "<!--->", "--!>" end it too. */
static void
comment(struct lexer *lx)
{
	size_t i = lx->at + 4;

	if (i + 1 < lx->len && lx->s[i] == '-' && lx->s[i + 1] == '>')
		i++;
	if (i < lx->len && lx->s[i] == '>') {
		lx->at = i + 1;
		return;
	}
	for (; (i = find(lx, i, '>')) < lx->len; i++) {
		const char *p = lx->s + i;

		if ((i >= lx->at + 6 && p[-1] == '-' && p[-2] == '-') ||
		    (i >= lx->at + 7 && memcmp(p - 3, "--!", 3) == 0))
			break;
	}
	lx->at = i < lx->len ? i + 1 : i;
}

/* declaration: doctype, comment, CDATA, processing instruction. */
static void
declaration(struct lexer *lx)
{
	size_t left = lx->len - lx->at, end;
	const char *p = lx->s + lx->at;

	if (left >= 4 && memcmp(p, "<!--", 4) == 0) {
		comment(lx);
		return;
	}
	if (build_foreign(&lx->build) && left >= 9 &&
	    memcmp(p, "<![CDATA[", 9) == 0) {
		p = memmem(p, left, "]]>", 3);
		end = p == NULL ? lx->len : (size_t)(p - lx->s);
		build_text(&lx->build, lx->at + 9, end - lx->at - 9);
		lx->at = p == NULL ? lx->len : end + 3;
		return;
	}
	lx->at = find(lx, lx->at, '>');
	if (lx->at < lx->len)
		lx->at++;
}

static void
lex(struct lexer *lx)
{
	size_t from = 0, lt = 0;

	while (!lx->build.full && (lt = find(lx, lt, '<')) < lx->len) {
		char c = lt + 1 < lx->len ? lx->s[lt + 1] : ' ';
		char d = lt + 2 < lx->len ? lx->s[lt + 2] : ' ';

		if (!is_alpha(c) && c != '!' && c != '?' && c != '/') {
			lt++;
			continue;
		}
		text(lx, from, lt);
		lx->at = lt;
		if (is_alpha(c))
			start_tag(lx);
		else if (c == '/' && is_alpha(d))
			end_tag(lx);
		else
			declaration(lx);
		from = lt = lx->at;
	}
	if (!lx->build.full)
		text(lx, from, lx->len);
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
    const struct doc_limits *limits)
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
	names_init(&lx->names);
	build_init(&lx->build, t, limits);
	lex(lx);
	build_finish(&lx->build);
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

struct slice
slice_trim(struct slice v)
{
	while (v.len > 0 && is_space(v.s[0])) {
		v.s++;
		v.len--;
	}
	while (v.len > 0 && is_space(v.s[v.len - 1]))
		v.len--;
	return v;
}

bool
slice_has_word(struct slice v, const char *word)
{
	size_t n = strlen(word), i = 0, start;

	while (i < v.len) {
		while (i < v.len && is_space(v.s[i]))
			i++;
		start = i;
		while (i < v.len && !is_space(v.s[i]))
			i++;
		if (i - start == n && strncasecmp(v.s + start, word, n) == 0)
			return true;
	}
	return false;
}
