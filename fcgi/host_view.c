#include "fcgi/host_view.h"

#include "core/log.h"
#include "core/queue.h"
#include "core/schema/host_count.h"
#include "core/text.h"
#include "fcgi/request.h"

#include <string.h>

enum rc
host_view_load(struct request *rq, const char *name, struct host_view *out)
{
	struct rows asked, r;
	/* Whose turn it is goes by address: a count needs no account. */
	const char *whose = request_client_address(rq);
	const char *state, *why;
	enum rc rc;

	*out = (struct host_view){0};
	rc = db_run(rq->db, rq->arena, NULL, Q_HOST_REQUEST, &asked,
	    DB_ARGS(name, db_int(rq->arena, rq->conf->web_recount_seconds)));
	if (rc == OK)
		rc = db_one(
		    rq->db, rq->arena, NULL, Q_HOST_SHOW, &r, DB_ARGS(name));
	if (rc != OK)
		return rc;
	state = row_text(&r, 0, "state");
	/* A place it has already, it keeps; one that Redis lost, it gets. */
	if (strcmp(state, "pending") == 0 &&
	    queue_push(rq->redis, rq->arena, LANE_ANALYZE, name,
		whose != NULL ? whose : "-", NULL) != OK)
		log_warn("count_not_queued", "host", name, "req", rq->id);
	out->urls = (long)row_int(&r, 0, "urls_count");
	out->done = strcmp(state, "done") == 0;
	out->failed = strcmp(state, "failed") == 0;
	out->age = (long)row_int(&r, 0, "age_seconds");
	out->measuring = strcmp(row_text(&r, 0, "measuring"), "t") == 0;
	out->detail = json_parse(rq->arena, row_text(&r, 0, "detail"),
	    strlen(row_text(&r, 0, "detail")), &why);
	if (!host_count_is_complete(out->detail))
		out->detail = NULL;
	out->error = row_null(&r, 0, "error")
			 ? "The pages of this site could not be counted."
			 : row_text(&r, 0, "error");
	return OK;
}

struct json_object *
host_view_json(struct request *rq, const struct host_view *c)
{
	struct json_object *o = json_object_new_object();
	const char *text = NULL;

	if (c->done)
		text = text_number(rq->arena, c->urls);
	else if (c->urls > 0)
		text = arena_printf(
		    rq->arena, "%s so far", text_number(rq->arena, c->urls));
	json_put_num(o, "urlsCount", c->urls);
	json_put_flag(o, "isComplete", c->done || c->failed);
	json_put_flag(o, "isFailed", c->failed);
	json_put_flag(o, "isCounting", !c->done && !c->failed);
	json_put_flag(o, "isMeasuring", c->measuring);
	json_put_flag(o, "isNone", c->done && c->urls == 0);
	json_put_str(o, "text", text);
	json_put_str(o, "error", c->failed ? c->error : NULL);
	return o;
}
