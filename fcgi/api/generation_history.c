/* generation_history: GET /api/v1/generations/{id}/history. */
#include "fcgi/model.h"
#include "fcgi/request.h"

static enum rc
run(struct request *rq)
{
	struct json_object *o, *item, *history;
	enum rc rc;

	rc = model_show(rq, NULL, &item);
	if (rc != OK)
		return rc;
	json_object_put(item);
	rc = model_history(rq, rq->param.id, &history);
	if (rc != OK)
		return rc;
	o = json_object_new_object();
	json_put(o, "history", history);
	json_put(o, "updates", model_updates(rq, rq->param.id));
	return reply_json(rq, 200, o);
}

const struct page endpoint_generation_history = {
    .path = "/api/v1/generations/{id:uuid}/history",
    .methods = GET,
    .scope = SCOPE_ACCOUNT,
    .run = run,
};
