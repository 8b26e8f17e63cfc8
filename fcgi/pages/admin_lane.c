/* admin_lane: POST /admin/lane, stops one, lets it go on, limits it. */
#include "core/log.h"
#include "core/queue.h"
#include "core/text.h"
#include "fcgi/admin.h"
#include "fcgi/list.h"
#include "fcgi/params.h"
#include "fcgi/request.h"

#include <string.h>

#define LIMIT_MAX 10000
#define REASON_BYTES 300

static enum rc
lane_stop(struct request *rq, const char *lane)
{
	const char *why = admin_field(rq, "why");
	enum rc rc;

	if (strlen(why) > REASON_BYTES)
		return request_field(rq, "#/why",
		    "The reason is %zu bytes long. The maximum is %d.",
		    strlen(why), REASON_BYTES);
	rc = db_run(rq->db, rq->arena, rq->session.account, Q_ADMIN_LANE, NULL,
	    DB_ARGS(lane, "true", why));
	/* Workers copy it to Redis soon, if this does not. */
	if (rc == OK && queue_pause(rq->redis, rq->arena, lane, 0) != OK)
		log_warn("lane_not_shut", "lane", lane);
	return rc;
}

static enum rc
open_again(struct request *rq, const char *lane)
{
	enum rc rc;

	rc = db_run(rq->db, rq->arena, rq->session.account, Q_ADMIN_LANE, NULL,
	    DB_ARGS(lane, "false", ""));
	if (rc == OK && (queue_resume(rq->redis, rq->arena, lane) != OK ||
			    queue_wake(rq->redis, rq->arena, lane) != OK))
		log_warn("lane_not_opened", "lane", lane);
	return rc;
}

static enum rc
lane_limit(struct request *rq, const char *lane)
{
	const char *given = admin_field(rq, "n");
	const char *kind = admin_field(rq, "kind");
	enum rc rc;
	long n;

	if (strcmp(kind, "parallel") != 0 && strcmp(kind, "per_minute") != 0)
		return request_field(rq, "#/kind",
		    "The limit must be \"parallel\" or \"per_minute\".");
	if (*given != '\0' && !number_read(given, 1, LIMIT_MAX, &n))
		return request_field(rq, "#/n",
		    "A limit must be a number from 1 to %d, not \"%s\". Leave "
		    "the field empty for no limit.",
		    LIMIT_MAX, text_excerpt(rq->arena, given));
	rc = db_run(rq->db, rq->arena, rq->session.account, Q_ADMIN_LIMIT, NULL,
	    DB_ARGS(lane, kind, *given == '\0' ? NULL : given));
	if (rc == OK && queue_wake(rq->redis, rq->arena, lane) != OK)
		log_debug("lane_not_woken", "lane", lane);
	return rc;
}

static enum rc
run(struct request *rq)
{
	const char *what = admin_field(rq, "do");
	struct admin_lane lane;
	enum rc rc;

	rc = admin_lane_of(rq, admin_field(rq, "lane"), &lane);
	if (rc != OK)
		return rc;
	if (strcmp(what, "stop") == 0)
		rc = lane_stop(rq, lane.name);
	else if (strcmp(what, "open") == 0)
		rc = open_again(rq, lane.name);
	else if (strcmp(what, "limit") == 0 && lane.orders)
		rc = lane_limit(rq, lane.name);
	else
		rc = request_fail(
		    rq, E_INPUT, "A queue can be paused, resumed or limited.");
	if (rc != OK)
		return rc;
	log_info(
	    "lane_changed", "lane", lane.name, "what", what, "req", rq->id);
	return reply_see(rq, "/admin#lanes");
}

const struct page page_admin_lane = {
    .path = "/admin/lane",
    .methods = POST,
    .scope = SCOPE_ADMIN,
    .run = run,
};
