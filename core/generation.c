#include "core/generation.h"

#include "core/ids.h"
#include "core/log.h"
#include "core/queue.h"

#include <string.h>

/* A nullable column as a JSON string or null. */
static void
put_text(struct json_object *o, const char *key, const struct rows *r, int row,
    const char *column)
{
	json_put_str(
	    o, key, row_null(r, row, column) ? NULL : row_text(r, row, column));
}

static void
put_number(struct json_object *o, const char *key, const struct rows *r,
    int row, const char *column)
{
	if (row_null(r, row, column))
		json_put(o, key, NULL);
	else
		json_put_num(o, key, row_int(r, row, column));
}

struct json_object *
generation_result(struct arena *a, const struct rows *r, int row)
{
	const char *why, *text;
	struct json_object *o;

	if (row_null(r, row, "result"))
		return NULL;
	text = row_text(r, row, "result");
	o = json_parse(a, text, strlen(text), &why);
	return json_object_is_type(o, json_type_object) ? o : NULL;
}

/* Where the results are: the paths of the artifacts, once there are any. */
static struct json_object *
result_urls(struct arena *a, const struct rows *r, int row)
{
	struct json_object *list, *result, *names, *name;
	size_t i;

	list = json_object_new_array();
	result = generation_result(a, r, row);
	names = result == NULL ? NULL : json_sub(result, "artifacts");
	if (!json_object_is_type(names, json_type_array))
		return list;
	for (i = 0; i < json_object_array_length(names); i++) {
		name = json_object_array_get_idx(names, i);
		json_object_array_add(list,
		    json_object_new_string(arena_printf(a,
			"/api/v1/generations/%s/artifacts/%s",
			row_text(r, row, "id"), json_object_get_string(name))));
	}
	return list;
}

struct json_object *
generation_metadata(struct arena *a, const struct rows *r, int row)
{
	struct json_object *m = json_new(a);

	json_put_num(m, "processedUrls", row_int(r, row, "processed"));
	json_put_num(m, "totalUrls", row_int(r, row, "total"));
	put_text(m, "stage", r, row, "stage");
	put_text(m, "message", r, row, "message");
	json_put_num(m, "attempt", row_int(r, row, "attempt"));
	json_put_num(m, "revision", row_int(r, row, "revision"));
	put_text(m, "prompt", r, row, "prompt");
	put_text(m, "hostname", r, row, "hostname");
	put_text(m, "errorMessage", r, row, "error");
	put_number(m, "entriesCount", r, row, "entries_count");
	put_number(m, "tokensUsed", r, row, "tokens_used");
	json_put(m, "resultUrls", result_urls(a, r, row));
	return m;
}

/* The facts of its type; NULL before it is complete. */
static struct json_object *
result_facts(struct arena *a, const struct rows *r, int row)
{
	struct json_object *facts = generation_result(a, r, row);

	/* The files are in resultUrls. */
	if (facts != NULL)
		json_object_object_del(facts, "artifacts");
	return json_object_get(facts);
}

struct json_object *
generation_item(struct arena *a, const struct rows *r, int row)
{
	struct json_object *o = json_new(a);

	put_text(o, "id", r, row, "id");
	put_text(o, "userId", r, row, "account_id");
	put_text(o, "type", r, row, "type");
	put_text(o, "provider", r, row, "provider");
	put_text(o, "status", r, row, "status");
	put_text(o, "prompt", r, row, "prompt");
	put_text(o, "hostname", r, row, "hostname");
	put_number(o, "processed", r, row, "processed");
	put_number(o, "total", r, row, "total");
	put_text(o, "stage", r, row, "stage");
	put_text(o, "message", r, row, "message");
	json_put(o, "result", result_facts(a, r, row));
	json_put(o, "resultUrls", result_urls(a, r, row));
	put_number(o, "tokensUsed", r, row, "tokens_used");
	put_number(o, "creditsCharged", r, row, "price");
	put_number(o, "entriesCount", r, row, "entries_count");
	put_text(o, "errorMessage", r, row, "error");
	put_number(o, "attempt", r, row, "attempt");
	put_text(o, "createdAt", r, row, "created_text");
	put_text(o, "updatedAt", r, row, "updated_text");
	put_text(o, "startedAt", r, row, "started_text");
	put_text(o, "completedAt", r, row, "completed_text");
	return o;
}

/*
 * Publishes the event of a row's present status and notes that it went out.
 * Failures are left to the sweep.
 */
static void
lifecycle_announce(
    struct lifecycle *l, const struct rows *r, int row, enum event_kind kind)
{
	const char *id = row_text(r, row, "id");
	const char *account = row_text(r, row, "account_id");
	const char *revision = row_text(r, row, "revision");
	struct event e = {
	    .kind = kind,
	    .generation = id,
	    .account = account,
	    .type = row_text(r, row, "type"),
	    .status = row_text(r, row, "status"),
	    .revision = row_int(r, row, "revision"),
	    .metadata = generation_metadata(l->arena, r, row),
	};

	if (events_publish(l->redis, l->arena, &e, NULL) != OK)
		return;
	if (db_run(l->db, l->arena, account, Q_GENERATION_ANNOUNCED, NULL,
		DB_ARGS(id, revision)) != OK)
		log_debug("announced_not_noted", "id", id);
}

/*
 * The row is committed: tell of it, then queue it, for a worker may be quick.
 * A failure here is the sweep's.
 */
