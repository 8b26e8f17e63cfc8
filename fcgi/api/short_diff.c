/* short_diff: GET /api/generations/{id}/diff, by its short name. */
#include "fcgi/api_call.h"
#include "fcgi/request.h"

static enum rc
run(struct request *rq)
{
	return api_call_diff(rq);
}

const struct page endpoint_short_diff = {
    .path = "/api/generations/{id:uuid}/diff",
    .methods = GET,
    .scope = SCOPE_ACCOUNT,
    .query =
	(const char *const[]){"against", "format", "limit", "offset", NULL},
    .run = run,
};
