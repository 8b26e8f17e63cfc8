/* The results of a generation: its artifacts, and the ledger of its report. */
#include "core/schema/report_json.h"
#include "core/text.h"
#include "fcgi/model.h"
#include "fcgi/host_view.h"
#include "fcgi/request.h"

#include <stdbool.h>
#include <string.h>

/* A page looks through so much of a report (bytes), so much at a time. */
#define REPORT_MAX (16 << 20)
#define REPORT_PIECE (256 << 10)

enum rc
model_artifacts(struct request *rq, const char *id, struct json_object **list)
{
	struct json_object *o;
	struct rows r;
	enum rc rc;
	int i;

	rc = db_run(rq->db, rq->arena, rq->session.account, Q_ARTIFACT_LIST, &r,
	    DB_ARGS(id));
	if (rc != OK)
		return rc;
	*list = json_object_new_array();
	for (i = 0; i < r.n; i++) {
		const char *name = row_text(&r, i, "name");

		o = json_object_new_object();
		json_put_str(o, "name", name);
		json_put_str(o, "mime", row_text(&r, i, "mime"));
		json_put_num(o, "size", row_int(&r, i, "size"));
		json_put_str(o, "sha256", row_text(&r, i, "sha256"));
		json_put_flag(o, "partial", row_bool(&r, i, "partial"));
		json_put_str(o, "createdAt", row_text(&r, i, "created_text"));
		json_put_str(o, "url",
		    arena_printf(rq->arena,
			"/api/v1/generations/%s/artifacts/%s", id, name));
		json_object_array_add(*list, o);
	}
	return OK;
}

/* The first at most max bytes of an artifact; E_NOTFOUND. */
static enum rc
first_bytes(struct request *rq, const char *id, const char *name, size_t max,
    const char **body, size_t *len, size_t *size)
{
	const char *account = rq->session.account;
	struct rows head, slice;
	enum rc rc;

	rc = db_one(rq->db, rq->arena, account, Q_ARTIFACT_HEAD, &head,
	    DB_ARGS(id, name));
	if (rc != OK)
		return rc;
	*size = (size_t)row_int(&head, 0, "size");
	rc = db_one(rq->db, rq->arena, account, Q_ARTIFACT_SLICE, &slice,
	    DB_ARGS(id, name, row_text(&head, 0, "sha256"), "1",
		db_int(rq->arena, (int64_t)max)));
	if (rc == OK)
		*body = row_bytes(&slice, 0, "body", rq->arena, len);
	return rc;
}

enum rc
model_artifact_text(struct request *rq, const char *id, const char *name,
    const char **text, bool *cut)
{
	const char *body = NULL;
	size_t len = 0, size = 0;
	enum rc rc;

	*text = NULL;
	*cut = false;
	rc = first_bytes(rq, id, name, (size_t)rq->conf->web_shown_bytes, &body,
	    &len, &size);
	/* Not there, or replaced this very moment: the next view has it. */
	if (rc == E_NOTFOUND)
		return OK;
	if (rc != OK)
		return rc;
	*cut = len < size;
	while (*cut && len > 0 && body[len - 1] != '\n')
		len--;
	*text = arena_strndup(rq->arena, body, len);
	return OK;
}

/* ---- report.json ---- */

/*
 * report_read: feeds a reader until it has enough, or has seen the first
 * REPORT_MAX bytes.  OK without a head: there is no report, or it is none that
 * can be read.
 */
static enum rc
report_read(struct request *rq, const char *id, struct report_reader *r)
{
	const char *account = rq->session.account, *bytes;
	struct rows head, slice;
	size_t at = 0, size, n;
	struct arena a;
	enum rc rc;

	rc = db_one(rq->db, rq->arena, account, Q_ARTIFACT_HEAD, &head,
	    DB_ARGS(id, "report.json"));
	if (rc != OK)
		return rc == E_NOTFOUND ? OK : rc;
	size = (size_t)row_int(&head, 0, "size");
	if (size > REPORT_MAX)
		size = REPORT_MAX;
	arena_init(&a);
	while (rc == OK && at < size && r->stage != REPORT_END) {
		arena_reset(&a);
		rc = db_one(rq->db, &a, account, Q_ARTIFACT_SLICE, &slice,
		    DB_ARGS(id, "report.json", row_text(&head, 0, "sha256"),
			db_int(&a, (int64_t)at + 1), db_int(&a, REPORT_PIECE)));
		if (rc != OK)
			break;
		bytes = row_bytes(&slice, 0, "body", &a, &n);
		if (n == 0)
			break;
		at += n;
		if (report_reader_feed(r, bytes, n) != OK)
			break;
	}
	arena_release(&a);
	/* Replaced this very moment: the next view has it. */
	return rc == E_NOTFOUND ? OK : rc;
}

/* The pages that are left out, by reason, on their way into a model. */
struct ledger_view {
	struct json_object *groups; /* in the order of the head's reasons */
	struct report_reader reader;
	size_t rows;  /* of each group, at most */
	long missing; /* rows that are still to come */
};

