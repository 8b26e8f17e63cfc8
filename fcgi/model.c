#include "fcgi/model.h"

#include "core/events.h"
#include "core/generation.h"
#include "core/idn.h"
#include "core/order.h"
#include "core/stage.h"
#include "core/text.h"
#include "fcgi/request.h"
#include "fcgi/datetime.h"

#include <string.h>

static void
copy_member(struct json_object *to, const char *key, struct json_object *from,
    const char *name)
{
	struct json_object *v = json_sub(from, name);

	if (v != NULL)
		json_put(to, key, json_object_get(v));
}

/* The database has the progress of two seconds ago; Redis has the newest. */
static void
freshen_progress(struct request *rq, struct json_object *item)
{
	struct json_object *event =
	    events_last(rq->redis, rq->arena, json_str(item, "id", ""));
	struct json_object *m = event ? json_sub(event, "metadata") : NULL;

	if (m == NULL ||
	    !status_is(json_str(event, "status", ""), STATUS_PROCESSING) ||
	    json_num(m, "attempt", -1) != json_num(item, "attempt", 0) ||
	    json_num(m, "processedUrls", -1) < json_num(item, "processed", 0))
		return;
	copy_member(item, "processed", m, "processedUrls");
	copy_member(item, "total", m, "totalUrls");
	copy_member(item, "stage", m, "stage");
	copy_member(item, "message", m, "message");
}

struct json_object *
model_item(struct request *rq, const struct rows *rows, int row)
{
	struct json_object *item = generation_item(rq->arena, rows, row);

	if (status_is(row_text(rows, row, "status"), STATUS_PROCESSING))
		freshen_progress(rq, item);
	return json_object_get(item);
}

static void
put_time(struct request *rq, struct json_object *item, const char *key,
    const char *from)
{
	const char *t = json_str(item, from, NULL);

	json_put_str(item, key, t == NULL ? NULL : datetime_text(rq->arena, t));
}

static void
put_progress(struct request *rq, struct json_object *item)
{
	long long done = json_num(item, "processed", 0);
	long long total = json_num(item, "total", 0);

	const char *message = json_str(item, "message", "");
	const char *text = NULL;

	if (total > 0)
		text = arena_printf(rq->arena, "%s of %s",
		    text_number(rq->arena, done),
		    text_number(rq->arena, total));
	else if (done > 0)
		text = arena_printf(
		    rq->arena, "%s so far", text_number(rq->arena, done));
	json_put_flag(item, "hasTotal", total > 0);
	json_put_num(item, "percent", total > 0 ? 100 * done / total : 0);
	json_put_str(item, "progressText", text);
	/* Beside the message, which mostly has the numbers already. */
	json_put_str(item, "lineText",
	    text != NULL && strstr(message, text) != NULL ? NULL : text);
}

/* put_number: a member as people read it, under another key; 0 is none. */
static void
put_number(struct request *rq, struct json_object *to, const char *key,
    struct json_object *from, const char *name)
{
	long long n = json_num(from, name, 0);

	json_put_str(to, key, n == 0 ? NULL : text_number(rq->arena, n));
}

/* What was ordered, without "Story: ", which stands beside it. */
static const char *
order_subject(struct json_object *item, const struct ordertype *type)
{
	const char *prompt = json_str(item, "prompt", "");
	size_t n = type == NULL ? 0 : strlen(type->label);

	if (n > 0 && strncmp(prompt, type->label, n) == 0 &&
	    strncmp(prompt + n, ": ", 2) == 0)
		return prompt + n + 2;
	return prompt;
}

/* The site as people write it, with its port; else what was ordered. */
static const char *
display_name(
    struct arena *a, struct json_object *item, const struct ordertype *type)
{
	const char *host = json_str(item, "hostname", NULL), *port;

	if (host == NULL)
		return order_subject(item, type);
	port = strrchr(host, ':');
	if (port == NULL || strchr(port, ']') != NULL)
		return idn_display(a, host);
	return arena_printf(a, "%s%s",
	    idn_display(a, arena_strndup(a, host, (size_t)(port - host))),
	    port);
}

