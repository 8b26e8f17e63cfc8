/* generation_show: GET /generations/{id}, one generation and its result. */
#include "core/stage.h"
#include "fcgi/csrf.h"
#include "fcgi/list.h"
#include "fcgi/markdown.h"
#include "fcgi/model.h"
#include "fcgi/request.h"
#include "fcgi/result_view.h"
#include "fcgi/view.h"
#include "fcgi/queue_position.h"
#include "fcgi/datetime.h"

#include <string.h>

/* Seconds between two loads where a visitor without JavaScript asks for it. */
#define REFRESH_SECONDS 5

static void
put_wait(struct request *rq, struct json_object *o)
{
	struct queue_position w;
	const char *text;

	if (!json_flag(o, "isPending", false))
		return;
	queue_position_estimate(rq, rq->param.id, json_str(o, "provider", ""),
	    json_str(o, "type", ""), &w);
	text = queue_position_text(rq, &w);
	json_put_str(o, "waitText", text);
	json_put_str(o, "waitUntil", w.stopped == NULL ? NULL : w.until);
	if (w.stopped != NULL && w.until != NULL)
		json_put_str(
		    o, "waitUntilText", datetime_text(rq->arena, w.until));
	/* The same sentence is not for two lines. */
	if (strstr(text, json_str(o, "message", "")) != NULL)
		json_put_str(o, "message", NULL);
}

/* The page's script names the stages of live events as the page does. */
static void
put_stages(struct request *rq, struct json_object *o)
{
	struct json_object *labels = stage_labels();

	json_put_str(o, "stages", arena_strdup(rq->arena, json_text(labels)));
	json_object_put(labels);
}

static void
put_refresh(struct request *rq, struct json_object *o)
{
	bool running = json_flag(o, "isRunning", false);
	bool on = running && params_get(&rq->query, "refresh") != NULL;

	if (on)
		json_put_num(o, "refresh", REFRESH_SECONDS);
	json_put_num(o, "refreshSeconds", REFRESH_SECONDS);
	json_put_flag(o, "offerRefresh", running && !on);
}

/* Its title heads the page; while it grows nobody else knows it. */
static void
put_markdown(struct request *rq, struct json_object *o, const char *text)
{
	const char *title = markdown_title(rq->arena, text, &text);

	if (title != NULL)
		json_put_str(o, "name", title);
	json_put(o, "html", markdown_html(text, strlen(text)));
}

static enum rc
put_text(struct request *rq, struct json_object *o)
{
	const struct ordertype *t = order_type(json_str(o, "type", ""));
	const char *text;
	bool cut;
	enum rc rc;

	if (t == NULL)
		return OK;
	rc = model_artifact_text(rq, rq->param.id, t->result, &text, &cut);
	if (rc != OK)
		return rc;
	json_put_flag(o, "hasText", text != NULL);
	json_put_flag(o, "cut", cut);
	if (text != NULL && t->is_markdown)
		put_markdown(rq, o, text);
	else
		json_put_str(o, "text", text);
	return OK;
}

static const char *
size_text(struct arena *a, int64_t size)
{
	if (size < 1024)
		return arena_printf(a, "%d B", (int)size);
	if (size < 1 << 20)
		return arena_printf(a, "%d KB", (int)((size + 512) >> 10));
	return arena_printf(a, "%.1f MB", (double)size / (1 << 20));
}

/* Sizes for people, and the addresses of pages instead of calls. */
static enum rc
put_artifacts(struct request *rq, struct json_object *o)
{
	const struct ordertype *type = order_type(json_str(o, "type", ""));
	struct json_object *list, *f;
	enum rc rc;
	size_t i;

	rc = model_artifacts(rq, rq->param.id, &list);
	if (rc != OK)
		return rc;
	for (i = 0; i < json_object_array_length(list); i++) {
		f = json_object_array_get_idx(list, i);
		json_put_str(f, "url",
		    arena_printf(rq->arena, "/generations/%s/artifacts/%s",
			rq->param.id, json_str(f, "name", "")));
		json_put_str(f, "sizeText",
		    size_text(rq->arena, json_num(f, "size", 0)));
	}
	json_put_flag(o, "hasFiles", i > 0);
	json_put_flag(o, "canEdit",
	    json_flag(o, "isCompleted", false) && type != NULL &&
		type->editable);
	json_put(o, "files", list);
	return OK;
}

static enum rc
put_history(struct request *rq, struct json_object *o)
{
	struct json_object *list, *h;
	enum rc rc;
	size_t i;

	rc = model_history(rq, rq->param.id, &list);
	if (rc != OK)
		return rc;
	for (i = 0; i < json_object_array_length(list); i++) {
		h = json_object_array_get_idx(list, i);
		json_put_str(
		    h, "label", model_status_label(json_str(h, "status", "")));
		json_put_str(h, "at",
		    datetime_text(rq->arena, json_str(h, "timestamp", "")));
	}
	json_put(o, "history", list);
	return OK;
}

static enum rc
run(struct request *rq)
{
	struct json_object *o, *item;
	struct rows rows;
	enum rc rc;

	rc = model_show(rq, &rows, &item);
	if (rc != OK)
		return rc;
	model_view(rq, item);
	model_facts(rq, &rows, 0, item);
	o = view_page(rq, json_str(item, "prompt", ""));
	json_object_object_foreach(item, key, v)
	{
		json_put(o, key, json_object_get(v));
	}
	json_object_put(item);
	json_put_str(o, "csrf", csrf_field(rq));
	put_stages(rq, o);
	put_wait(rq, o);
	put_refresh(rq, o);
	if ((rc = put_text(rq, o)) != OK || (rc = put_artifacts(rq, o)) != OK ||
	    (rc = put_history(rq, o)) != OK ||
	    (rc = result_view_put(rq, o)) != OK)
		return rc;
	return reply_page(rq, "generation", o);
}

const struct page page_generation_show = {
    .path = "/generations/{id:uuid}",
    .methods = GET,
    .scope = SCOPE_ACCOUNT,
    .run = run,
};