/* groups_make: a group for each reason of the head, without its pages yet. */
static void
groups_make(struct ledger_view *v)
{
	struct report_reason reason;
	struct json_object *g;

	for (size_t i = 0; report_reason(v->reader.head, i, &reason); i++) {
		g = json_object_new_object();
		json_put_str(g, "reason", reason.disposition);
		json_put_str(g, "text", reason.sentence);
		json_put_num(g, "count", reason.pages);
		json_put(g, "pages", json_object_new_array());
		json_object_array_add(v->groups, g);
		v->missing += (size_t)reason.pages < v->rows ? reason.pages
							     : (long)v->rows;
	}
}

/* group_find: NULL for a reason that the head does not name. */
static struct json_object *
group_find(struct json_object *groups, const char *disposition)
{
	size_t n = json_object_array_length(groups);

	for (size_t i = 0; i < n; i++) {
		struct json_object *g = json_object_array_get_idx(groups, i);

		if (strcmp(json_str(g, "reason", ""), disposition) == 0)
			return g;
	}
	return NULL;
}

static bool
ledger_page(void *arg, const struct report_page *page)
{
	struct ledger_view *v = arg;
	struct json_object *g, *list, *o;

	if (json_object_array_length(v->groups) == 0)
		groups_make(v);
	g = group_find(v->groups, page->disposition);
	list = g == NULL ? NULL : json_sub(g, "pages");
	if (list != NULL && json_object_array_length(list) < v->rows) {
		o = json_object_new_object();
		json_put_str(o, "url", page->url);
		json_put_str(o, "detail", page->detail);
		json_put_str(o, "other", page->other);
		json_object_array_add(list, o);
		v->missing--;
	}
	return v->missing > 0;
}

/* The numbers as people write them; the bare ones are for {{#more}}. */
static void
put_texts(struct arena *a, struct json_object *groups)
{
	size_t n = json_object_array_length(groups);

	for (size_t i = 0; i < n; i++) {
		struct json_object *g = json_object_array_get_idx(groups, i);
		long count = (long)json_num(g, "count", 0);
		long more = count - (long)json_object_array_length(
					json_sub(g, "pages"));

		json_put_num(g, "more", more);
		json_put_str(g, "countText", text_number(a, count));
		json_put_str(g, "moreText", text_number(a, more));
	}
}

static struct json_object *
count_of(struct json_object *o, const char *key)
{
	struct json_object *list = json_sub(o, key);

	return json_object_new_int64(
	    json_object_is_type(list, json_type_array)
		? (int64_t)json_object_array_length(list)
		: 0);
}

/* What became of hand edits, with the lengths of its lists; NULL: none. */
static struct json_object *
edits_of(struct json_object *head)
{
	struct json_object *o = json_sub(head, "edits");

	if (!json_object_is_type(o, json_type_object))
		return NULL;
	json_put(o, "overCount", count_of(o, "over"));
	json_put(o, "droppedCount", count_of(o, "dropped"));
	json_put_flag(o, "overOne", json_num(o, "overCount", 0) == 1);
	json_put_flag(o, "droppedOne", json_num(o, "droppedCount", 0) == 1);
	return json_object_get(o);
}

static struct json_object *
ledger_json(struct arena *a, struct ledger_view *v)
{
	struct json_object *o = json_object_new_object();
	long left = report_left_out(v->reader.head);

	put_texts(a, v->groups);
	json_put_num(o, "left", left);
	json_put_str(o, "leftText", text_number(a, left));
	json_put_num(o, "listed", report_listed(v->reader.head));
	json_put_flag(o, "isLarge", v->missing > 0);
	json_put(o, "groups", json_object_get(v->groups));
	json_put(o, "edits", edits_of(v->reader.head));
	return o;
}

enum rc
model_ledger(struct request *rq, const char *id, size_t rows,
    struct json_object **ledger)
{
	struct ledger_view v = {
	    .groups = json_object_new_array(),
	    .rows = rows,
	};
	enum rc rc;

	*ledger = NULL;
	report_reader_init(&v.reader, rq->arena);
	v.reader.page = ledger_page;
	v.reader.arg = &v;
	rc = report_read(rq, id, &v.reader);
	if (rc == OK && v.reader.head != NULL)
		*ledger = ledger_json(rq->arena, &v);
	report_reader_release(&v.reader);
	json_object_put(v.groups);
	return rc;
}

static bool
want_no_page(void *arg, const struct report_page *page)
{
	(void)arg;
	(void)page;
	return false;
}

enum rc
model_edits(struct request *rq, const char *id, struct json_object **edits)
{
	struct report_reader r;
	enum rc rc;

	*edits = NULL;
	report_reader_init(&r, rq->arena);
	r.page = want_no_page;
	rc = report_read(rq, id, &r);
	if (rc == OK && r.head != NULL)
		*edits = edits_of(r.head);
	report_reader_release(&r);
	return rc;
}
