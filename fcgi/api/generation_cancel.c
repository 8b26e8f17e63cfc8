/* generation_cancel: POST /api/v1/generations/{id}/cancel, stops it. */
#include "fcgi/api_call.h"
#include "fcgi/model.h"
#include "fcgi/request.h"
#include "fcgi/generation_action.h"

static enum rc
run(struct request *rq)
{
	struct json_object *item;
	enum rc rc = api_call_no_members(rq);

	if (rc == OK)
		rc = generation_action_cancel(rq);
	if (rc == OK)
		rc = model_show(rq, NULL, &item);
	if (rc != OK)
		return rc;
	return reply_json(rq, 202, item);
}

const struct page endpoint_generation_cancel = {
    .path = "/api/v1/generations/{id:uuid}/cancel",
    .methods = POST,
    .scope = SCOPE_ACCOUNT,
    .run = run,
};
