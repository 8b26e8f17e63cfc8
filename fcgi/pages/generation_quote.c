/*
 * generation_quote: POST /generations/new, the order form sent for another
 * look at what it would take; nothing is ordered.
 */
#include "fcgi/paths.h"
#include "fcgi/request.h"
#include "fcgi/view.h"

static const char *
form_text(struct request *rq, const char *name)
{
	const char *s = params_get(&rq->form, name);

	return s == NULL ? "" : s;
}

static enum rc
run(struct request *rq)
{
	const struct ordertype *t = order_type(form_text(rq, "type"));
	struct paths ticks;
	struct view_order v = {
	    .type = t != NULL && t->of_site ? t : order_type_default(),
	    .hostname = form_text(rq, "hostname"),
	    .provider = params_get(&rq->form, "provider"),
	    .limit = params_get(&rq->form, "limit"),
	    .include = form_text(rq, "include"),
	    .exclude = form_text(rq, "exclude"),
	    .language = params_get(&rq->form, "language"),
	    .ticks = &ticks,
	};

	paths_form(&rq->form, &ticks);
	return view_new(rq, &v);
}

const struct page page_generation_quote = {
    .path = "/generations/new",
    .methods = POST,
    .scope = SCOPE_VISITOR,
    .run = run,
};
