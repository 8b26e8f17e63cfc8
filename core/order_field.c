#include "core/order_field.h"

#include "core/log.h"
#include "core/order.h"
#include "core/text.h"

#include <stdint.h>
#include <string.h>

/* field_text: NULL: the member is no text, and that was said. */
static const char *
field_text(struct order_check *c, const struct order_field *f, const char *name)
{
	struct json_object *v = json_sub(c->given, name);
	const char *s;

	if (v == NULL)
		return "";
	if (!json_object_is_type(v, json_type_string)) {
		order_wrong(c, name,
		    "The %s must be a string, for example \"%s\".", name,
		    f->example);
		return NULL;
	}
	s = json_object_get_string(v);
	if (strlen(s) == (size_t)json_object_get_string_len(v))
		return s;
	order_wrong(
	    c, name, "The %s contains a null character. Remove it.", name);
	return NULL;
}

/* text_tidy: ends of lines as "\n", tabs as spaces, nothing at either end. */
static const char *
text_tidy(struct arena *a, const char *s)
{
	char *out = arena_alloc(a, strlen(s) + 1), *to = out;

	for (s += strspn(s, " \t\r\n"); *s != '\0'; s++)
		if (*s != '\r')
			*to++ = *s == '\t' ? ' ' : *s;
		else if (s[1] != '\n')
			*to++ = '\n';
	while (to > out && strchr(" \n", to[-1]) != NULL)
		to--;
	*to = '\0';
	return out;
}

static bool
has_control(const char *s)
{
	for (; *s != '\0'; s++)
		if (((unsigned char)*s < ' ' && *s != '\n') || *s == 0x7f)
			return true;
	return false;
}

/* text_fault: says what is wrong with a tidy text; false: nothing is. */
static bool
text_fault(struct order_check *c, const struct order_field *f, const char *name,
    const char *s)
{
	size_t n = text_count(s);
	bool line = f->kind == FIELD_LINE;

	if (f->required && *text_line(c->a, s, 1) == '\0')
		order_wrong(c, name,
		    "The %s is missing: %s, for example \"%s\".", name,
		    f->missing, f->example);
	else if (line && (has_control(s) || strchr(s, '\n') != NULL))
		order_wrong(c, name,
		    "The %s must be one line without control characters, for "
		    "example \"%s\".",
		    name, f->example);
	else if (has_control(s))
		order_wrong(c, name,
		    "The %s contains a control character. Remove it.", name);
	else if (f->max > 0 && n > (size_t)f->max)
		order_wrong(c, name,
		    "The %s is %zu characters long. The maximum is %d.", name,
		    n, f->max);
	else
		return false;
	return true;
}

static bool
take_text(struct order_check *c, const struct order_field *f, const char *name)
{
	const char *s = field_text(c, f, name);

	if (s == NULL)
		return false;
	s = text_tidy(c->a, s);
	if (text_fault(c, f, name, s))
		return false;
	if (f->kind == FIELD_LINE)
		s = text_line(c->a, s, strlen(s));
	json_put_str(c->input, f->name, s);
	return true;
}

static bool
take_number(
    struct order_check *c, const struct order_field *f, const char *name)
{
	struct json_object *v = json_sub(c->given, name);
	int64_t n = f->usual;

	if (v != NULL && !json_object_is_type(v, json_type_int)) {
		order_wrong(c, name,
		    "The %s is a whole number of %s, from %d to %d.", name,
		    c->unit, f->min, f->max);
		return false;
	}
	if (v != NULL)
		n = json_object_get_int64(v);
	if (n < f->min || n > f->max) {
		order_wrong(c, name,
		    "The %s is %lld %s; from %d to %d are possible here.", name,
		    (long long)n, c->unit, f->min, f->max);
		return false;
	}
	json_put_num(c->input, f->name, n);
	return true;
}

static bool
take_choice(
    struct order_check *c, const struct order_field *f, const char *name)
{
	struct json_object *v = json_sub(c->given, name);
	const char *s = json_str(c->given, name, NULL);

	if (v == NULL && !f->required)
		s = f->choices[0];
	for (size_t i = 0; s != NULL && f->choices[i] != NULL; i++)
		if (strcmp(s, f->choices[i]) == 0) {
			json_put_str(c->input, f->name, s);
			return true;
		}
	order_wrong(c, name, "The %s is one of %s.", name,
	    order_names_text(c->a, f->choices));
	return false;
}

static bool
take_flag(struct order_check *c, const struct order_field *f, const char *name)
{
	struct json_object *v = json_sub(c->given, name);

	if (v != NULL && !json_object_is_type(v, json_type_boolean)) {
		order_wrong(c, name, "The %s is true or false.", name);
		return false;
	}
	json_put_flag(
	    c->input, f->name, v != NULL && json_object_get_boolean(v));
	return true;
}

bool
order_field_take(struct order_check *c, const char *name)
{
	const struct order_field *f = c->fields;

	while (f->name != NULL && strcmp(f->name, name) != 0)
		f++;
	if (f->name == NULL)
		BUG("the type has no field %s", name);
	if (f->alias != NULL && json_sub(c->given, f->alias) != NULL) {
		if (json_sub(c->given, name) != NULL) {
			order_wrong(c, f->alias,
			    "%s and %s are the same field. Send only one.",
			    name, f->alias);
			return false;
		}
		name = f->alias;
	}
	switch (f->kind) {
	case FIELD_LINE:
	case FIELD_TEXT:
		return take_text(c, f, name);
	case FIELD_NUMBER:
		return take_number(c, f, name);
	case FIELD_CHOICE:
		return take_choice(c, f, name);
	case FIELD_FLAG:
		return take_flag(c, f, name);
	case FIELD_LINES:
	case FIELD_MAX:
		break;
	}
	BUG("the type checks its field %s itself", name);
}

struct json_object *
order_field_json(const struct order_field *f)
{
	static const char *const kinds[FIELD_MAX] = {
	    [FIELD_LINE] = "line",
	    [FIELD_TEXT] = "text",
	    [FIELD_LINES] = "lines",
	    [FIELD_NUMBER] = "number",
	    [FIELD_CHOICE] = "choice",
	    [FIELD_FLAG] = "flag",
	};
	struct json_object *o = json_object_new_object(), *list;

	json_put_str(o, "name", f->name);
	json_put_str(o, "kind", kinds[f->kind]);
	json_put_str(o, "label", f->label);
	json_put_str(o, "hint", f->hint);
	json_put_flag(o, "required", f->required);
	if (f->kind == FIELD_NUMBER) {
		json_put_num(o, "min", f->min);
		json_put_num(o, "max", f->max);
		json_put_num(o, "default", f->usual);
	} else if (f->max > 0) {
		json_put_num(o, "maxLength", f->max);
	}
	if (f->choices == NULL)
		return o;
	list = json_object_new_array();
	for (size_t i = 0; f->choices[i] != NULL; i++)
		json_object_array_add(
		    list, json_object_new_string(f->choices[i]));
	json_put(o, f->kind == FIELD_CHOICE ? "choices" : "suggestions", list);
	return o;
}
