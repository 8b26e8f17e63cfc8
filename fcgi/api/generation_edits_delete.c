/* generation_edits_delete: DELETE .../edits, the generated file again. */
#include "fcgi/api_call.h"
#include "fcgi/edit.h"
#include "fcgi/request.h"

static enum rc
run(struct request *rq)
{
	struct edit e;
	enum rc rc = api_call_no_members(rq);

	if (rc == OK)
		rc = edit_load(rq, &e);
	if (rc == OK)
		rc = edit_undo(rq, &e);
	return rc == OK ? reply_empty(rq, 204) : rc;
}

const struct page endpoint_generation_edits_delete = {
    .path = "/api/v1/generations/{id:uuid}/edits",
    .methods = DELETE,
    .scope = SCOPE_ACCOUNT,
    .run = run,
};
