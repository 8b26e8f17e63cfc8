/*
 * short_create: POST /api/generations.  Takes {type,provider,input} as the
 * long name does, or {hostname,...} for the llms.txt of a site.
 */
#include "fcgi/api_call.h"
#include "fcgi/request.h"

#include <string.h>

static const char *const members[] = {"type", "provider", "input", NULL};

/* A copy of body without the members of the order itself. */
static struct json_object *
flat_input(struct request *rq, struct json_object *body)
{
	struct json_object *o = json_new(rq->arena);

	json_object_object_foreach(body, key, v)
	{
		if (strcmp(key, "type") != 0 && strcmp(key, "provider") != 0)
			json_put(o, key, json_object_get(v));
	}
	return o;
}

static enum rc
run(struct request *rq)
{
	struct order_check c = {.a = rq->arena, .conf = rq->conf};
	const char *type, *provider;
	struct json_object *body;
	enum rc rc;

	rc = request_json(rq, &body);
	if (rc != OK)
		return rc;
	if (api_call_text_member(rq, body, "type", &type) != OK ||
	    api_call_text_member(rq, body, "provider", &provider) != OK)
		return E_INPUT;
	c.given = json_sub(body, "input");
	c.at = "#/input";
	if (c.given == NULL) {
		c.given = flat_input(rq, body);
		c.at = "#";
	} else {
		rc = api_call_members(rq, body, members);
		if (rc != OK)
			return rc;
	}
	if (!json_object_is_type(c.given, json_type_object))
		return request_field(rq, "#/input",
		    "The input must be an object, for example "
		    "{\"hostname\":\"example.org\"}.");
	return api_call_order(rq, &c, type ? type : order_type_default()->name,
	    provider, SHAPE_SHORT);
}

const struct page endpoint_short_create = {
    .path = "/api/generations",
    .methods = POST,
    .scope = SCOPE_VISITOR,
    .limit = CLASS_ORDER,
    .run = run,
};
