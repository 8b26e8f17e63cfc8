/* generation_edits: GET /api/v1/generations/{id}/edits, kept for its host. */
#include "fcgi/edit.h"
#include "fcgi/request.h"

static enum rc
run(struct request *rq)
{
	struct json_object *o;
	struct edit e;
	enum rc rc = edit_load(rq, &e);

	if (rc != OK)
		return rc;
	o = json_object_new_object();
	json_put_str(o, "hostname", e.hostname);
	json_put_num(o, "number", (int64_t)llms_edits_count(&e.old));
	json_put_str(o, "updatedAt", e.old_at);
	json_put_flag(o, "fileEdited", e.edited);
	json_put(o, "edits", json_object_get(e.old_json));
	return reply_json(rq, 200, o);
}

const struct page endpoint_generation_edits = {
    .path = "/api/v1/generations/{id:uuid}/edits",
    .methods = GET,
    .scope = SCOPE_ACCOUNT,
    .run = run,
};
