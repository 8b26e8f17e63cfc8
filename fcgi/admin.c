#include "fcgi/admin.h"

#include "core/order.h"
#include "core/queue.h"
#include "core/text.h"
#include "fcgi/request.h"

#include <string.h>

bool
admin_lane_at(struct request *rq, int i, struct admin_lane *out)
{
	const struct order_provider *p = order_providers;

	for (; p->name != NULL && i > 0; i--)
		p++;
	if (p->name != NULL) {
		*out = (struct admin_lane){
		    .name = p->name,
		    .label = p->label,
		    .orders = true,
		    .ready = order_provider_ready(p, rq->conf),
		    .probed = p->key != NULL,
		};
		return true;
	}
	*out = (struct admin_lane){
	    .name = LANE_ANALYZE,
	    .label = "Counting of hosts",
	    .ready = true,
	};
	return i == 0;
}

enum rc
admin_lane_of(struct request *rq, const char *name, struct admin_lane *out)
{
	for (int i = 0; admin_lane_at(rq, i, out); i++)
		if (strcmp(out->name, name) == 0)
			return OK;
	return request_fail(rq, E_INPUT, "Unknown queue \"%s\".",
	    text_excerpt(rq->arena, name));
}

const char *
admin_field(struct request *rq, const char *name)
{
	const char *s = params_get(&rq->form, name);

	return s == NULL ? "" : s;
}

enum rc
admin_action(struct request *rq, enum query q, const char *reason,
    struct rows *rows, struct db_args args)
{
	enum rc rc;

	rc = db_begin(rq->db, rq->session.account, "operator", reason);
	if (rc != OK)
		return rc;
	rc = db_run(rq->db, rq->arena, NULL, q, rows, args);
	if (rc != OK) {
		db_rollback(rq->db);
		return rc;
	}
	return db_commit(rq->db);
}
