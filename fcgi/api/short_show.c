/* short_show: GET /api/generations/{id}, one generation by its short name. */
#include "fcgi/api_call.h"
#include "fcgi/request.h"

static enum rc
run(struct request *rq)
{
	return api_call_show(rq, SHAPE_SHORT);
}

const struct page endpoint_short_show = {
    .path = "/api/generations/{id:uuid}",
    .methods = GET,
    .scope = SCOPE_ACCOUNT,
    .run = run,
};
