/* The renderer: walks a compiled template and changes nothing in it. */
#include "core/mustache.h"

#include "core/buf.h"
#include "core/mustache_tree.h"

#include <json-c/json.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How deep sections and partials nest together, so that the stack holds. */
#define LEVELS_MAX 256
/*
 * Nodes visited and contexts searched in one render: about 300,000 rows of a
 * list, or a tenth of a second.  Empty loops in loops end here.
 */
#define STEPS_MAX (8u << 20)

/* What marks a text of mustache_html: its address, which no JSON has. */
static const char html_mark;

struct json_object *
mustache_html(const char *html, size_t n)
{
	struct json_object *o = json_object_new_string_len(html, (int)n);

	json_object_set_userdata(o, (void *)&html_mark, NULL);
	return o;
}

/* The context stack, top first. */
struct context_frame {
	const struct context_frame *up;
	struct json_object *value;
};

/* What goes before each line of the partials being rendered, last first. */
struct indent {
	const struct indent *up;
	const char *text;
	size_t len;
};

struct rendering {
	const struct mustache_partials *partials;
	struct buf *out;
	struct buf *why;
	const struct context_frame *top;
	const struct indent *indent;
	unsigned levels;
	unsigned steps;
};

static enum rc render_nodes(struct rendering *v, const struct mustache_node *n);

/* find_value: the value of a name; NULL when it is null or missing. */
static struct json_object *
find_value(struct rendering *v, const char *const *name)
{
	struct json_object *value = NULL;
	const struct context_frame *f;

	if (*name == NULL)
		return v->top->value;
	/* Only the first part is looked for all the way up. */
	for (f = v->top; f != NULL; f = f->up) {
		v->steps++;
		if (json_object_object_get_ex(f->value, *name, &value))
			break;
	}
	while (value != NULL && *++name != NULL)
		if (!json_object_object_get_ex(value, *name, &value))
			return NULL;
	return value;
}

static bool
is_true(struct json_object *x)
{
	switch (json_object_get_type(x)) {
	case json_type_null:
		return false;
	case json_type_boolean:
		return json_object_get_boolean(x);
	case json_type_double:
		return json_object_get_double(x) < 0 ||
		       json_object_get_double(x) > 0;
	case json_type_int:
		return json_object_get_int64(x) != 0;
	case json_type_string:
		return json_object_get_string_len(x) > 0;
	case json_type_array:
		return json_object_array_length(x) > 0;
	case json_type_object:
		break;
	}
	return true;
}

static void
put_indent(struct buf *out, const struct indent *in)
{
	if (in == NULL)
		return;
	put_indent(out, in->up);
	buf_add(out, in->text, in->len);
}

static void
put_text(struct rendering *v, const struct mustache_node *n)
{
	const char *p = n->text, *end = n->text + n->len, *line;

	if (v->indent == NULL) {
		buf_add(v->out, n->text, n->len);
		return;
	}
	if (n->line)
		put_indent(v->out, v->indent);
	while ((line = memchr(p, '\n', (size_t)(end - p))) != NULL) {
		line++;
		buf_add(v->out, p, (size_t)(line - p));
		/* A line that starts at the end belongs to the next node. */
		if (line < end)
			put_indent(v->out, v->indent);
		p = line;
	}
	buf_add(v->out, p, (size_t)(end - p));
}

static void
put_escaped(struct buf *out, const char *s, size_t n)
{
	static const char *const entities[256] = {
	    ['&'] = "&amp;",
	    ['<'] = "&lt;",
	    ['>'] = "&gt;",
	    ['"'] = "&quot;",
	    ['\''] = "&#39;",
	};
	size_t from = 0;

	for (size_t i = 0; i < n; i++) {
		const char *entity = entities[(unsigned char)s[i]];

		if (entity == NULL)
			continue;
		buf_add(out, s + from, i - from);
		buf_adds(out, entity);
		from = i + 1;
	}
	buf_add(out, s + from, n - from);
}

/* put_digits: sign and decimal digits of a number of that magnitude. */
static void
put_digits(struct buf *out, bool negative, uint64_t magnitude)
{
	char s[24], *p = s + sizeof(s);

	do {
		*--p = (char)('0' + magnitude % 10);
		magnitude /= 10;
	} while (magnitude > 0);
	if (negative)
		*--p = '-';
	buf_add(out, p, (size_t)(s + sizeof(s) - p));
}

/* put_int: json-c keeps what is over INT64_MAX as unsigned. */
static void
put_int(struct buf *out, struct json_object *x)
{
	int64_t i = json_object_get_int64(x);

	if (i < 0)
		put_digits(out, true, -(uint64_t)i);
	else
		put_digits(out, false, json_object_get_uint64(x));
}

