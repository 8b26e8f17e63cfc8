#include "fcgi/diff.h"

#include "core/order.h"
#include "core/status.h"
#include "fcgi/artifact.h"
#include "fcgi/model.h"
#include "fcgi/request.h"

#include <string.h>

#define FILE_NAME "llms.txt"

/* A generation that has a finished llms.txt; what: "generation", "other". */
static enum rc
load_row(struct request *rq, const char *id, const char *what, struct rows *r)
{
	const struct ordertype *type;
	enum rc rc;

	rc = model_row(rq, id, r);
	if (rc == E_NOTFOUND)
		return request_fail(rq, rc,
		    "This %s doesn't exist, or you don't have access to it.",
		    what);
	if (rc != OK)
		return rc;
	type = order_type(row_text(r, 0, "type"));
	if (type == NULL || !type->diffable)
		return request_fail(rq, E_CONFLICT,
		    "The %s is not an llms.txt file, so it can't be compared.",
		    what);
	if (!status_is(row_text(r, 0, "status"), STATUS_COMPLETED))
		return request_fail(rq, E_CONFLICT,
		    "The %s is %s. Only completed ones can be compared.", what,
		    row_text(r, 0, "status"));
	return OK;
}

static enum rc
find_previous(struct request *rq, struct diff *out)
{
	struct rows r;
	enum rc rc;

	rc = db_one(rq->db, rq->arena, rq->session.account,
	    Q_GENERATION_PREVIOUS, &r, DB_ARGS(out->id));
	if (rc == E_NOTFOUND)
		return request_fail(rq, rc,
		    "This is your first completed llms.txt for %s, so there is "
		    "nothing older to compare it with.",
		    out->hostname);
	if (rc != OK)
		return rc;
	out->against = row_text(&r, 0, "id");
	out->against_at = row_text(&r, 0, "completed_text");
	return OK;
}

static enum rc
find_other(struct request *rq, const char *against, struct diff *out)
{
	struct rows r;
	enum rc rc = load_row(rq, against, "generation to compare with", &r);

	if (rc != OK)
		return rc;
	if (strcmp(row_text(&r, 0, "hostname"), out->hostname) != 0)
		return request_query_field(rq, "against",
		    "The generation to compare with is for %s, not for %s.",
		    row_text(&r, 0, "hostname"), out->hostname);
	out->against = row_text(&r, 0, "id");
	out->against_at = row_text(&r, 0, "completed_text");
	return OK;
}

/* What cannot be parsed is left out of the comparison, no more. */
static enum rc
read_file(struct request *rq, const char *id, struct llms_file *out)
{
	struct artifact_file f;
	enum rc rc = artifact_read(rq, id, FILE_NAME, &f);

	if (rc == OK)
		(void)!llms_parse(rq->arena, f.bytes, f.len, out);
	return rc;
}

enum rc
diff_load(struct request *rq, const char *against, struct diff *out)
{
	struct rows r;
	enum rc rc;

	memset(out, 0, sizeof(*out));
	out->id = rq->param.id;
	rc = load_row(rq, out->id, "generation", &r);
	if (rc != OK)
		return rc;
	out->hostname = row_text(&r, 0, "hostname");
	rc = against == NULL ? find_previous(rq, out)
			     : find_other(rq, against, out);
	if (rc != OK || (rc = read_file(rq, out->id, &out->after)) != OK ||
	    (rc = read_file(rq, out->against, &out->before)) != OK)
		return rc;
	llms_diff(rq->arena, &out->before, &out->after, &out->d);
	return OK;
}
