#include "core/json.h"

#include "core/log.h"

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

struct json_object *
json_parse(struct arena *a, const char *p, size_t len, const char **why)
{
	enum json_tokener_error err;
	struct json_tokener *t;
	struct json_object *o;

	if (len > INT32_MAX) {
		*why = "it is too long";
		return NULL;
	}
	t = json_tokener_new_ex(DEPTH);
	if (t == NULL)
		fatal("out of memory");
	json_tokener_set_flags(
	    t, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	o = json_tokener_parse_ex(t, p, (int)len);
	err = json_tokener_get_error(t);
	/* A lone number ends only with the text. */
	if (err == json_tokener_continue && len > 0) {
		o = json_tokener_parse_ex(t, "", 1);
		err = json_tokener_get_error(t);
	}
	if (err == json_tokener_success &&
	    json_tokener_get_parse_end(t) < len) {
		size_t end = json_tokener_get_parse_end(t);
		while (end < len && (p[end] == ' ' || p[end] == '\n' ||
					p[end] == '\r' || p[end] == '\t'))
			end++;
		if (end < len) {
			json_object_put(o);
			o = NULL;
			err = json_tokener_error_parse_unexpected;
		}
	}
	if (err != json_tokener_success) {
		*why = err == json_tokener_continue
			   ? "it ends too early"
			   : json_tokener_error_desc(err);
		json_object_put(o);
		o = NULL;
	} else if (o == NULL) {
		*why = "it is null";
	} else {
		arena_defer(a, drop, o);
	}
	json_tokener_free(t);
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
