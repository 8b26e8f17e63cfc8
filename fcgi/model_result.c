/* The results of a generation: its artifacts, and the ledger of its report. */
#include "core/text.h"
#include "fcgi/model.h"
#include "fcgi/host_view.h"
#include "fcgi/request.h"

#include <stdbool.h>
#include <string.h>

/* A report over this is linked to, not read (bytes). */
#define REPORT_MAX (16 << 20)

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

/* The group of a reason, made at its first page. */
static struct json_object *
group_of(struct json_object *groups, const char *reason, const char *text)
{
	struct json_object *g;
	size_t i, n = json_object_array_length(groups);

	for (i = 0; i < n; i++) {
		g = json_object_array_get_idx(groups, i);
		if (strcmp(json_str(g, "reason", ""), reason) == 0)
			return g;
	}
	g = json_object_new_object();
	json_put_str(g, "reason", reason);
	json_put_str(g, "text", text);
	json_put_num(g, "count", 0);
	json_put(g, "pages", json_object_new_array());
	json_object_array_add(groups, g);
	return g;
}

static void
add_page(struct json_object *groups, struct json_object *page, size_t rows)
{
	const char *fate = json_str(page, "fate", "");
	struct json_object *g, *list, *o;
	int64_t count;

	g = group_of(groups, fate, json_str(page, "reason", fate));
	count = json_num(g, "count", 0) + 1;
	json_put_num(g, "count", count);
	json_put_num(
	    g, "more", count > (int64_t)rows ? count - (int64_t)rows : 0);
	if (count > (int64_t)rows)
		return;
	list = json_sub(g, "pages");
	o = json_object_new_object();
	json_put_str(o, "url", json_str(page, "url", ""));
	json_put_str(o, "detail", json_str(page, "detail", NULL));
	json_put_str(o, "other", json_str(page, "other", NULL));
	json_object_array_add(list, o);
}

static int
more_first(const void *a, const void *b)
{
	int64_t x = json_num(*(struct json_object *const *)a, "count", 0);
	int64_t y = json_num(*(struct json_object *const *)b, "count", 0);

	return x < y ? 1 : x > y ? -1 : 0;
}

/* The numbers as people write them; the bare ones are for {{#more}}. */
static void
put_texts(struct arena *a, struct json_object *groups)
{
	size_t i, n = json_object_array_length(groups);

	for (i = 0; i < n; i++) {
		struct json_object *g = json_object_array_get_idx(groups, i);

		json_put_str(g, "countText",
		    text_number(a, (long)json_num(g, "count", 0)));
		json_put_str(g, "moreText",
		    text_number(a, (long)json_num(g, "more", 0)));
	}
}

static struct json_object *
make_ledger(struct arena *a, struct json_object *urls, size_t rows)
{
	struct json_object *o = json_object_new_object();
	struct json_object *groups = json_object_new_array(), *page;
	size_t i, n = json_object_array_length(urls);
	int64_t left = 0;

	for (i = 0; i < n; i++) {
		page = json_object_array_get_idx(urls, i);
		if (strcmp(json_str(page, "fate", ""), "listed") == 0)
			continue;
		add_page(groups, page, rows);
		left++;
	}
	json_object_array_sort(groups, more_first);
	put_texts(a, groups);
	json_put_num(o, "left", left);
	json_put_str(o, "leftText", text_number(a, (long)left));
	json_put_num(o, "listed", (int64_t)n - left);
	json_put(o, "groups", groups);
	return o;
}

/* report.json; NULL where there is none, or where it is *large. */
static enum rc
read_report(struct request *rq, const char *id, struct json_object **report,
    bool *large)
{
	const char *body = NULL, *why;
	size_t len = 0, size = 0;
	enum rc rc;

	*report = NULL;
	rc = first_bytes(rq, id, "report.json", REPORT_MAX, &body, &len, &size);
	*large = rc == OK && len < size;
	if (rc == OK && !*large)
		*report = json_parse(rq->arena, body, len, &why);
	return rc == E_NOTFOUND ? OK : rc;
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
edits_of(struct json_object *report)
{
	struct json_object *o = json_sub(report, "edits");

	if (!json_object_is_type(o, json_type_object))
		return NULL;
	json_put(o, "overCount", count_of(o, "over"));
	json_put(o, "droppedCount", count_of(o, "dropped"));
	return json_object_get(o);
}

enum rc
model_ledger(struct request *rq, const char *id, size_t rows,
    struct json_object **ledger)
{
	struct json_object *report, *urls;
	bool large;
	enum rc rc = read_report(rq, id, &report, &large);

	*ledger = NULL;
	if (large) {
		*ledger = json_object_new_object();
		json_put_flag(*ledger, "isLarge", true);
	}
	urls = report == NULL ? NULL : json_sub(report, "pages");
	if (!json_object_is_type(urls, json_type_array))
		return rc;
	*ledger = make_ledger(rq->arena, urls, rows);
	json_put(*ledger, "edits", edits_of(report));
	return rc;
}

enum rc
model_edits(struct request *rq, const char *id, struct json_object **edits)
{
	struct json_object *report;
	bool large;
	enum rc rc = read_report(rq, id, &report, &large);

	*edits = report == NULL ? NULL : edits_of(report);
	return rc;
}
