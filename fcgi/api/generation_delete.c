/* generation_delete: DELETE /api/v1/generations/{id}, in any status. */
#include "fcgi/api_call.h"
#include "fcgi/request.h"

static enum rc
run(struct request *rq)
{
	return api_call_delete(rq);
}

const struct page endpoint_generation_delete = {
    .path = "/api/v1/generations/{id:uuid}",
    .methods = DELETE,
    .scope = SCOPE_ACCOUNT,
    .run = run,
};
