/*
 * types_list: GET /api/v1/types, what can be ordered here: each type with the
 * fields of its input (core/order_field.h) and the providers that make it.
 *
 * [{type,label,unit,isDefault,
 *   fields:[{name,kind,label,hint,required,...}],
 *   providers:[{provider,label,unitPrice}]}]
 * A number has min, max and default; a text has maxLength; a choice has
 * choices, a line may have suggestions.
 */
#include "core/order.h"
#include "fcgi/request.h"

static struct json_object *
fields_json(struct request *rq, const struct ordertype *t)
{
	const struct order_field *f = t->fields(rq->arena, rq->conf);
	struct json_object *list = json_object_new_array();

	for (; f->name != NULL; f++)
		json_object_array_add(list, order_field_json(f));
	return list;
}

static struct json_object *
providers_json(struct request *rq, const struct ordertype *t)
{
	struct json_object *list = json_object_new_array(), *o;
	const struct order_provider *p;

	for (p = order_providers; p->name != NULL; p++) {
		if (!order_provider_fits(p, t, rq->conf))
			continue;
		o = json_object_new_object();
		json_put_str(o, "provider", p->name);
		json_put_str(o, "label", p->label);
		json_put_num(o, "unitPrice", order_unit_price(rq->conf, t, p));
		json_object_array_add(list, o);
	}
	return list;
}

static enum rc
run(struct request *rq)
{
	struct json_object *list = json_object_new_array(), *o;
	const struct ordertype *const *t;

	for (t = ordertypes; *t != NULL; t++) {
		o = json_object_new_object();
		json_put_str(o, "type", (*t)->name);
		json_put_str(o, "label", (*t)->label);
		json_put_str(o, "unit", (*t)->unit);
		json_put_flag(o, "isDefault", (*t)->is_default);
		json_put(o, "fields", fields_json(rq, *t));
		json_put(o, "providers", providers_json(rq, *t));
		json_object_array_add(list, o);
	}
	return reply_json(rq, 200, list);
}

const struct page endpoint_types_list = {
    .path = "/api/v1/types",
    .methods = GET,
    .scope = SCOPE_VISITOR,
    .run = run,
};