/* put_double: the fewest digits that read back as d (no locale is set). */
static void
put_double(struct buf *out, double d)
{
	const double exact = 9007199254740992.0; /* 2^53 */
	char s[32];

	if (d > -exact && d < exact && d == (double)(int64_t)d) {
		put_digits(out, d < 0, (uint64_t)(d < 0 ? -d : d));
		return;
	}
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(s, sizeof(s), "%.*g", digits, d);
		if (strtod(s, NULL) == d)
			break;
	}
	buf_adds(out, s);
}

static void
put_value(struct buf *out, struct json_object *x, bool raw)
{
	const char *s;
	size_t n;

	switch (json_object_get_type(x)) {
	case json_type_boolean:
		buf_adds(out, json_object_get_boolean(x) ? "true" : "false");
		break;
	case json_type_int:
		put_int(out, x);
		break;
	case json_type_double:
		put_double(out, json_object_get_double(x));
		break;
	case json_type_string:
		s = json_object_get_string(x);
		n = (size_t)json_object_get_string_len(x);
		if (raw || json_object_get_userdata(x) == &html_mark)
			buf_add(out, s, n);
		else
			put_escaped(out, s, n);
		break;
	case json_type_null:
	case json_type_array:
	case json_type_object:
		break;
	}
}

/* render_below: one level down, unless that is too deep. */
static enum rc
render_below(
    struct rendering *v, const struct mustache_node *first, const char *name)
{
	enum rc rc;

	if (v->levels == LEVELS_MAX) {
		buf_printf(v->why,
		    "sections and partials nest over %d deep at '%.60s': does "
		    "a partial include itself?",
		    LEVELS_MAX, name == NULL ? "." : name);
		return E_INTERNAL;
	}
	v->levels++;
	rc = render_nodes(v, first);
	v->levels--;
	return rc;
}

/* render_with: the section's body with value on top of the context stack. */
static enum rc
render_with(struct rendering *v, const struct mustache_node *n,
    struct json_object *value)
{
	struct context_frame f = {v->top, value};
	enum rc rc;

	v->top = &f;
	rc = render_below(v, n->body, n->name[0]);
	v->top = f.up;
	return rc;
}

static enum rc
render_section(struct rendering *v, const struct mustache_node *n)
{
	struct json_object *x = find_value(v, n->name);
	size_t count;
	enum rc rc;

	if (n->kind == NODE_INVERTED)
		return is_true(x) ? OK : render_below(v, n->body, n->name[0]);
	/* An empty body would loop without taking a step. */
	if (!is_true(x) || n->body == NULL)
		return OK;
	if (!json_object_is_type(x, json_type_array))
		return render_with(v, n, x);
	count = json_object_array_length(x);
	for (size_t i = 0; i < count; i++) {
		rc = render_with(v, n, json_object_array_get_idx(x, i));
		if (rc != OK)
			return rc;
	}
	return OK;
}

static enum rc
render_partial(struct rendering *v, const struct mustache_node *n)
{
	struct indent in = {v->indent, n->text, n->len};
	const struct mustache *m = NULL;
	enum rc rc;

	if (v->partials != NULL)
		m = v->partials->find(v->partials->arg, n->name[0]);
	if (m == NULL)
		return OK;
	/* In the middle of a line a partial starts with no indentation. */
	if (!n->line)
		v->indent = NULL;
	else if (n->len > 0)
		v->indent = &in;
	rc = render_below(v, m->first, n->name[0]);
	v->indent = in.up;
	return rc;
}

static enum rc
render_node(struct rendering *v, const struct mustache_node *n)
{
	switch (n->kind) {
	case NODE_TEXT:
		put_text(v, n);
		return OK;
	case NODE_ESCAPED:
	case NODE_RAW:
		put_value(v->out, find_value(v, n->name), n->kind == NODE_RAW);
		return OK;
	case NODE_SECTION:
	case NODE_INVERTED:
		return render_section(v, n);
	case NODE_PARTIAL:
		return render_partial(v, n);
	case NODE_MAX:
		break;
	}
	return OK;
}

static enum rc
render_nodes(struct rendering *v, const struct mustache_node *n)
{
	enum rc rc;

	for (; n != NULL; n = n->next) {
		if (++v->steps > STEPS_MAX) {
			buf_adds(v->why, "the lists are too long to render");
			return E_INTERNAL;
		}
		rc = render_node(v, n);
		if (rc != OK)
			return rc;
		/* mustache_render says why. */
		if (!buf_ok(v->out))
			return E_INTERNAL;
	}
	return OK;
}

enum rc
mustache_render(const struct mustache *m, struct json_object *model,
    const struct mustache_partials *partials, struct buf *out, struct buf *why)
{
	struct context_frame root = {NULL, model};
	struct rendering v = {
	    .partials = partials, .out = out, .why = why, .top = &root};
	size_t before = out->len;
	enum rc rc;

	rc = render_nodes(&v, m->first);
	if (rc == OK)
		return OK;
	if (!buf_ok(out))
		buf_printf(
		    why, "the page is over its limit of %zu bytes", out->max);
	buf_cut(out, before);
	return rc;
}
