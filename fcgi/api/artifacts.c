/* artifacts: GET /api/v1/generations/{id}/artifacts, the list of files. */
#include "fcgi/model.h"
#include "fcgi/request.h"

static enum rc
run(struct request *rq)
{
	struct json_object *o, *item, *list;
	enum rc rc;

	rc = model_show(rq, NULL, &item);
	if (rc != OK)
		return rc;
	json_object_put(item);
	rc = model_artifacts(rq, rq->param.id, &list);
	if (rc != OK)
		return rc;
	o = json_object_new_object();
	json_put(o, "items", list);
	return reply_json(rq, 200, o);
}

const struct page endpoint_artifacts = {
    .path = "/api/v1/generations/{id:uuid}/artifacts",
    .methods = GET,
    .scope = SCOPE_ACCOUNT,
    .run = run,
};
