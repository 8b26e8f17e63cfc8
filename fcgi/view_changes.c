/* The part of a generation's page that says what changed since the last. */
#include "core/text.h"
#include "fcgi/diff.h"
#include "fcgi/request.h"
#include "fcgi/view.h"
#include "fcgi/datetime.h"

/* What the template asks of each list: is there one, and how much is cut. */
static void
put_list(struct arena *a, struct json_object *o, const char *has,
    const char *more, size_t n, size_t rows)
{
	json_put_flag(o, has, n > 0);
	json_put_str(
	    o, more, n > rows ? text_number(a, (long long)(n - rows)) : NULL);
}

static void
put_count(struct arena *a, struct json_object *o, const char *key, size_t n)
{
	json_put_str(o, key, text_number(a, (long long)n));
}

static struct json_object *
changes_model(struct request *rq, const struct diff *diff, size_t rows)
{
	struct json_object *o = diff_json(diff, 0, rows);
	const struct llms_diff *d = &diff->d;

	json_put_str(
	    o, "againstText", datetime_text(rq->arena, diff->against_at));
	json_put_flag(o, "hasHead", d->title || d->summary || d->info);
	json_put_flag(o, "hasRenamed", d->nrenamed > 0);
	put_count(rq->arena, o, "renamedText", d->nrenamed);
	json_put_flag(o, "renamedOne", d->nrenamed == 1);
	put_count(rq->arena, o, "addedText", d->nadded);
	put_count(rq->arena, o, "removedText", d->nremoved);
	put_count(rq->arena, o, "changedText", d->nchanged);
	put_list(rq->arena, o, "hasAdded", "moreAdded", d->nadded, rows);
	put_list(rq->arena, o, "hasRemoved", "moreRemoved", d->nremoved, rows);
	put_list(rq->arena, o, "hasChanged", "moreChanged", d->nchanged, rows);
	return o;
}

enum rc
view_changes(struct request *rq, size_t rows, struct json_object *o)
{
	const struct ordertype *type = order_type(json_str(o, "type", ""));
	struct diff diff;
	enum rc rc;

	if (!json_flag(o, "isCompleted", false) || type == NULL ||
	    !type->diffable)
		return OK;
	rc = diff_load(rq, NULL, &diff);
	if (rc == OK)
		json_put(o, "changes", changes_model(rq, &diff, rows));
	/* The first of its host, or one of the two went just now. */
	if (rc != E_NOTFOUND && rc != E_CONFLICT)
		return rc;
	rq->problem = (struct problem){0};
	return OK;
}
