/* generation_new: GET /generations/new?hostname=, to make out an order. */
#include "fcgi/request.h"
#include "fcgi/view.h"

/* Left out, or emptied by a form that was sent on. */
static const char *
text(struct request *rq, const char *name)
{
	const char *s = params_get(&rq->query, name);

	return s == NULL ? "" : s;
}

static enum rc
run(struct request *rq)
{
	struct view_order v = {
	    .hostname = params_get(&rq->query, "hostname"),
	    .provider = params_get(&rq->query, "provider"),
	    .limit = params_get(&rq->query, "limit"),
	    .include = text(rq, "include"),
	    .exclude = text(rq, "exclude"),
	};

	return view_new(rq, &v);
}

const struct page page_generation_new = {
    .path = "/generations/new",
    .methods = GET,
    .need = NEED_VISITOR,
    .run = run,
};
