/* home: GET /, the order form and the account's generations. */
#include "fcgi/request.h"

static enum rc
run(struct request *rq)
{
	return reply_text(rq, 200, "text/plain", "hi\n", 3);
}

const struct page page_home = {
    .path = "/",
    .methods = GET,
    .need = NEED_VISITOR,
    .run = run,
};
