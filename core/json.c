#include "core/json.h"

#include "core/buf.h"
#include "core/log.h"
#include "core/text.h"

#include <stdio.h>
#include <string.h>

#define DEPTH 32

static void
json_drop(void *o)
{
	json_object_put(o);
}

struct json_object *
json_new(struct arena *a)
{
	struct json_object *o;

	o = json_object_new_object();
	if (o == NULL)
		fatal("out of memory");
	arena_defer(a, json_drop, o);
	return o;
}

/*
 * json-c's strict mode still takes 'single quotes', Infinity and NaN, none of
 * whose first characters stands outside a string in JSON, and before 0.18
 * control characters inside one.  Where the first of them is; len: there is
 * none.
 */
static size_t
foreign_token(const char *p, size_t len)
{
	bool in_string = false;
	size_t i;

	for (i = 0; i < len; i++) {
		if (in_string && p[i] == '\\')
			i++;
		else if (p[i] == '"')
			in_string = !in_string;
		else if (in_string ? (unsigned char)p[i] < ' '
				   : p[i] == '\'' || p[i] == 'I' || p[i] == 'N')
			break;
	}
	return i < len ? i : len;
}

/* How a code point beyond ASCII is written with letters of ASCII alone. */
static size_t
escape_code_point(char out[13], int32_t c)
{
	if (c < 0x10000)
		return (size_t)snprintf(out, 13, "\\u%04x", (unsigned)c);
	c -= 0x10000;
	return (size_t)snprintf(out, 13, "\\u%04x\\u%04x",
	    0xd800 + ((unsigned)c >> 10), 0xdc00 + ((unsigned)c & 0x3ff));
}

/*
 * json-c 0.18, of Debian 13, takes what is not ASCII for control characters in
 * strict mode, so it is given escapes.  What stands after a backslash stays: it
 * is wrong, and must not become right.  p, of len bytes, is UTF-8.
 */
static void
to_ascii(struct buf *b, const char *p, size_t len)
{
	bool escaped = false;
	char out[13];
	size_t step;

	for (size_t i = 0; i < len; i += step) {
		int32_t c = text_decode(p + i, len - i, &step);

		if (c < 0x80 || escaped)
			buf_add(b, p + i, step);
		else
			buf_add(b, out, escape_code_point(out, c));
		escaped = !escaped && c == '\\';
	}
}

/* The offset in p of what to_ascii() put at end. */
static size_t
offset_before(const char *p, size_t len, size_t end)
{
	bool escaped = false;
	char out[13];
	size_t i = 0, step;

	for (size_t at = 0; i < len && at < end; i += step) {
		int32_t c = text_decode(p + i, len - i, &step);

		at += c < 0x80 || escaped ? step : escape_code_point(out, c);
		escaped = !escaped && c == '\\';
	}
	return i;
}

static bool
is_ascii(const char *p, size_t len)
{
	unsigned char any = 0;

	for (size_t i = 0; i < len; i++)
		any |= (unsigned char)p[i];
	return any < 0x80;
}

/* A reason with its place: "... at line 1, column 9". */
static const char *
reason_with_place(
    struct arena *a, const char *what, const char *p, size_t offset)
{
	size_t line = 1, start = 0, i;

	for (i = 0; i < offset; i++)
		if (p[i] == '\n') {
			line++;
			start = i + 1;
		}
	return arena_printf(
	    a, "%s at line %zu, column %zu", what, line, offset - start + 1);
}

static bool
is_blank(const char *p, size_t len)
{
	return strspn(p, " \t\r\n") >= len;
}

/* What json-c would let pass, as a reason; NULL: nothing of the kind. */
static const char *
json_unfit(struct arena *a, const char *p, size_t len)
{
	const char *nul;
	size_t end;

	if (len > INT32_MAX / 3 - 1)
		return "it is too long";
	if ((nul = memchr(p, '\0', len)) != NULL)
		return reason_with_place(
		    a, "it holds a NUL byte", p, (size_t)(nul - p));
	if ((end = foreign_token(p, len)) < len)
		return reason_with_place(
		    a, "it holds what is not JSON", p, end);
	/* Overlong forms and the like. */
	if (!text_valid(p, len))
		return "it is not UTF-8";
	return NULL;
}

/* text is all ASCII; *end is where the reading stopped. */
static enum json_tokener_error
json_tokenize(const char *text, size_t len, struct json_object **o, size_t *end)
{
	struct json_tokener *t = json_tokener_new_ex(DEPTH);
	enum json_tokener_error err;

	if (t == NULL)
		fatal("out of memory");
	json_tokener_set_flags(t, JSON_TOKENER_STRICT);
	/* With its terminator, so that a lone number ends. */
	*o = json_tokener_parse_ex(t, text, (int)len + 1);
	err = json_tokener_get_error(t);
	*end = json_tokener_get_parse_end(t);
	json_tokener_free(t);
	if (err == json_tokener_success && *end < len &&
	    !is_blank(text + *end, len - *end))
		return json_tokener_error_parse_unexpected;
	return err;
}

struct json_object *
json_parse(struct arena *a, const char *p, size_t len, const char **why)
{
	enum json_tokener_error err;
	struct json_object *o;
	struct buf text;
	size_t end;

	*why = json_unfit(a, p, len);
	if (*why != NULL)
		return NULL;
	buf_init(&text, 3 * len + 1);
	if (is_ascii(p, len))
		buf_add(&text, p, len);
	else
		to_ascii(&text, p, len);
	err = json_tokenize(text.data, text.len, &o, &end);
	buf_release(&text);
	if (err == json_tokener_continue)
		*why = "it ends too early";
	else if (err != json_tokener_success)
		*why = reason_with_place(a, json_tokener_error_desc(err), p,
		    offset_before(p, len, end));
	else if (o == NULL)
		*why = "it is null";
	if (*why != NULL) {
		json_object_put(o);
		return NULL;
	}
	arena_defer(a, json_drop, o);
	return o;
}

const char *
json_text(struct json_object *o)
{
	return json_object_to_json_string_ext(
	    o, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
}

const char *
json_str(struct json_object *o, const char *key, const char *def)
{
	struct json_object *v;

	if (!json_object_object_get_ex(o, key, &v) ||
	    !json_object_is_type(v, json_type_string))
		return def;
	return json_object_get_string(v);
}

int64_t
json_num(struct json_object *o, const char *key, int64_t def)
{
	struct json_object *v;

	if (!json_object_object_get_ex(o, key, &v) ||
	    !json_object_is_type(v, json_type_int))
		return def;
	return json_object_get_int64(v);
}

bool
json_flag(struct json_object *o, const char *key, bool def)
{
	struct json_object *v;

	if (!json_object_object_get_ex(o, key, &v) ||
	    !json_object_is_type(v, json_type_boolean))
		return def;
	return json_object_get_boolean(v);
}

struct json_object *
json_sub(struct json_object *o, const char *key)
{
	struct json_object *v;

	if (!json_object_object_get_ex(o, key, &v))
		return NULL;
	return v;
}

void
json_put(struct json_object *o, const char *key, struct json_object *v)
{
	if (json_object_object_add(o, key, v) != 0)
		fatal("out of memory");
}

void
json_put_str(struct json_object *o, const char *key, const char *s)
{
	json_put(o, key, s == NULL ? NULL : json_object_new_string(s));
}

void
json_put_num(struct json_object *o, const char *key, int64_t n)
{
	json_put(o, key, json_object_new_int64(n));
}

void
json_put_flag(struct json_object *o, const char *key, bool b)
{
	json_put(o, key, json_object_new_boolean(b));
}
