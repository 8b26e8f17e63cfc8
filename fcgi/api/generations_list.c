/* generations_list: GET /api/v1/generations, with filters and three kinds of
 * paging. */
#include "fcgi/api_call.h"
#include "fcgi/list.h"
#include "fcgi/request.h"

static enum rc
run(struct request *rq)
{
	return api_call_list(rq, SHAPE_FULL);
}

const struct page endpoint_generations_list = {
    .path = "/api/v1/generations",
    .methods = GET,
    .scope = SCOPE_VISITOR,
    .query = list_query,
    .run = run,
};
