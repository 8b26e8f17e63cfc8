/* admin_again: POST /admin/retry, a failed one or all of a lane. */
#include "core/ids.h"
#include "core/log.h"
#include "fcgi/admin.h"
#include "fcgi/request.h"

static enum rc
run(struct request *rq)
{
	const char *id = admin_field(rq, "id"), *name = admin_field(rq, "lane");
	struct lifecycle l = request_lifecycle(rq);
	struct admin_lane lane;
	struct rows r;
	enum rc rc = OK;

	if (*id != '\0' && !uuid_valid(id))
		return request_field(rq, "#/id", "That is not an ID.");
	if (*id == '\0')
		rc = admin_lane_of(rq, name, &lane);
	if (rc == OK)
		rc = admin_action(rq, Q_ADMIN_AGAIN,
		    "retried by the administrator", &r,
		    DB_ARGS(*id ? id : NULL, *id ? NULL : lane.name,
			db_int(rq->arena, ADMIN_BATCH)));
	if (rc != OK)
		return rc;
	if (r.n == 0 && *id != '\0')
		return request_fail(rq, E_CONFLICT,
		    "This file no longer exists, or it has not failed.");
	generation_publish_status(&l, &r);
	log_info("operator_again", "n", log_num(r.n), "req", rq->id);
	return reply_see(
	    rq, arena_printf(rq->arena, "/admin?done=again&n=%d", r.n));
}

const struct page page_admin_again = {
    .path = "/admin/retry",
    .methods = POST,
    .scope = SCOPE_ADMIN,
    .run = run,
};
