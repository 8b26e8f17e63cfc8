#include "fcgi/api_call.h"

#include "core/text.h"
#include "fcgi/idempotency.h"
#include "fcgi/list.h"
#include "fcgi/model.h"
#include "fcgi/order_submit.h"
#include "fcgi/request.h"
#include "fcgi/queue_position.h"

#include <string.h>

#define LIMIT_USUAL 50

struct json_object *
api_call_item(struct json_object *item, enum api_call_shape shape)
{
	if (shape == SHAPE_SHORT) {
		json_put_num(
		    item, "processedUrls", json_num(item, "processed", 0));
		json_put_num(item, "totalUrls", json_num(item, "total", 0));
	}
	return item;
}

enum rc
api_call_list(struct request *rq, enum api_call_shape shape)
{
	struct json_object *o;
	struct list_request wanted;
	const char *next;
	struct list l;
	enum rc rc;
	size_t i;

	rc = list_read(rq, LIMIT_USUAL, &wanted);
	if (rc == OK && shape == SHAPE_SHORT && wanted.page == 0 &&
	    wanted.after == NULL && wanted.offset == 0)
		wanted.page = 1;
	if (rc == OK)
		rc = list_load(rq, &wanted, &l);
	if (rc != OK)
		return rc;
	for (i = 0; i < json_object_array_length(l.items); i++)
		api_call_item(json_object_array_get_idx(l.items, i), shape);
	next = list_links(rq, &wanted, &l);
	o = json_object_new_object();
	json_put(o, "items", l.items);
	json_put_num(o, "total", l.total);
	json_put_num(o, "limit", l.limit);
	json_put_num(o, "offset", l.offset);
	if (wanted.page > 0) {
		json_put_num(o, "page", wanted.page);
		json_put_num(o, "totalPages", l.pages);
	}
	json_put_str(o, "next", next);
	return reply_json(rq, 200, o);
}

enum rc
api_call_show(struct request *rq, enum api_call_shape shape)
{
	struct json_object *item;
	enum rc rc;

	rc = model_show(rq, NULL, &item);
	if (rc != OK)
		return rc;
	return reply_json(rq, 200, api_call_item(item, shape));
}

enum rc
api_call_delete(struct request *rq)
{
	struct lifecycle l = request_lifecycle(rq);
	enum rc rc = api_call_no_members(rq);

	if (rc == OK)
		rc = generation_delete(&l, rq->session.account, rq->param.id);
	if (rc != OK)
		return rc;
	return reply_empty(rq, 204);
}

enum rc
api_call_bare(struct request *rq, int status, struct json_object *o)
{
	const char *text = arena_strdup(rq->arena, json_text(o));

	json_object_put(o);
	return reply_text(
	    rq, status, "application/json; charset=utf-8", text, strlen(text));
}

static void
put_location(struct request *rq, const char *id, enum api_call_shape shape)
{
	static const char *const paths[] = {
	    [SHAPE_FULL] = "/api/v1/generations",
	    [SHAPE_SHORT] = "/api/generations",
	    [SHAPE_JOB] = "/api/job",
	};

	reply_header(
	    rq, "Location", arena_printf(rq->arena, "%s/%s", paths[shape], id));
}

static enum rc
answer_job(struct request *rq, const char *id, const struct queue_position *w)
{
	struct json_object *o = json_object_new_object();

	json_put_str(o, "jobId", id);
	json_put_str(o, "status", "queued");
	json_put_str(o, "message", "Story generation queued successfully");
	json_put(o, "estimatedWaitTime", queue_position_json(w));
	return api_call_bare(rq, 202, o);
}

/* 202, Location, and the generation as it is now with its wait. */
static enum rc
answer_order(struct request *rq, const char *id, enum api_call_shape shape)
{
	struct json_object *item;
	struct queue_position w;
	enum rc rc;

	rq->param.id = id;
	rc = model_show(rq, NULL, &item);
	if (rc != OK)
		return rc;
	queue_position_estimate(rq, id, json_str(item, "provider", ""),
	    json_str(item, "type", ""), &w);
	put_location(rq, id, shape);
	if (shape == SHAPE_JOB) {
		json_object_put(item);
		return answer_job(rq, id, &w);
	}
	json_put(item, "estimatedWaitTime", queue_position_json(&w));
	return reply_json(rq, 202, api_call_item(item, shape));
}

