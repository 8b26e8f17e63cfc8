/*
 * short_generate: POST /api/generate, a story by its short name: the fields
 * of its input, and provider, side by side.
 */
#include "fcgi/api_call.h"
#include "fcgi/request.h"

#include <string.h>

static enum rc
run(struct request *rq)
{
	struct order_check c = {.a = rq->arena, .conf = rq->conf, .at = "#"};
	struct json_object *body;
	const char *provider;
	enum rc rc;

	rc = request_json(rq, &body);
	if (rc == OK)
		rc = api_call_text_member(rq, body, "provider", &provider);
	if (rc != OK)
		return rc;
	c.given = json_new(rq->arena);
	json_object_object_foreach(body, key, v)
	{
		if (strcmp(key, "provider") != 0)
			json_put(c.given, key, json_object_get(v));
	}
	return api_call_order(
	    rq, &c, ordertype_story.name, provider, SHAPE_JOB);
}

const struct page endpoint_short_generate = {
    .path = "/api/generate",
    .methods = POST,
    .scope = SCOPE_VISITOR,
    .limit = CLASS_ORDER,
    .run = run,
};
