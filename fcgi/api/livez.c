/* livez: GET /livez, this process answers; asks nothing else. */
#include "fcgi/request.h"

static enum rc
run(struct request *rq)
{
	return reply_text(
	    rq, 200, "application/json", "{\"status\":\"pass\"}\n", 18);
}

const struct page endpoint_livez = {
    .path = "/livez",
    .methods = GET,
    .scope = SCOPE_PUBLIC,
    .run = run,
};
