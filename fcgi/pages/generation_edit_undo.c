/* generation_edit_undo: POST /generations/{id}/edit/undo, all hand edits. */
#include "fcgi/edit.h"
#include "fcgi/request.h"

static enum rc
run(struct request *rq)
{
	struct edit e;
	enum rc rc = edit_load(rq, &e);

	if (rc == OK)
		rc = edit_undo(rq, &e);
	if (rc != OK)
		return rc;
	return reply_see(rq,
	    arena_printf(rq->arena, "/generations/%s#result", rq->param.id));
}

const struct page page_generation_edit_undo = {
    .path = "/generations/{id:uuid}/edit/undo",
    .methods = POST,
    .scope = SCOPE_ACCOUNT,
    .run = run,
};