void
model_view(struct request *rq, struct json_object *item)
{
	const char *status = json_str(item, "status", "");
	const struct status_traits *traits = status_traits_of(status);
	const struct ordertype *type = order_type(json_str(item, "type", ""));
	const struct order_provider *p =
	    order_provider_find(json_str(item, "provider", ""));

	json_put_str(item, "name", display_name(rq->arena, item, type));
	json_put_str(item, "statusLabel", traits->label);
	json_put_str(
	    item, "typeLabel", type ? type->label : json_str(item, "type", ""));
	json_put_str(item, "kind",
	    type && type->kind ? type->kind : json_str(item, "typeLabel", ""));
	json_put_str(item, "unit", type ? type->unit : "steps");
	json_put_str(item, "resultName", type ? type->result : "");
	json_put_str(item, "providerLabel",
	    p ? p->label : json_str(item, "provider", ""));
	json_put_flag(item, "isRunning", !traits->final);
	json_put_flag(item, "isPending", status_is(status, STATUS_PENDING));
	json_put_flag(
	    item, "isProcessing", status_is(status, STATUS_PROCESSING));
	json_put_flag(item, "isCompleted", status_is(status, STATUS_COMPLETED));
	json_put_flag(item, "isFailed", status_is(status, STATUS_FAILED));
	json_put_flag(item, "isCanceled", status_is(status, STATUS_CANCELED));
	json_put_flag(item, "canCancel", !traits->final);
	json_put_flag(item, "canRetry", traits->repeatable);
	put_progress(rq, item);
	json_put_str(
	    item, "stageLabel", stage_label(json_str(item, "stage", "")));
	put_number(rq, item, "entriesText", item, "entriesCount");
	put_number(rq, item, "tokensText", item, "tokensUsed");
	put_number(rq, item, "totalText", item, "total");
	put_time(rq, item, "createdText", "createdAt");
	put_time(rq, item, "startedText", "startedAt");
	put_time(rq, item, "completedText", "completedAt");
}

void
model_facts(struct request *rq, const struct rows *rows, int row,
    struct json_object *item)
{
	struct json_object *facts = generation_result(rq->arena, rows, row);
	const char *title;

	if (facts == NULL)
		return;
	title = json_str(facts, "title", NULL);
	if (title != NULL && *title != '\0')
		json_put_str(item, "name", title);
	json_put(item, "facts", json_object_get(facts));
	put_number(rq, item, "wordsText", facts, "words");
}

const char *
model_status_label(const char *status)
{
	return status_traits_of(status)->label;
}

enum rc
model_row(struct request *rq, const char *id, struct rows *row)
{
	return db_one(rq->db, rq->arena, rq->session.account, Q_GENERATION_SHOW,
	    row, DB_ARGS(id));
}

enum rc
model_show(struct request *rq, struct rows *rows, struct json_object **item)
{
	struct rows mine;
	enum rc rc;

	if (rows == NULL)
		rows = &mine;
	rc = model_row(rq, rq->param.id, rows);
	if (rc == OK)
		*item = model_item(rq, rows, 0);
	return rc;
}

enum rc
model_history(struct request *rq, const char *id, struct json_object **list)
{
	struct json_object *o;
	struct rows r;
	enum rc rc;
	int i;

	rc = db_run(rq->db, rq->arena, rq->session.account,
	    Q_GENERATION_HISTORY, &r, DB_ARGS(id));
	if (rc != OK)
		return rc;
	*list = json_object_new_array();
	for (i = 0; i < r.n; i++) {
		const char *status = row_text(&r, i, "status");
		const char *at = row_text(&r, i, "at");

		o = json_object_new_object();
		json_put_str(o, "status", status);
		json_put_num(o, "attempt", row_int(&r, i, "attempt"));
		json_put_str(o, "actor", row_text(&r, i, "actor"));
		json_put_str(o, "reason", row_text(&r, i, "reason"));
		json_put_str(o, "timestamp", at);
		json_object_array_add(*list, o);
	}
	return OK;
}

struct json_object *
model_updates(struct request *rq, const char *id)
{
	struct json_object *list = json_object_new_array(), *o;
	redisReply *reply;
	const char *why;
	size_t i;

	if (redis_do(rq->redis, rq->arena, &reply,
		"LRANGE job-history:%s -100 -1", id) != OK ||
	    reply->type != REDIS_REPLY_ARRAY)
		return list;
	for (i = 0; i < reply->elements; i++) {
		o = json_parse(rq->arena, reply->element[i]->str,
		    reply->element[i]->len, &why);
		if (o != NULL)
			json_object_array_add(list, json_object_get(o));
	}
	return list;
}
