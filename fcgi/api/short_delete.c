/* short_delete: DELETE /api/generations/{id}, by its short name. */
#include "fcgi/api_call.h"
#include "fcgi/request.h"

static enum rc
run(struct request *rq)
{
	return api_call_delete(rq);
}

const struct page endpoint_short_delete = {
    .path = "/api/generations/{id:uuid}",
    .methods = DELETE,
    .scope = SCOPE_ACCOUNT,
    .run = run,
};