static void
announce_and_queue(
    struct lifecycle *l, const struct rows *r, enum event_kind kind)
{
	lifecycle_announce(l, r, 0, kind);
	if (queue_push(l->redis, l->arena, row_text(r, 0, "provider"),
		row_text(r, 0, "id"), row_text(r, 0, "account_id"), NULL) != OK)
		log_warn("queue_push_failed", "id", row_text(r, 0, "id"));
}

/* In the order's transaction, so a key and its generation come as one. */
static enum rc
settle_key(struct lifecycle *l, const struct order *o, const char *id)
{
	struct rows rows;
	enum rc rc;

	if (o->key == NULL)
		return OK;
	rc = db_one(l->db, l->arena, NULL, Q_IDEMPOTENCY_DONE, &rows,
	    DB_ARGS(o->account, o->key, o->call, id, o->claim));
	return rc == E_NOTFOUND ? E_CONFLICT : rc;
}

enum rc
generation_create(struct lifecycle *l, const struct order *o, struct rows *rows)
{
	char id[UUID_LEN + 1];
	enum rc rc;

	uuid_make(id);
	rc = db_begin(l->db, o->account, "owner", "ordered");
	if (rc != OK)
		return rc;
	rc = db_one(l->db, l->arena, NULL, Q_GENERATION_CREATE, rows,
	    DB_ARGS(id, o->account, o->type, o->provider, json_text(o->input),
		o->prompt, o->hostname, db_int(l->arena, o->price)));
	if (rc == OK)
		rc = settle_key(l, o, id);
	if (rc != OK) {
		db_rollback(l->db);
		return rc;
	}
	rc = db_commit(l->db);
	if (rc != OK)
		return rc;
	announce_and_queue(l, rows, EVENT_CREATED);
	return OK;
}

/* One UPDATE ... RETURNING * by the owner; no row is told apart here. */
static enum rc
owner_update(struct lifecycle *l, const char *account, const char *id,
    enum query q, const char *reason, struct rows *rows)
{
	struct rows there;
	enum rc rc;

	rc = db_begin(l->db, account, "owner", reason);
	if (rc != OK)
		return rc;
	rc = db_one(l->db, l->arena, NULL, q, rows, DB_ARGS(id));
	if (rc == E_NOTFOUND && db_one(l->db, l->arena, NULL, Q_GENERATION_SHOW,
				    &there, DB_ARGS(id)) == OK)
		rc = E_CONFLICT;
	if (rc != OK) {
		db_rollback(l->db);
		return rc;
	}
	return db_commit(l->db);
}

/* Takes it out of its lane and stops a running attempt; best effort. */
static void
lifecycle_withdraw(struct lifecycle *l, const char *lane, const char *id)
{
	if (queue_remove(l->redis, l->arena, lane, id) != OK ||
	    queue_stop(l->redis, l->arena, id) != OK)
		log_warn("withdraw_failed", "id", id);
}

enum rc
generation_cancel(
    struct lifecycle *l, const char *account, const char *id, struct rows *rows)
{
	enum rc rc;

	rc = owner_update(
	    l, account, id, Q_GENERATION_CANCEL, "canceled by its owner", rows);
	if (rc != OK)
		return rc;
	lifecycle_withdraw(l, row_text(rows, 0, "provider"), id);
	lifecycle_announce(l, rows, 0, EVENT_STATUS);
	return OK;
}

enum rc
generation_retry(
    struct lifecycle *l, const char *account, const char *id, struct rows *rows)
{
	enum rc rc;

	rc = owner_update(l, account, id, Q_GENERATION_AGAIN,
	    "tried again by its owner", rows);
	if (rc != OK)
		return rc;
	announce_and_queue(l, rows, EVENT_STATUS);
	return OK;
}

static void
publish_deleted(
    struct lifecycle *l, const char *id, const char *account, const char *type)
{
	struct event e = {
	    .kind = EVENT_DELETED,
	    .generation = id,
	    .account = account,
	    .type = type,
	    .status = "deleted",
	};

	if (events_publish(l->redis, l->arena, &e, NULL) != OK)
		log_warn("deleted_not_announced", "id", id);
}

enum rc
generation_delete(struct lifecycle *l, const char *account, const char *id)
{
	struct rows r;
	enum rc rc;

	rc = db_one(
	    l->db, l->arena, account, Q_GENERATION_DELETE, &r, DB_ARGS(id));
	if (rc != OK)
		return rc;
	lifecycle_withdraw(l, row_text(&r, 0, "provider"), id);
	publish_deleted(l, id, account, row_text(&r, 0, "type"));
	return OK;
}

void
generation_publish_status(struct lifecycle *l, const struct rows *rows)
{
	for (int i = 0; i < rows->n; i++) {
		const char *id = row_text(rows, i, "id");
		const char *lane = row_text(rows, i, "provider");

		if (!status_is(row_text(rows, i, "status"), STATUS_PENDING))
			lifecycle_withdraw(l, lane, id);
		else if (queue_push(l->redis, l->arena, lane, id,
			     row_text(rows, i, "account_id"), NULL) != OK)
			log_warn("queue_push_failed", "id", id);
		lifecycle_announce(l, rows, i, EVENT_STATUS);
	}
}

void
generation_publish_deleted(struct lifecycle *l, const struct rows *rows)
{
	for (int i = 0; i < rows->n; i++)
		publish_deleted(l, row_text(rows, i, "id"),
		    row_text(rows, i, "account_id"), row_text(rows, i, "type"));
}
