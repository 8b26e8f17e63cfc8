#include "fcgi/edit.h"

#include "core/ids.h"
#include "core/log.h"
#include "core/order.h"
#include "core/status.h"
#include "fcgi/model.h"
#include "fcgi/request.h"

#include <string.h>

#define FILE_NAME "llms.txt"
#define GENERATED "llms.generated.txt"

static enum rc
load_row(struct request *rq, struct edit *e)
{
	const struct ordertype *type;
	struct rows r;
	enum rc rc;

	rc = model_row(rq, rq->param.id, &r);
	if (rc != OK)
		return rc;
	type = order_type(row_text(&r, 0, "type"));
	if (type == NULL || !type->editable)
		return request_fail(
		    rq, E_CONFLICT, "Only llms.txt files can be edited.");
	if (!status_is(row_text(&r, 0, "status"), STATUS_COMPLETED))
		return request_fail(rq, E_CONFLICT,
		    "The generation is %s. Its file can be edited once it is "
		    "completed.",
		    row_text(&r, 0, "status"));
	e->hostname = row_text(&r, 0, "hostname");
	return OK;
}

static enum rc
load_old(struct request *rq, struct edit *e)
{
	const char *text, *why;
	struct rows r;
	enum rc rc;

	rc = db_one(rq->db, rq->arena, rq->session.account, Q_EDITS_SHOW, &r,
	    DB_ARGS(rq->session.account, e->hostname));
	if (rc == E_NOTFOUND)
		return OK;
	if (rc != OK)
		return rc;
	text = row_text(&r, 0, "edits");
	e->old_json = json_parse(rq->arena, text, strlen(text), &why);
	e->old_at = row_text(&r, 0, "updated_text");
	if (llms_edits_read(rq->arena, e->old_json, &e->old) == OK)
		return OK;
	log_error("edits_unreadable", "host", e->hostname, "req", rq->id);
	return E_INTERNAL;
}

enum rc
edit_load(struct request *rq, struct edit *e)
{
	enum rc rc;

	memset(e, 0, sizeof(*e));
	if ((rc = load_row(rq, e)) != OK || (rc = load_old(rq, e)) != OK)
		return rc;
	rc = artifact_read(rq, rq->param.id, FILE_NAME, &e->shown);
	if (rc != OK)
		return rc;
	rc = artifact_read(rq, rq->param.id, GENERATED, &e->generated);
	e->edited = rc == OK;
	if (rc != E_NOTFOUND)
		return rc;
	rq->problem = (struct problem){0};
	e->generated = e->shown;
	return OK;
}

/* ---- saving ---- */

/* What there is to keep for the host after this. */
static enum rc
derive_edits(struct request *rq, const struct edit *e,
    const struct llms_file *file, struct llms_edits *edits,
    struct json_object **json)
{
	struct llms_file generated, shown;
	struct json_object *holder = json_new(rq->arena);
	size_t n;

	/* Our own files; were they not valid, they would do all the same. */
	(void)!llms_parse(
	    rq->arena, e->generated.bytes, e->generated.len, &generated);
	(void)!llms_parse(rq->arena, e->shown.bytes, e->shown.len, &shown);
	if (generated.title == NULL || generated.summary == NULL ||
	    shown.title == NULL || shown.summary == NULL)
		return request_fail(rq, E_CONFLICT,
		    "The generated file has no title or no summary, so it "
		    "cannot be edited here.");
	llms_edits_derive(rq->arena, &generated, &shown, file, &e->old, edits);
	*json = llms_edits_json(edits);
	json_put(holder, "edits", *json);
	n = strlen(json_text(*json));
	if (n <= (size_t)rq->conf->web_edits_bytes)
		return OK;
	request_advise(rq, "Change less of the file, or generate it again with "
			   "more paths excluded.");
	return request_fail(rq, E_TOOBIG,
	    "Your edits would take %zu bytes. The maximum for one hostname is "
	    "%d.",
	    n, rq->conf->web_edits_bytes);
}

static enum rc
put_edits(struct request *rq, const struct edit *e,
    const struct llms_edits *edits, struct json_object *json)
{
	size_t n = llms_edits_count(edits);
	const char *account = rq->session.account;

	if (n == 0)
		return db_run(rq->db, rq->arena, NULL, Q_EDITS_DELETE, NULL,
		    DB_ARGS(account, e->hostname));
	return db_run(rq->db, rq->arena, NULL, Q_EDITS_PUT, NULL,
	    DB_ARGS(account, e->hostname, json_text(json),
		db_int(rq->arena, (int64_t)n)));
}

