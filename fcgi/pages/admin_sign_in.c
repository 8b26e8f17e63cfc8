/* admin_sign_in: POST /admin/sign-in, spends a link of `platen admin`. */
#include "core/ids.h"
#include "fcgi/admin.h"
#include "fcgi/request.h"

static enum rc
run(struct request *rq)
{
	const char *token = admin_field(rq, "token");
	enum rc rc = E_NOTFOUND;

	if (token_valid(token))
		rc = session_sign_in(rq, token);
	if (rc == E_NOTFOUND) {
		request_advise(rq,
		    "Run `platen admin` on the server to print a new link.");
		return request_fail(
		    rq, rc, "This link has expired or has already been used.");
	}
	return rc != OK ? rc : reply_see(rq, "/admin");
}

const struct page page_admin_sign_in = {
    .path = "/admin/sign-in",
    .methods = POST,
    .scope = SCOPE_VISITOR,
    .limit = CLASS_AUTH,
    .run = run,
};
