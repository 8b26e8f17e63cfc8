/* artifact: GET /generations/{id}/artifacts/{name}, raw and sandboxed. */
#include "fcgi/artifact.h"
#include "fcgi/request.h"

static enum rc
run(struct request *rq)
{
	return artifact_send(rq, true);
}

const struct page page_artifact = {
    .path = "/generations/{id:uuid}/artifacts/{name:file}",
    .methods = GET,
    .scope = SCOPE_ACCOUNT,
    .run = run,
};
