/* short_story: GET /api/story/{storyId}, a finished story with its text. */
#include "core/generation.h"
#include "fcgi/api_call.h"
#include "fcgi/model.h"
#include "fcgi/request.h"

#include <string.h>

static void
copy_members(
    struct json_object *to, struct json_object *from, const char *const *names)
{
	for (; from != NULL && *names != NULL; names++)
		json_put(to, *names, json_object_get(json_sub(from, *names)));
}

static struct json_object *
story_model(struct request *rq, const struct rows *rows,
    struct json_object *item, const char *text)
{
	static const char *const facts[] = {
	    "title", "words", "quality", "generationTime", NULL};
	static const char *const order[] = {
	    "theme", "language", "tone", "length", NULL};
	static const char *const rest[] = {
	    "provider", "createdAt", "completedAt", NULL};
	struct json_object *o = json_object_new_object();
	const char *input = row_text(rows, 0, "input"), *why;

	json_put_str(o, "storyId", rq->param.id);
	json_put_str(o, "jobId", rq->param.id);
	copy_members(o, generation_result(rq->arena, rows, 0), facts);
	json_put_str(o, "content", text);
	copy_members(
	    o, json_parse(rq->arena, input, strlen(input), &why), order);
	copy_members(o, item, rest);
	return o;
}

static enum rc
run(struct request *rq)
{
	struct json_object *item, *o;
	const char *text = NULL;
	struct rows rows;
	bool cut;
	enum rc rc;

	rc = model_show(rq, &rows, &item);
	if (rc != OK)
		return rc;
	if (strcmp(json_str(item, "type", ""), ordertype_story.name) != 0)
		rc = E_NOTFOUND;
	else if (!status_is(json_str(item, "status", ""), STATUS_COMPLETED))
		rc = request_fail(rq, E_NOTFOUND,
		    "The story is not available: its status is %s. GET "
		    "/api/job/%s has the details.",
		    json_str(item, "status", ""), rq->param.id);
	else
		rc = model_artifact_text(
		    rq, rq->param.id, "story.md", &text, &cut);
	if (rc != OK) {
		json_object_put(item);
		return rc;
	}
	o = story_model(rq, &rows, item, text);
	json_object_put(item);
	return api_call_bare(rq, 200, o);
}

const struct page endpoint_short_story = {
    .path = "/api/story/{id:uuid}",
    .methods = GET,
    .scope = SCOPE_ACCOUNT,
    .run = run,
};
