#include "fcgi/place.h"

#include "core/log.h"
#include "fcgi/request.h"

static enum rc
check_open(struct request *rq)
{
	struct rows r;
	enum rc rc;

	rc = db_one(rq->db, rq->arena, rq->session.account,
	    Q_GENERATION_OPEN_COUNT, &r, DB_ARGS(rq->session.account));
	if (rc != OK || row_int(&r, 0, "n") < rq->conf->web_open_orders)
		return rc;
	request_advise(
	    rq, "Wait until some are done, or cancel some, and order again.");
	return request_fail(rq, E_LIMIT,
	    "%lld of your generations wait or run already; at most %d may.",
	    (long long)row_int(&r, 0, "n"), rq->conf->web_open_orders);
}

enum rc
place_order(struct request *rq, struct order *order, struct rows *rows)
{
	struct lifecycle l = request_lifecycle(rq);
	enum rc rc;

	rc = session_ensure(rq);
	if (rc == OK)
		rc = check_open(rq);
	if (rc != OK)
		return rc;
	order->account = rq->session.account;
	rc = generation_create(&l, order, rows);
	if (rc == OK)
		log_info("ordered", "id", row_text(rows, 0, "id"), "account",
		    order->account, "type", order->type, "provider",
		    order->provider, "host", order->hostname, "req", rq->id);
	return rc;
}
