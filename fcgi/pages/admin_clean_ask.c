/* admin_clean_ask: GET /admin/clean?what=, are you sure? */
#include "fcgi/admin.h"
#include "fcgi/admin_clean.h"
#include "fcgi/csrf.h"
#include "fcgi/request.h"
#include "fcgi/view.h"

static enum rc
run(struct request *rq)
{
	struct json_object *o = view_page(rq, "Clean up");
	struct admin_clean c;
	struct rows r;
	enum rc rc;

	rc = admin_clean_read(rq, &rq->query, &c);
	if (rc == OK)
		rc = db_one(rq->db, rq->arena, rq->session.account,
		    Q_ADMIN_COUNT, &r,
		    DB_ARGS(c.waits ? "pending" : c.what, c.lane,
			db_int(rq->arena, c.days)));
	if (rc != OK)
		return rc;
	json_put_str(o, "csrf", csrf_field(rq));
	json_put_str(o, "what", c.what);
	json_put_str(o, "lane", c.lane);
	json_put_flag(o, "waits", c.waits);
	json_put_num(o, "days", c.days);
	json_put_flag(o, "aged", c.days > 0);
	json_put_num(o, "n", row_int(&r, 0, "n"));
	json_put_flag(o, "any", row_int(&r, 0, "n") > 0);
	json_put_flag(o, "several", row_int(&r, 0, "n") != 1);
	if (row_int(&r, 0, "n") > ADMIN_BATCH)
		json_put_num(o, "batch", ADMIN_BATCH);
	return reply_page(rq, "admin_clean", o);
}

const struct page page_admin_clean_ask = {
    .path = "/admin/clean",
    .methods = GET,
    .need = NEED_ADMIN,
    .run = run,
};
