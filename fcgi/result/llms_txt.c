/*
 * llms_txt: the pages of the site that were left out and why, what changed
 * since the last llms.txt of the host, and what became of edits by hand.
 */
#include "fcgi/model.h"
#include "fcgi/request.h"
#include "fcgi/result_view.h"
#include "fcgi/view.h"

#include <string.h>

/* The file as it was generated stands beside the one that was edited. */
#define GENERATED "llms.generated.txt"
/* More pages than any report has. */
#define ALL_ROWS ((size_t)1 << 30)

static bool
has_file(struct json_object *page, const char *name)
{
	struct json_object *files = json_sub(page, "files");
	size_t n = files == NULL ? 0 : json_object_array_length(files);

	for (size_t i = 0; i < n; i++)
		if (strcmp(json_str(
			       json_object_array_get_idx(files, i), "name", ""),
			name) == 0)
			return true;
	return false;
}

/* All rows of a list only where somebody asks. */
static size_t
rows_shown(struct request *rq)
{
	if (params_get(&rq->query, "all") != NULL)
		return ALL_ROWS;
	return (size_t)rq->conf->web_ledger_rows;
}

/* Edits that were applied and have been undone since are not shown. */
static void
drop_undone(struct json_object *page, struct json_object *ledger)
{
	struct json_object *edits = json_sub(ledger, "edits");

	if (edits != NULL && !json_flag(page, "isEdited", false) &&
	    json_num(edits, "applied", 0) > 0)
		json_put(ledger, "edits", NULL);
}

static enum rc
put_ledger(struct request *rq, struct json_object *page)
{
	struct json_object *ledger;
	enum rc rc;

	rc = model_ledger(rq, rq->param.id, rows_shown(rq), &ledger);
	if (rc != OK || ledger == NULL)
		return rc;
	drop_undone(page, ledger);
	json_put(page, "ledger", ledger);
	return OK;
}

static enum rc
run(struct request *rq, struct json_object *page)
{
	enum rc rc;

	if (has_file(page, GENERATED))
		json_put_flag(page, "isEdited", true);
	rc = put_ledger(rq, page);
	if (rc != OK)
		return rc;
	return view_changes(rq, rows_shown(rq), page);
}

extern const struct ordertype ordertype_llms_txt;

const struct result_view result_view_llms_txt = {
    .type = &ordertype_llms_txt,
    .run = run,
};
