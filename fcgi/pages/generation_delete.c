/* generation_delete: POST /generations/{id}/delete, in any status. */
#include "core/generation.h"
#include "fcgi/request.h"

static enum rc
run(struct request *rq)
{
	struct lifecycle l = request_lifecycle(rq);
	enum rc rc;

	rc = generation_delete(&l, rq->session.account, rq->param.id);
	if (rc != OK)
		return rc;
	return reply_see(rq, "/generations");
}

const struct page page_generation_delete = {
    .path = "/generations/{id:uuid}/delete",
    .methods = POST,
    .scope = SCOPE_ACCOUNT,
    .run = run,
};
