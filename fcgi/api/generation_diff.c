/* generation_diff: GET /api/v1/generations/{id}/diff, since the last one. */
#include "fcgi/api_call.h"
#include "fcgi/request.h"

static enum rc
run(struct request *rq)
{
	return api_call_diff(rq);
}

const struct page endpoint_generation_diff = {
    .path = "/api/v1/generations/{id:uuid}/diff",
    .methods = GET,
    .scope = SCOPE_ACCOUNT,
    .query =
	(const char *const[]){"against", "format", "limit", "offset", NULL},
    .run = run,
};
