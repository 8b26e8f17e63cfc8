/* admin_probe: POST /admin/probe, a worker tests a provider. */
#include "core/log.h"
#include "core/queue.h"
#include "fcgi/admin.h"
#include "fcgi/request.h"

static enum rc
run(struct request *rq)
{
	struct admin_lane lane;
	enum rc rc;

	rc = admin_lane_of(rq, admin_field(rq, "provider"), &lane);
	if (rc != OK)
		return rc;
	if (!lane.probed || !lane.ready)
		return request_fail(rq, E_INPUT,
		    "\"%s\" is not configured, so there is nothing to test.",
		    lane.label);
	rc = db_run(rq->db, rq->arena, rq->session.account, Q_ADMIN_PROBE, NULL,
	    DB_ARGS(lane.name));
	if (rc != OK)
		return rc;
	if (queue_push(rq->redis, rq->arena, LANE_PROBE, lane.name, lane.name,
		NULL) != OK)
		log_warn("probe_not_queued", "provider", lane.name);
	return reply_see(rq, "/admin#providers");
}

const struct page page_admin_probe = {
    .path = "/admin/probe",
    .methods = POST,
    .scope = SCOPE_ADMIN,
    .run = run,
};
