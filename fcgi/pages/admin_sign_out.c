/* admin_sign_out: POST /admin/sign-out, ends the administrator's session. */
#include "fcgi/request.h"

static enum rc
run(struct request *rq)
{
	enum rc rc = session_sign_out(rq);

	return rc != OK ? rc : reply_see(rq, "/");
}

const struct page page_admin_sign_out = {
    .path = "/admin/sign-out",
    .methods = POST,
    .scope = SCOPE_ADMIN,
    .limit = CLASS_AUTH,
    .run = run,
};
