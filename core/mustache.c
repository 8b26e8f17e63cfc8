/* The compiler: one pass over the template, one tree of nodes. */
#include "core/mustache.h"

#include "core/buf.h"
#include "core/log.h"
#include "core/mustache_tree.h"

#include <stdlib.h>
#include <string.h>

/* How deep sections nest in one template. */
#define NEST_MAX 64
/* How much of a name a sentence shows. */
#define SHOWN 60

/* A piece of the template; not terminated. */
struct template_span {
	const char *p;
	size_t len;
};

struct template_tag {
	char sigil;                /* of "#^/>&!={", or 0 for a variable */
	size_t at;                 /* where its opening delimiter is */
	size_t end;                /* just after its closing delimiter */
	struct template_span name; /* between sigil and delimiter, trimmed */
};

/* A section that waits for its closing tag. */
struct open_section {
	struct template_span name;
	char sigil;
	size_t at;
	struct mustache_node **tail; /* where the nodes after the section go */
};

struct compiler {
	struct arena *mem;
	struct buf *why;
	const char *src;
	size_t len;
	size_t pos; /* all before it is compiled */
	struct template_span open, close;
	struct mustache_node **tail; /* where the next node goes */
	struct open_section sections[NEST_MAX];
	size_t depth;
};

/* compile_fail: a sentence about the byte at that offset. */
__attribute__((format(printf, 3, 4))) static enum rc
compile_fail(struct compiler *c, size_t at, const char *fmt, ...)
{
	size_t line = 1;
	va_list ap;

	for (size_t i = 0; i < at; i++)
		line += c->src[i] == '\n';
	va_start(ap, fmt);
	buf_printf(
	    c->why, "line %zu: %s", line, arena_vprintf(c->mem, fmt, ap));
	va_end(ap);
	return E_INPUT;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* White space and control characters, NUL among them. */
static bool
is_space(char c)
{
	return (unsigned char)c <= ' ' || c == 0x7f;
}

static struct template_span
span_trim(struct template_span s)
{
	while (s.len > 0 && is_space(s.p[0])) {
		s.p++;
		s.len--;
	}
	while (s.len > 0 && is_space(s.p[s.len - 1]))
		s.len--;
	return s;
}

static bool
span_equal(struct template_span a, struct template_span b)
{
	return a.len == b.len && memcmp(a.p, b.p, a.len) == 0;
}

static int
span_shown_length(struct template_span s)
{
	return s.len < SHOWN ? (int)s.len : SHOWN;
}

static struct mustache_node *
compiler_push(struct compiler *c, enum mustache_node_kind kind)
{
	struct mustache_node *n = arena_alloc(c->mem, sizeof(*n));

	n->kind = kind;
	*c->tail = n;
	c->tail = &n->next;
	return n;
}

static bool
starts_line(const struct compiler *c, size_t at)
{
	return at == 0 || c->src[at - 1] == '\n';
}

static void
push_text(struct compiler *c, size_t start, size_t end)
{
	struct mustache_node *n = compiler_push(c, NODE_TEXT);

	n->text = c->src + start;
	n->len = end - start;
	n->line = starts_line(c, start);
}

/*
 * find_close: the offset of the closing delimiter at or after from; with a
 * mate, of the first one right after that character.  len if there is none.
 */
static size_t
find_close(const struct compiler *c, size_t from, char mate)
{
	const char *p;
	size_t at = from;

	for (;;) {
		p = memmem(c->src + at, c->len - at, c->close.p, c->close.len);
		if (p == NULL)
			return c->len;
		at = (size_t)(p - c->src);
		if (mate == '\0' || (at > from && p[-1] == mate))
			return at;
		at++;
	}
}

/* find_tag: the next tag; at is len when there is none. */
static enum rc
find_tag(struct compiler *c, struct template_tag *t)
{
	size_t from, end;
	const char *p;
	char mate;

	p = memmem(c->src + c->pos, c->len - c->pos, c->open.p, c->open.len);
	t->at = p == NULL ? c->len : (size_t)(p - c->src);
	if (p == NULL)
		return OK;
	from = t->at + c->open.len;
	t->sigil = '\0';
	if (from < c->len && c->src[from] != '\0' &&
	    strchr("#^/>&!={", c->src[from]) != NULL)
		t->sigil = c->src[from++];
	mate = t->sigil == '{' ? '}' : t->sigil == '=' ? '=' : '\0';
	end = find_close(c, from, mate);
	if (end == c->len)
		return compile_fail(
		    c, t->at, "the tag opened here is never closed");
	t->end = end + c->close.len;
	t->name.p = c->src + from;
	t->name.len = end - from - (mate != '\0');
	t->name = span_trim(t->name);
	return OK;
}

/*
 * tag_widen: when the tag stands alone on its line or lines, sets *start and
 * *end around them, indentation and line end included.
 */
static bool
tag_widen(const struct compiler *c, const struct template_tag *t, size_t *start,
    size_t *end)
{
	size_t a = t->at, z = t->end;

	if (t->sigil == '\0' || strchr("#^/>!=", t->sigil) == NULL)
		return false;
	while (a > 0 && is_blank(c->src[a - 1]))
		a--;
	if (a > 0 && c->src[a - 1] != '\n')
		return false;
	while (z < c->len && is_blank(c->src[z]))
		z++;
	if (z + 1 < c->len && c->src[z] == '\r' && c->src[z + 1] == '\n')
		z++;
	if (z < c->len && c->src[z++] != '\n')
		return false;
	*start = a;
	*end = z;
	return true;
}

static enum rc
check_name(struct compiler *c, const struct template_tag *t)
{
	struct template_span s = t->name;

	if (s.len == 0)
		return compile_fail(c, t->at, "the tag has no name");
	for (size_t i = 0; i < s.len; i++)
		if (is_space(s.p[i]))
			return compile_fail(c, t->at,
			    "the name '%.*s' holds a space or a control "
			    "character",
			    span_shown_length(s), s.p);
	/* "{{ #x}}" is a slip, "{{<x}}" and "{{$x}}" another dialect. */
	if (t->sigil != '>' && strchr("#^/>&!={<$", s.p[0]) != NULL)
		return compile_fail(
		    c, t->at, "a name cannot start with '%c'", s.p[0]);
	return OK;
}

/* split_name: the parts of the tag's dotted name, as a node keeps them. */
static enum rc
split_name(
    struct compiler *c, const struct template_tag *t, struct mustache_node *n)
{
	char *name = arena_strndup(c->mem, t->name.p, t->name.len), *part;
	size_t dots = 0, i = 0;
	const char **parts;

	for (const char *p = name; *p != '\0'; p++)
		dots += *p == '.';
	parts = arena_array(c->mem, dots + 2, sizeof(*parts));
	n->name = parts;
	if (strcmp(name, ".") == 0)
		return OK;
	while ((part = strsep(&name, ".")) != NULL) {
		if (*part == '\0')
			return compile_fail(c, t->at,
			    "the name '%.*s' has an empty part",
			    span_shown_length(t->name), t->name.p);
		parts[i++] = part;
	}
	return OK;
}

static enum rc
add_variable(struct compiler *c, const struct template_tag *t)
{
	struct mustache_node *n;
	enum rc rc;

	rc = check_name(c, t);
	if (rc != OK)
		return rc;
	n = compiler_push(c, t->sigil == '\0' ? NODE_ESCAPED : NODE_RAW);
	return split_name(c, t, n);
}

static enum rc
open_section(struct compiler *c, const struct template_tag *t)
{
	struct open_section *s;
	struct mustache_node *n;
	enum rc rc;

	rc = check_name(c, t);
	if (rc != OK)
		return rc;
	if (c->depth == NEST_MAX)
		return compile_fail(
		    c, t->at, "sections are nested over %d deep", NEST_MAX);
	n = compiler_push(c, t->sigil == '#' ? NODE_SECTION : NODE_INVERTED);
	s = &c->sections[c->depth++];
	s->name = t->name;
	s->sigil = t->sigil;
	s->at = t->at;
	s->tail = c->tail;
	c->tail = &n->body;
	return split_name(c, t, n);
}

static enum rc
close_section(struct compiler *c, const struct template_tag *t)
{
	struct open_section *s;

	if (c->depth == 0)
		return compile_fail(c, t->at, "'{{/%.*s}}' closes no section",
		    span_shown_length(t->name), t->name.p);
	s = &c->sections[c->depth - 1];
	if (!span_equal(s->name, t->name))
		return compile_fail(c, t->at,
		    "'{{/%.*s}}' comes before the end of the section "
		    "'{{%c%.*s}}'",
		    span_shown_length(t->name), t->name.p, s->sigil,
		    span_shown_length(s->name), s->name.p);
	c->depth--;
	c->tail = s->tail;
	return OK;
}

/* add_partial: indent is NULL for a partial in the middle of a line. */
static enum rc
add_partial(struct compiler *c, const struct template_tag *t,
    const struct template_span *indent)
{
	const char **name;
	struct mustache_node *n;
	enum rc rc;

	rc = check_name(c, t);
	if (rc != OK)
		return rc;
	name = arena_array(c->mem, 2, sizeof(*name));
	name[0] = arena_strndup(c->mem, t->name.p, t->name.len);
	n = compiler_push(c, NODE_PARTIAL);
	n->name = name;
	if (indent != NULL) {
		n->line = true;
		n->text = indent->p;
		n->len = indent->len;
	}
	return OK;
}

/* set_delimiters: "{{=<% %>=}}". */
static enum rc
set_delimiters(struct compiler *c, const struct template_tag *t)
{
	struct template_span a = t->name, z;

	a.len = 0;
	while (a.len < t->name.len && !is_space(a.p[a.len]))
		a.len++;
	z.p = a.p + a.len;
	z.len = t->name.len - a.len;
	z = span_trim(z);
	for (size_t i = 0; i < z.len; i++)
		if (is_space(z.p[i]))
			z.len = 0;
	if (a.len == 0 || z.len == 0 || memchr(a.p, '=', a.len) != NULL ||
	    memchr(z.p, '=', z.len) != NULL)
		return compile_fail(c, t->at,
		    "new delimiters are two words without '=', as in "
		    "'{{=<%% %%>=}}'");
	c->open = a;
	c->close = z;
	return OK;
}

/* add_tag: what stands before the tag, and the tag. */
static enum rc
add_tag(struct compiler *c, const struct template_tag *t)
{
	size_t start, end = t->end;
	bool alone = tag_widen(c, t, &start, &end);
	struct template_span indent;

	if (!alone)
		start = t->at;
	if (start > c->pos)
		push_text(c, c->pos, start);
	/* An empty text notes a line that starts with a tag. */
	if (!alone && starts_line(c, start))
		push_text(c, start, start);
	c->pos = end;
	indent.p = c->src + start;
	indent.len = t->at - start;
	switch (t->sigil) {
	case '!':
		return OK;
	case '=':
		return set_delimiters(c, t);
	case '#':
	case '^':
		return open_section(c, t);
	case '/':
		return close_section(c, t);
	case '>':
		return add_partial(c, t, alone ? &indent : NULL);
	default:
		return add_variable(c, t);
	}
}

static enum rc
compile_template(struct compiler *c)
{
	struct open_section *s;
	struct template_tag t;
	enum rc rc;

	for (;;) {
		rc = find_tag(c, &t);
		if (rc != OK)
			return rc;
		if (t.at == c->len)
			break;
		rc = add_tag(c, &t);
		if (rc != OK)
			return rc;
	}
	if (c->len > c->pos)
		push_text(c, c->pos, c->len);
	if (c->depth == 0)
		return OK;
	s = &c->sections[c->depth - 1];
	return compile_fail(c, s->at,
	    "the section '{{%c%.*s}}' is never closed", s->sigil,
	    span_shown_length(s->name), s->name.p);
}

enum rc
mustache_compile(
    const char *text, size_t len, struct mustache **m, struct buf *why)
{
	struct compiler c = {.len = len, .why = why};
	enum rc rc;

	*m = calloc(1, sizeof(**m));
	if (*m == NULL)
		fatal("out of memory");
	arena_init(&(*m)->mem);
	c.mem = &(*m)->mem;
	c.src = arena_strndup(c.mem, text, len);
	c.open = (struct template_span){"{{", 2};
	c.close = (struct template_span){"}}", 2};
	c.tail = &(*m)->first;
	rc = compile_template(&c);
	if (rc == OK)
		return OK;
	mustache_free(*m);
	*m = NULL;
	return rc;
}

void
mustache_free(struct mustache *m)
{
	if (m == NULL)
		return;
	arena_release(&m->mem);
	free(m);
}
