/* generations: GET /generations, the same page under the list's own name. */
#include "fcgi/request.h"
#include "fcgi/view.h"

static enum rc
run(struct request *rq)
{
	return view_list(rq, "Your files");
}

const struct page page_generations = {
    .path = "/generations",
    .methods = GET,
    .scope = SCOPE_VISITOR,
    .run = run,
};
