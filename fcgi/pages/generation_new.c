/*
 * generation_new: GET /generations/new?hostname= or ?type=, to make out an
 * order.
 */
#include "core/text.h"
#include "fcgi/request.h"
#include "fcgi/view.h"

/* Left out, or emptied by a form that was sent on. */
static const char *
query_text(struct request *rq, const char *name)
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
	    .include = query_text(rq, "include"),
	    .exclude = query_text(rq, "exclude"),
	    .language = params_get(&rq->query, "language"),
	};
	const char *type = params_get(&rq->query, "type");
	const struct ordertype *t =
	    type == NULL ? order_type_default() : order_type(type);

	if (t == NULL) {
		request_advise(rq, "Choose one of those listed on the page.");
		return request_fail(rq, E_NOTFOUND, "Unknown type \"%s\".",
		    text_excerpt(rq->arena, type));
	}
	v.type = t;
	if (!t->of_site)
		return view_order_form(rq, t, &rq->query, NULL);
	return view_new(rq, &v);
}

const struct page page_generation_new = {
    .path = "/generations/new",
    .methods = GET,
    .scope = SCOPE_VISITOR,
    .run = run,
};