/* The same answer as then; where it got lost, the generation as it is now. */
static enum rc
answer_again(
    struct request *rq, const struct idempotency *k, enum api_call_shape shape)
{
	const char *body = k->response;

	reply_header(rq, "Idempotency-Replayed", "true");
	if (body == NULL)
		return answer_order(rq, k->id, shape);
	put_location(rq, k->id, shape);
	return reply_text(rq, k->status, "application/json; charset=utf-8",
	    body, strlen(body));
}

static enum rc
put_order_errors(struct request *rq, const struct order_check *c)
{
	int i;

	for (i = 0; i < c->n; i++)
		(void)request_field(
		    rq, c->errors[i].pointer, "%s", c->errors[i].detail);
	request_fields_more(rq, c->more);
	return E_INPUT;
}

enum rc
api_call_order(struct request *rq, struct order_check *c, const char *type,
    const char *provider, enum api_call_shape shape)
{
	struct idempotency k;
	struct order order;
	struct rows rows;
	const char *id;
	enum rc rc;

	if (order_check(c, type, provider, &order) != OK)
		return put_order_errors(rq, c);
	rc = session_ensure(rq);
	if (rc == OK)
		rc = idempotency_claim(rq, &k);
	if (rc != OK)
		return rc;
	if (k.repeated)
		return answer_again(rq, &k, shape);
	order.key = k.key;
	order.call = k.call;
	order.claim = k.claim;
	rc = order_submit(rq, &order, &rows);
	if (rc != OK) {
		idempotency_forget(rq, &k);
		return rc;
	}
	id = row_text(&rows, 0, "id");
	rc = answer_order(rq, id, shape);
	if (rc == OK)
		idempotency_finish(rq, &k);
	return rc;
}

enum rc
api_call_members(
    struct request *rq, struct json_object *body, const char *const *known)
{
	const char *const *k;
	enum rc rc = OK;

	json_object_object_foreach(body, key, v)
	{
		(void)v;
		for (k = known; *k != NULL; k++)
			if (strcmp(*k, key) == 0)
				break;
		if (*k != NULL)
			continue;
		rc = E_INPUT;
		if (request_fields_full(rq))
			request_fields_more(rq, 1);
		else
			(void)request_field(rq,
			    arena_printf(rq->arena, "#/%s",
				text_pointer(rq->arena, key)),
			    "Unknown field \"%s\".",
			    text_excerpt(rq->arena, key));
	}
	return rc;
}

/* White space of JSON. */
static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* What programs send for nothing, whatever they call it. */
static bool
is_body_empty(const struct request *rq)
{
	static const char *const nothing[] = {"", "{}", "null"};
	const char *text = rq->body;
	size_t n = rq->body_len;

	for (; n > 0 && is_blank(*text); n--)
		text++;
	while (n > 0 && is_blank(text[n - 1]))
		n--;
	for (size_t i = 0; i < sizeof(nothing) / sizeof(nothing[0]); i++)
		if (n == strlen(nothing[i]) && memcmp(text, nothing[i], n) == 0)
			return true;
	return false;
}

enum rc
api_call_no_members(struct request *rq)
{
	static const char *const none[] = {NULL};
	struct json_object *body;
	enum rc rc;

	if (is_body_empty(rq))
		return OK;
	rc = request_json(rq, &body);
	return rc == OK ? api_call_members(rq, body, none) : rc;
}

enum rc
api_call_text_member(struct request *rq, struct json_object *body,
    const char *name, const char **out)
{
	struct json_object *v = json_sub(body, name);

	*out = NULL;
	if (v == NULL)
		return OK;
	if (!json_object_is_type(v, json_type_string) ||
	    strlen(json_object_get_string(v)) !=
		(size_t)json_object_get_string_len(v))
		return request_field(rq, arena_printf(rq->arena, "#/%s", name),
		    "The field %s must be a string.", name);
	*out = json_object_get_string(v);
	return OK;
}
