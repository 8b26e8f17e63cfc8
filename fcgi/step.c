#include "fcgi/step.h"

#include "core/generation.h"
#include "core/log.h"
#include "fcgi/request.h"

/* The sentence for E_CONFLICT: what it is, so why it cannot be. */
static enum rc
refuse(struct request *rq, const char *what)
{
	struct rows r;
	enum rc rc;

	rc = db_one(rq->db, rq->arena, rq->session.account, Q_GENERATION_SHOW,
	    &r, DB_ARGS(rq->param.id));
	if (rc != OK)
		return rc;
	return request_fail(rq, E_CONFLICT,
	    "The generation is %s, so it cannot be %s.",
	    row_text(&r, 0, "status"), what);
}

enum rc
step_cancel(struct request *rq)
{
	struct lifecycle l = request_lifecycle(rq);
	struct rows r;
	enum rc rc;

	rc = generation_cancel(&l, rq->session.account, rq->param.id, &r);
	if (rc == E_CONFLICT)
		return refuse(rq, "canceled");
	if (rc == OK)
		log_info("canceled", "id", rq->param.id, "req", rq->id);
	return rc;
}

enum rc
step_again(struct request *rq)
{
	struct lifecycle l = request_lifecycle(rq);
	struct rows r;
	enum rc rc;

	rc = generation_again(&l, rq->session.account, rq->param.id, &r);
	if (rc == E_CONFLICT)
		return refuse(rq, "tried again");
	if (rc == OK)
		log_info("tried_again", "id", rq->param.id, "req", rq->id);
	return rc;
}