static enum rc
put_entries(struct request *rq, size_t links)
{
	struct rows r;

	return db_one(rq->db, rq->arena, NULL, Q_GENERATION_ENTRIES, &r,
	    DB_ARGS(rq->param.id, db_int(rq->arena, (int64_t)links)));
}

static bool
is_generated(const struct edit *e, const char *text, size_t len)
{
	return len == e->generated.len &&
	       memcmp(text, e->generated.bytes, len) == 0;
}

/* E_NOTFOUND: the file is not the one any more that was edited. */
static enum rc
put_file(struct request *rq, const struct edit *e, const char *text, size_t len)
{
	unsigned char hash[SHA256_BYTES];
	const char *id = rq->param.id;
	struct rows r;
	enum rc rc;

	sha256_hash(text, len, hash);
	rc = db_run(rq->db, rq->arena, NULL, Q_ARTIFACT_KEEP_GENERATED, NULL,
	    DB_ARGS(id));
	if (rc == OK)
		rc = db_one(rq->db, rq->arena, NULL, Q_ARTIFACT_MEND, &r,
		    DB_ARGS(id, e->shown.sha256,
			db_bytea(rq->arena, hash, sizeof(hash)),
			db_bytea(rq->arena, text, len)));
	if (rc == OK && is_generated(e, text, len))
		rc = db_run(rq->db, rq->arena, NULL, Q_ARTIFACT_DROP_GENERATED,
		    NULL, DB_ARGS(id));
	return rc;
}

/* Ends the transaction of db_begin. */
static enum rc
finish_transaction(struct request *rq, enum rc rc)
{
	if (rc == OK)
		return db_commit(rq->db);
	db_rollback(rq->db);
	if (rc != E_NOTFOUND)
		return rc;
	return request_fail(rq, E_CONFLICT,
	    "The file has changed since you opened it, so nothing was saved.");
}

enum rc
edit_save(struct request *rq, const struct edit *e, const char *text,
    size_t len, struct llms_file *file, size_t *kept)
{
	struct json_object *json = NULL;
	struct llms_edits edits;
	enum rc rc;

	rc = llms_parse(rq->arena, text, len, file);
	if (rc == OK)
		rc = derive_edits(rq, e, file, &edits, &json);
	if (rc == OK)
		rc = db_begin(rq->db, rq->session.account, NULL, NULL);
	if (rc != OK)
		return rc;
	rc = put_file(rq, e, text, len);
	if (rc == OK)
		rc = put_edits(rq, e, &edits, json);
	if (rc == OK)
		rc = put_entries(rq, file->nlinks);
	rc = finish_transaction(rq, rc);
	*kept = llms_edits_count(&edits);
	if (rc == OK)
		log_info("edited", "id", rq->param.id, "edits",
		    log_num((long long)*kept), "req", rq->id);
	return rc;
}

static enum rc
restore_generated(struct request *rq, const struct edit *e, size_t links)
{
	const char *id = rq->param.id;
	struct rows r;
	enum rc rc = OK;

	if (e->edited) {
		rc = db_one(rq->db, rq->arena, NULL, Q_ARTIFACT_RESTORE, &r,
		    DB_ARGS(id));
		if (rc == OK)
			rc = db_run(rq->db, rq->arena, NULL,
			    Q_ARTIFACT_DROP_GENERATED, NULL, DB_ARGS(id));
		if (rc == OK)
			rc = put_entries(rq, links);
	}
	if (rc != OK)
		return rc;
	return db_run(rq->db, rq->arena, NULL, Q_EDITS_DELETE, NULL,
	    DB_ARGS(rq->session.account, e->hostname));
}

enum rc
edit_undo(struct request *rq, const struct edit *e)
{
	struct llms_file generated;
	enum rc rc;

	(void)!llms_parse(
	    rq->arena, e->generated.bytes, e->generated.len, &generated);
	rc = db_begin(rq->db, rq->session.account, NULL, NULL);
	if (rc != OK)
		return rc;
	rc = finish_transaction(rq, restore_generated(rq, e, generated.nlinks));
	if (rc == OK)
		log_info("edits_undone", "id", rq->param.id, "req", rq->id);
	return rc;
}
