/* generation_delete_ask: GET /generations/{id}/delete, are you sure? */
#include "fcgi/csrf.h"
#include "fcgi/model.h"
#include "fcgi/request.h"
#include "fcgi/view.h"

static enum rc
run(struct request *rq)
{
	struct json_object *o = view_page(rq, "Delete"), *item;
	enum rc rc;

	rc = model_show(rq, NULL, &item);
	if (rc != OK)
		return rc;
	model_view(rq, item);
	json_put(o, "item", item);
	json_put_str(o, "csrf", csrf_field(rq));
	return reply_page(rq, "delete", o);
}

const struct page page_generation_delete_ask = {
    .path = "/generations/{id:uuid}/delete",
    .methods = GET,
    .need = NEED_ACCOUNT,
    .run = run,
};
