#include "fcgi/generation_action.h"

#include "core/generation.h"
#include "core/log.h"
#include "fcgi/model.h"
#include "fcgi/order_submit.h"
#include "fcgi/request.h"

/* A change of core/generation.h that an owner may ask for. */
struct step {
	enum rc (*make)(struct lifecycle *l, const char *account,
	    const char *id, struct rows *rows);
	const char *done;  /* "canceled", for the refusal */
	const char *event; /* for the log */
};

/* The sentence for E_CONFLICT: what it is, so why it cannot be. */
static enum rc
action_refuse(struct request *rq, const char *done)
{
	struct rows r;
	enum rc rc = model_row(rq, rq->param.id, &r);

	if (rc != OK)
		return rc;
	return request_fail(rq, E_CONFLICT,
	    "The generation is %s, so it cannot be %s.",
	    row_text(&r, 0, "status"), done);
}

static enum rc
action_take(struct request *rq, const struct step *s)
{
	struct lifecycle l = request_lifecycle(rq);
	struct rows r;
	enum rc rc = s->make(&l, rq->session.account, rq->param.id, &r);

	if (rc == E_CONFLICT)
		return action_refuse(rq, s->done);
	if (rc == OK)
		log_info(s->event, "id", rq->param.id, "req", rq->id);
	return rc;
}

enum rc
generation_action_cancel(struct request *rq)
{
	static const struct step cancel = {
	    generation_cancel, "canceled", "canceled"};

	return action_take(rq, &cancel);
}

enum rc
generation_action_again(struct request *rq)
{
	static const struct step again = {
	    generation_retry, "tried again", "tried_again"};

	enum rc rc = order_submit_room(rq);

	return rc == OK ? action_take(rq, &again) : rc;
}
