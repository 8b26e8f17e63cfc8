/* short_job: GET /api/job/{jobId}, how far an order of /api/generate is. */
#include "core/generation.h"
#include "fcgi/api_call.h"
#include "fcgi/model.h"
#include "fcgi/request.h"
#include "fcgi/queue_position.h"

#include <string.h>

static void
put_wait(struct request *rq, struct json_object *o, struct json_object *item)
{
	struct json_object *all, *few = json_object_new_object();
	struct queue_position w;

	queue_position_estimate(rq, rq->param.id,
	    json_str(item, "provider", ""), json_str(item, "type", ""), &w);
	all = queue_position_json(&w);
	json_put(few, "position", json_object_get(json_sub(all, "position")));
	json_put_num(
	    few, "estimatedMinutes", json_num(all, "estimatedMinutes", 0));
	json_object_put(all);
	json_put(o, "waitTime", few);
}

static void
put_progress(struct json_object *o, struct json_object *item)
{
	int64_t done = json_num(item, "processed", 0);
	int64_t total = json_num(item, "total", 0);

	json_put_num(o, "progress", total > 0 ? 100 * done / total : 0);
	json_put_str(o, "message", json_str(item, "message", NULL));
}

static void
put_result(struct request *rq, struct json_object *o, const struct rows *rows)
{
	static const char *const names[] = {
	    "generationTime", "quality", "words"};
	struct json_object *facts = generation_result(rq->arena, rows, 0);
	struct json_object *result = json_object_new_object();

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		json_put(result, names[i],
		    facts == NULL ? NULL
				  : json_object_get(json_sub(facts, names[i])));
	json_put_str(o, "storyId", rq->param.id);
	json_put(o, "result", result);
}

static enum rc
run(struct request *rq)
{
	struct json_object *o, *item;
	const char *status;
	struct rows rows;
	enum rc rc;

	rc = model_show(rq, &rows, &item);
	if (rc != OK)
		return rc;
	if (strcmp(json_str(item, "type", ""), ordertype_story.name) != 0) {
		json_object_put(item);
		return E_NOTFOUND;
	}
	o = json_object_new_object();
	status = json_str(item, "status", "");
	json_put_str(o, "jobId", rq->param.id);
	json_put_str(o, "status", status);
	if (status_is(status, STATUS_PENDING))
		put_wait(rq, o, item);
	else if (status_is(status, STATUS_PROCESSING))
		put_progress(o, item);
	else if (status_is(status, STATUS_COMPLETED))
		put_result(rq, o, &rows);
	else if (status_is(status, STATUS_FAILED))
		json_put_str(o, "error", json_str(item, "errorMessage", NULL));
	json_object_put(item);
	return api_call_bare(rq, 200, o);
}

const struct page endpoint_short_job = {
    .path = "/api/job/{id:uuid}",
    .methods = GET,
    .scope = SCOPE_ACCOUNT,
    .run = run,
};
