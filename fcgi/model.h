/*
 * model: what pages and JSON calls show, as json-c objects.
 *
 * One model feeds both: an item is the generation as the JSON API shows it;
 * for a page, model_view adds what only people need (words for a status,
 * what may be done).  All objects go with the request's arena unless a
 * comment says that the caller owns the reference.
 */
#ifndef FCGI_MODEL_H
#define FCGI_MODEL_H

#include "core/db.h"
#include "core/json.h"
#include "core/rc.h"

struct request;

/*
 * model_item: a row of generation_show or generation_list; a running one has
 * the newest progress, from Redis.  The caller owns the reference.
 */
struct json_object *model_item(
    struct request *rq, const struct rows *rows, int row);

/* model_view: adds the members that templates use to an item. */
void model_view(struct request *rq, struct json_object *item);

/*
 * model_facts: adds what the result of a row is known for to an item that a
 * page shows: facts ({title,quality,words,...}), and name where it has a
 * title.
 */
void model_facts(struct request *rq, const struct rows *rows, int row,
    struct json_object *item);

/* model_status_label: a status in words for people, "Waiting". */
const char *model_status_label(const char *status);

/*
 * model_row: the row generation_show of the caller's generation; E_NOTFOUND
 * for a foreign one, too.
 */
enum rc model_row(
    struct request *rq, const char *id, struct rows *row) MUST_CHECK;

/*
 * model_show: the generation of rq->param.id; E_NOTFOUND for a foreign one,
 * too.  rows may be NULL.  The caller owns *item.
 */
enum rc model_show(struct request *rq, struct rows *rows,
    struct json_object **item) MUST_CHECK;

/* model_history: the status history, oldest first; the caller owns *list. */
enum rc model_history(
    struct request *rq, const char *id, struct json_object **list) MUST_CHECK;

/*
 * model_updates: the last 100 updates of 24 hours, from Redis; empty where
 * Redis is away.  The caller owns it.
 */
struct json_object *model_updates(struct request *rq, const char *id);

/*
 * model_artifacts: {name,mime,size,sha256,partial,createdAt,url}...; the
 * caller owns *list.
 */
enum rc model_artifacts(
    struct request *rq, const char *id, struct json_object **list) MUST_CHECK;

/*
 * model_artifact_text: the first bytes of an artifact, whole lines, at most
 * web.shown_bytes; *cut says whether there is more.  NULL in *text where
 * there is no such artifact (yet).
 */
enum rc model_artifact_text(struct request *rq, const char *id,
    const char *name, const char **text, bool *cut) MUST_CHECK;

/*
 * model_edits: what report.json says became of edits by hand, {number,applied,
 * refused,over:[],dropped:[],overCount,droppedCount}; NULL in *edits
 * where there were none.  The caller owns it.
 */
enum rc model_edits(
    struct request *rq, const char *id, struct json_object **edits) MUST_CHECK;

/*
 * model_ledger: the pages that report.json says were left out, by reason, at
 * most rows of each, as {left,leftText,groups:[{reason,count,
 * countText,more,moreText,pages:[{url}]}],edits,isLarge}, the texts as
 * "8,412"; isLarge: not all of those rows were looked for, since the report is
 * too large.  NULL in *ledger where there is none.  The caller owns it.
 */
enum rc model_ledger(struct request *rq, const char *id, size_t rows,
    struct json_object **ledger) MUST_CHECK;

#endif
