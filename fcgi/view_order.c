/* The page of a type that is ordered by the form it describes itself. */
#include "core/buf.h"
#include "fcgi/csrf.h"
#include "fcgi/request.h"
#include "fcgi/view.h"
#include "fcgi/queue_position.h"
#include "fcgi/datetime.h"

#include <string.h>

void
view_types(
    struct request *rq, struct json_object *to, const struct ordertype *now)
{
	struct json_object *list = json_object_new_array(), *o;
	const struct ordertype *const *t;
	struct buf url;

	for (t = ordertypes; *t != NULL; t++) {
		/* What nobody here can make is not offered. */
		if (*t != now && order_provider_first(*t, rq->conf) == NULL)
			continue;
		o = json_object_new_object();
		buf_init(&url, 200);
		buf_adds(&url, "/generations/new");
		if (!(*t)->is_default)
			buf_printf(&url, "?type=%s", (*t)->name);
		json_put_str(o, "label", (*t)->label);
		json_put_str(o, "url", url.data);
		json_put_flag(o, "current", *t == now);
		json_object_array_add(list, o);
		buf_release(&url);
	}
	json_put_flag(to, "severalTypes", json_object_array_length(list) > 1);
	json_put(to, "types", list);
}

/* What is wrong with a field, or NULL. */
static const char *
field_error(struct request *rq, const struct order_check *c, const char *field)
{
	const char *pointer = arena_printf(rq->arena, "#/input/%s", field);

	for (int i = 0; c != NULL && i < c->n; i++)
		if (strcmp(c->errors[i].pointer, pointer) == 0)
			return c->errors[i].detail;
	return NULL;
}

static struct json_object *
choice_model(const char *choice, const char *value)
{
	struct json_object *o = json_object_new_object();

	json_put_str(o, "choice", choice);
	json_put_flag(o, "chosen", value != NULL && strcmp(choice, value) == 0);
	return o;
}

struct json_object *
view_field(struct request *rq, const struct order_field *f,
    const struct params *typed, const struct order_check *wrong)
{
	struct json_object *o = json_object_new_object(), *list;
	const char *value;

	json_put_str(o, "field", f->name);
	json_put_str(o, "label", f->label);
	json_put_str(o, "hint", f->hint);
	json_put_str(o, "placeholder", f->placeholder);
	json_put_flag(
	    o, "isText", f->kind == FIELD_TEXT || f->kind == FIELD_LINES);
	json_put_flag(o, "isLine", f->kind == FIELD_LINE);
	json_put_flag(o, "isNumber", f->kind == FIELD_NUMBER);
	json_put_flag(o, "isChoice", f->kind == FIELD_CHOICE);
	json_put_flag(o, "isFlag", f->kind == FIELD_FLAG);
	json_put_flag(o, "required", f->required);
	json_put_num(o, "min", f->min);
	json_put_num(o, "max", f->max);
	value = typed == NULL ? NULL : params_get(typed, f->name);
	json_put_str(o, "value", value);
	json_put_str(o, "error", field_error(rq, wrong, f->name));
	if (f->choices == NULL)
		return o;
	list = json_object_new_array();
	for (size_t i = 0; f->choices[i] != NULL; i++)
		json_object_array_add(list, choice_model(f->choices[i], value));
	json_put_flag(o, "hasChoices", true);
	json_put(o, "choices", list);
	return o;
}

static struct json_object *
provider_model(struct request *rq, const struct ordertype *t,
    const struct order_provider *p, const char *chosen)
{
	struct json_object *o = json_object_new_object();
	const char *price = "Free";
	double seconds =
	    queue_position_run_seconds(rq, p->name, t->name, t->usual_units);

	if (order_unit_price(rq->conf, t, p) > 0)
		price = arena_printf(rq->arena, "%d credits for %ld %s",
		    order_price(rq->conf, t, p, t->usual_units), t->usual_units,
		    t->unit);
	json_put_str(o, "provider", p->name);
	json_put_str(o, "label", p->label);
	json_put_str(o, "about", t->needs & CAN_CHAT ? p->model : p->about);
	json_put_str(o, "price", price);
	json_put_str(o, "time",
	    arena_printf(rq->arena, "%s for %ld %s",
		datetime_span(rq->arena, seconds), t->usual_units, t->unit));
	json_put_flag(o, "checked", strcmp(chosen, p->name) == 0);
	return o;
}

/* E_NOTFOUND: nobody here can make it. */
static enum rc
put_providers(struct request *rq, struct json_object *o,
    const struct ordertype *t, const char *chosen)
{
	const struct order_provider *p = order_provider_first(t, rq->conf);
	struct json_object *list = json_object_new_array();

	json_put(o, "providers", list);
	if (p == NULL)
		return E_NOTFOUND;
	if (chosen == NULL || order_provider_find(chosen) == NULL ||
	    !order_provider_fits(order_provider_find(chosen), t, rq->conf))
		chosen = p->name;
	for (; p->name != NULL; p++)
		if (order_provider_fits(p, t, rq->conf))
			json_object_array_add(
			    list, provider_model(rq, t, p, chosen));
	return OK;
}

static const char *
provider_error(const struct order_check *c)
{
	for (int i = 0; c != NULL && i < c->n; i++)
		if (strcmp(c->errors[i].pointer, "#/provider") == 0)
			return c->errors[i].detail;
	return NULL;
}

enum rc
view_order_form(struct request *rq, const struct ordertype *t,
    const struct params *typed, const struct order_check *wrong)
{
	struct json_object *o =
	    view_page(rq, arena_printf(rq->arena, "New: %s", t->label));
	struct json_object *fields = json_object_new_array();
	const struct order_field *f = t->fields(rq->arena, rq->conf);

	for (; f->name != NULL; f++)
		json_object_array_add(fields, view_field(rq, f, typed, wrong));
	json_put(o, "fields", fields);
	view_types(rq, o, t);
	json_put_str(o, "type", t->name);
	json_put_str(o, "label", t->label);
	json_put_str(o, "lead", t->lead);
	json_put_str(o, "csrf", csrf_field(rq));
	if (put_providers(rq, o, t, params_get(typed, "provider")) != OK)
		json_put_str(o, "nobody", order_no_model);
	else
		json_put_str(o, "providerError", provider_error(wrong));
	return reply_page_status(rq, wrong != NULL ? 400 : 200, "order", o);
}
