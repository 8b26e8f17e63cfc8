/*
 * admin_sign_in_confirm: GET /admin/sign-in?token=, the page of a link. Looking
 * does not spend the link: previews and scanners look, too.
 */
#include "core/ids.h"
#include "fcgi/csrf.h"
#include "fcgi/request.h"
#include "fcgi/view.h"

#include <string.h>

static enum rc
look_up(struct request *rq, const char *token, bool *valid)
{
	unsigned char h[SHA256_BYTES];
	struct rows r;
	enum rc rc;

	*valid = false;
	if (token == NULL || !token_valid(token))
		return OK;
	sha256_hash(token, strlen(token), h);
	rc = db_one(rq->db, rq->arena, NULL, Q_SIGNIN_VALID, &r,
	    DB_ARGS(db_bytea(rq->arena, h, sizeof(h))));
	if (rc == OK)
		*valid = row_bool(&r, 0, "valid");
	return rc;
}

static enum rc
run(struct request *rq)
{
	const char *token = params_get(&rq->query, "token");
	struct json_object *o = view_page(rq, "Sign in");
	bool valid;
	enum rc rc = look_up(rq, token, &valid);

	if (rc != OK)
		return rc;
	/* The link is as good as a password. */
	rq->reply.exact = true;
	json_put_str(o, "csrf", csrf_field(rq));
	json_put_str(o, "token", valid ? token : NULL);
	json_put_flag(
	    o, "hasSession", rq->session.account != NULL && !rq->session.admin);
	return reply_page_status(rq, valid ? 200 : 404, "admin_sign_in", o);
}

const struct page page_admin_sign_in_confirm = {
    .path = "/admin/sign-in",
    .methods = GET,
    .scope = SCOPE_VISITOR,
    .run = run,
};
