#include "core/json.h"

#include "core/log.h"
#include "core/text.h"

#include <string.h>

#define DEPTH 32

static void
drop(void *o)
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
	arena_defer(a, drop, o);
	return o;
}

/*
 * json-c's strict mode still takes 'single quotes', Infinity and NaN; none
 * of their first characters stands outside a string in JSON.  Where the first
 * of them is; len: there is none.
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
		else if (!in_string &&
			 (p[i] == '\'' || p[i] == 'I' || p[i] == 'N'))
			break;
	}
	return i < len ? i : len;
}

/* A reason with its place: "... at line 1, column 9". */
static const char *
at(struct arena *a, const char *what, const char *p, size_t offset)
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

struct json_object *
json_parse(struct arena *a, const char *p, size_t len, const char **why)
{
	enum json_tokener_error err;
	struct json_tokener *t;
	struct json_object *o;
	const char *text, *nul;
	size_t end;

	*why = NULL;
	if (len > INT32_MAX - 1)
		*why = "it is too long";
	else if ((nul = memchr(p, '\0', len)) != NULL)
		*why = at(a, "it holds a NUL byte", p, (size_t)(nul - p));
	else if ((end = foreign_token(p, len)) < len)
		*why = at(a, "it holds what is not JSON", p, end);
	else if (!text_valid(p, len))
		/* json-c lets overlong forms and the like pass. */
		*why = "it is not UTF-8";
	if (*why != NULL)
		return NULL;
	/* With its terminator, so that a lone number ends. */
	text = arena_strndup(a, p, len);
	t = json_tokener_new_ex(DEPTH);
	if (t == NULL)
		fatal("out of memory");
	json_tokener_set_flags(
	    t, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	o = json_tokener_parse_ex(t, text, (int)len + 1);
	err = json_tokener_get_error(t);
	end = json_tokener_get_parse_end(t);
	if (err == json_tokener_success && end < len &&
	    !is_blank(text + end, len - end))
		err = json_tokener_error_parse_unexpected;
	if (err == json_tokener_continue)
		*why = "it ends too early";
	else if (err != json_tokener_success)
		*why = at(a, json_tokener_error_desc(err), text, end);
	else if (o == NULL)
		*why = "it is null";
	json_tokener_free(t);
	if (*why != NULL) {
		json_object_put(o);
		return NULL;
	}
	arena_defer(a, drop, o);
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
