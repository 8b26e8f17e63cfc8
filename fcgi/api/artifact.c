/* artifact: GET /api/v1/generations/{id}/artifacts/{name}, the raw bytes. */
#include "fcgi/artifact.h"
#include "fcgi/request.h"

static enum rc
run(struct request *rq)
{
	return artifact_send(rq, false);
}

const struct page endpoint_artifact = {
    .path = "/api/v1/generations/{id:uuid}/artifacts/{name:file}",
    .methods = GET,
    .scope = SCOPE_ACCOUNT,
    .query = (const char *const[]){"download", NULL},
    .run = run,
};
