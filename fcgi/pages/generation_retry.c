/* generation_retry: POST /generations/{id}/retry, another try. */
#include "fcgi/request.h"
#include "fcgi/generation_action.h"

static enum rc
run(struct request *rq)
{
	enum rc rc = generation_action_again(rq);

	if (rc != OK)
		return rc;
	return reply_see(
	    rq, arena_printf(rq->arena, "/generations/%s", rq->param.id));
}

const struct page page_generation_retry = {
    .path = "/generations/{id:uuid}/retry",
    .methods = POST,
    .scope = SCOPE_ACCOUNT,
    .limit = CLASS_ORDER,
    .run = run,
};
