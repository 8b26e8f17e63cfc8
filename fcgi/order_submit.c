#include "fcgi/order_submit.h"

#include "core/disk.h"
#include "core/log.h"
#include "fcgi/request.h"

#define MEGABYTE 1048576LL

static enum rc
check_open(struct request *rq)
{
	int most = rq->session.guest && rq->conf->web_guest_orders <
					    rq->conf->web_open_orders
		       ? rq->conf->web_guest_orders
		       : rq->conf->web_open_orders;
	struct rows r;
	enum rc rc;

	rc = db_one(rq->db, rq->arena, rq->session.account,
	    Q_GENERATION_OPEN_COUNT, &r, DB_ARGS(rq->session.account));
	if (rc != OK || row_int(&r, 0, "n") < most)
		return rc;
	request_advise(
	    rq, "Wait for some to finish or cancel some, then try again.");
	return request_fail(rq, E_LIMIT,
	    "You already have %lld files waiting or running. The maximum is "
	    "%d.",
	    (long long)row_int(&r, 0, "n"), most);
}

static enum rc
no_storage(struct request *rq, const char *advice)
{
	rq->problem.status = 507;
	request_advise(rq, advice);
	return E_LIMIT;
}

/* The private servers and the results are on this disk. */
static enum rc
check_disk(struct request *rq)
{
	const struct conf *c = rq->conf;
	long long free = disk_free_megabytes(c->run_var);

	if (!c->own_db || free < 0 || free >= c->storage_free_megabytes)
		return OK;
	log_warn("disk_low", "megabytes", log_num(free), "req", rq->id);
	(void)request_fail(rq, E_LIMIT,
	    "The server's disk is nearly full, so nothing new can be started. "
	    "Nothing has been lost.");
	return no_storage(rq,
	    "Try again later. If this continues, tell the administrator "
	    "that less than storage.free_megabytes is free.");
}

static enum rc
check_results(struct request *rq)
{
	const struct conf *c = rq->conf;
	long long account = c->storage_account_megabytes * MEGABYTE;
	long long total = c->storage_total_megabytes * MEGABYTE;
	struct rows r;
	enum rc rc;

	rc = db_one(rq->db, rq->arena, NULL, Q_STORAGE_USE, &r,
	    DB_ARGS(rq->session.account, db_int(rq->arena, total)));
	if (rc != OK)
		return rc;
	if (row_int(&r, 0, "own") >= account) {
		(void)request_fail(rq, E_LIMIT,
		    "Your files take up %lld MB. The maximum for an account is "
		    "%d MB.",
		    (long long)row_int(&r, 0, "own") / MEGABYTE,
		    c->storage_account_megabytes);
		return no_storage(
		    rq, "Delete files you no longer need, then try again.");
	}
	if (row_int(&r, 0, "total") < total)
		return OK;
	(void)request_fail(rq, E_LIMIT,
	    "The server has reached its storage limit of %d MB, so nothing new "
	    "can be started. Nothing has been lost.",
	    c->storage_total_megabytes);
	return no_storage(rq,
	    "Delete files you no longer need, or ask the administrator to "
	    "raise storage.total_megabytes.");
}

enum rc
order_submit_room(struct request *rq)
{
	enum rc rc = check_disk(rq);

	return rc == OK ? check_results(rq) : rc;
}

enum rc
order_submit(struct request *rq, struct order *order, struct rows *rows)
{
	struct lifecycle l = request_lifecycle(rq);
	enum rc rc;

	rc = session_ensure(rq);
	if (rc == OK)
		rc = check_open(rq);
	if (rc == OK)
		rc = order_submit_room(rq);
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
