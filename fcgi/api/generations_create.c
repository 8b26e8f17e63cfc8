/* generations_create: POST /api/v1/generations, an order as JSON. */
#include "fcgi/api_call.h"
#include "fcgi/request.h"

static const char *const members[] = {"type", "provider", "input", NULL};

static enum rc
run(struct request *rq)
{
	struct order_check c = {
	    .a = rq->arena, .conf = rq->conf, .at = "#/input"};
	const char *type, *provider;
	struct json_object *body;
	enum rc rc;

	rc = request_json(rq, &body);
	if (rc != OK)
		return rc;
	rc = api_call_members(rq, body, members);
	if (api_call_text_member(rq, body, "type", &type) != OK ||
	    api_call_text_member(rq, body, "provider", &provider) != OK)
		rc = E_INPUT;
	if (rc != OK)
		return rc;
	c.given = json_sub(body, "input");
	if (!json_object_is_type(c.given, json_type_object))
		return request_field(rq, "#/input",
		    c.given == NULL
			? "The input is missing. Send one, for example "
			  "{\"hostname\":\"example.org\"}."
			: "The input must be an object, for example "
			  "{\"hostname\":\"example.org\"}.");
	return api_call_order(rq, &c, type, provider, SHAPE_FULL);
}

const struct page endpoint_generations_create = {
    .path = "/api/v1/generations",
    .methods = POST,
    .scope = SCOPE_VISITOR,
    .limit = CLASS_ORDER,
    .run = run,
};
