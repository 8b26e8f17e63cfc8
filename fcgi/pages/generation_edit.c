/* generation_edit: GET /generations/{id}/edit, the llms.txt in a form. */
#include "fcgi/edit.h"
#include "fcgi/request.h"
#include "fcgi/view_edit.h"

static enum rc
run(struct request *rq)
{
	struct edit e;
	enum rc rc = edit_load(rq, &e);

	if (rc != OK)
		return rc;
	return view_edit(
	    rq, &(struct view_edit){
		    .edit = &e, .text = e.shown.bytes, .status = 200});
}

const struct page page_generation_edit = {
    .path = "/generations/{id:uuid}/edit",
    .methods = GET,
    .scope = SCOPE_ACCOUNT,
    .run = run,
};
