/* admin_clean: POST /admin/clean, removes what is over, or empties a lane. */
#include "core/log.h"
#include "fcgi/admin.h"
#include "fcgi/admin_clean.h"
#include "fcgi/request.h"

static enum rc
run(struct request *rq)
{
	struct lifecycle l = request_lifecycle(rq);
	const char *most = db_int(rq->arena, ADMIN_BATCH);
	struct admin_clean c;
	struct rows r;
	enum rc rc;

	rc = admin_clean_read(rq, &rq->form, &c);
	if (rc == OK && c.cancels)
		rc = admin_action(rq, Q_ADMIN_EMPTY,
		    "canceled by the administrator", &r, DB_ARGS(c.lane, most));
	else if (rc == OK)
		rc = admin_action(rq, Q_ADMIN_CLEAN,
		    "removed by the administrator", &r,
		    DB_ARGS(c.what, db_int(rq->arena, c.days), most));
	if (rc != OK)
		return rc;
	if (c.cancels)
		generation_publish_status(&l, &r);
	else
		generation_publish_deleted(&l, &r);
	log_info("operator_cleaned", "what", c.what, "n", log_num(r.n), "req",
	    rq->id);
	return reply_see(rq, arena_printf(rq->arena, "/admin?done=%s&n=%d",
				 c.cancels ? "canceled" : "removed", r.n));
}

const struct page page_admin_clean = {
    .path = "/admin/clean",
    .methods = POST,
    .scope = SCOPE_ADMIN,
    .run = run,
};
