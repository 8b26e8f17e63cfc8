/* generation_cancel: POST /generations/{id}/cancel, stops it. */
#include "fcgi/request.h"
#include "fcgi/generation_action.h"

static enum rc
run(struct request *rq)
{
	enum rc rc = generation_action_cancel(rq);

	if (rc != OK)
		return rc;
	return reply_see(
	    rq, arena_printf(rq->arena, "/generations/%s", rq->param.id));
}

const struct page page_generation_cancel = {
    .path = "/generations/{id:uuid}/cancel",
    .methods = POST,
    .scope = SCOPE_ACCOUNT,
    .run = run,
};
