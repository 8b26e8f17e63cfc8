/* home: GET /, the order form and the account's generations. */
#include "fcgi/request.h"
#include "fcgi/view.h"

static enum rc
run(struct request *rq)
{
	return view_list(rq, "llms.txt for any site");
}

const struct page page_home = {
    .path = "/",
    .methods = GET,
    .scope = SCOPE_VISITOR,
    .run = run,
};
