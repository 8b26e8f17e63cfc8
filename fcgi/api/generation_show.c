/* generation_show: GET /api/v1/generations/{id}, one generation. */
#include "fcgi/api_call.h"
#include "fcgi/request.h"

static enum rc
run(struct request *rq)
{
	return api_call_show(rq, SHAPE_FULL);
}

const struct page endpoint_generation_show = {
    .path = "/api/v1/generations/{id:uuid}",
    .methods = GET,
    .scope = SCOPE_ACCOUNT,
    .run = run,
};
