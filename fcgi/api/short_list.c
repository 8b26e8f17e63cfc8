/* short_list: GET /api/generations, the list under its short name. */
#include "fcgi/api_call.h"
#include "fcgi/list.h"
#include "fcgi/request.h"

static enum rc
run(struct request *rq)
{
	return api_call_list(rq, SHAPE_SHORT);
}

const struct page endpoint_short_list = {
    .path = "/api/generations",
    .methods = GET,
    .scope = SCOPE_VISITOR,
    .query = list_query,
    .run = run,
};
