#include "fcgi/list.h"

#include "core/generation.h"
#include "core/ids.h"
#include "core/order.h"
#include "core/text.h"
#include "fcgi/model.h"
#include "fcgi/request.h"
#include "fcgi/datetime.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define LIMIT_MAX 100
#define OFFSET_MAX 100000000

const char *const list_query[] = {"status", "type", "startDate", "endDate",
    "limit", "offset", "page", "after", NULL};

bool
number_read(const char *s, long min, long max, long *out)
{
	size_t n = strlen(s);
	long v;

	if (n == 0 || n > 10 || strspn(s, "0123456789") != n)
		return false;
	v = strtol(s, NULL, 10);
	if (v < min || v > max)
		return false;
	*out = v;
	return true;
}

static enum rc
read_number(struct request *rq, const char *name, long min, long max, long *out)
{
	const char *s = params_get(&rq->query, name);

	if (s == NULL || number_read(s, min, max, out))
		return OK;
	return request_query_field(rq, name,
	    "The parameter %s must be a whole number from %ld to %ld, not "
	    "\"%s\".",
	    name, min, max, text_excerpt(rq->arena, s));
}

static enum rc
read_filters(struct request *rq, struct list_request *wanted)
{
	enum rc rc = OK;

	wanted->status = params_get(&rq->query, "status");
	if (wanted->status != NULL && !status_valid(wanted->status))
		rc = request_query_field(rq, "status",
		    "Unknown status \"%s\". Use pending, processing, "
		    "completed, failed, canceled or pending_payment.",
		    text_excerpt(rq->arena, wanted->status));
	wanted->type = params_get(&rq->query, "type");
	/* An alias that other clients speak. */
	if (wanted->type != NULL && strcmp(wanted->type, "sora") == 0)
		wanted->type = "video";
	if (wanted->type != NULL && !order_type_valid(wanted->type))
		rc = request_query_field(rq, "type",
		    "There is no type \"%s\", for example %s.",
		    text_excerpt(rq->arena, wanted->type),
		    order_type_default()->name);
	return rc;
}

static enum rc
read_date(struct request *rq, const char *name, bool end, const char **out)
{
	const char *s = params_get(&rq->query, name);

	if (s == NULL)
		return OK;
	*out = datetime_parse(rq->arena, s, end);
	if (*out != NULL)
		return OK;
	return request_query_field(rq, name,
	    "The parameter %s must be a date such as 2026-01-31 or "
	    "2026-01-31T12:00:00Z, not \"%s\".",
	    name, text_excerpt(rq->arena, s));
}

static enum rc
read_after(struct request *rq, struct list_request *wanted)
{
	wanted->after = params_get(&rq->query, "after");
	if (wanted->after == NULL || uuid_valid(wanted->after))
		return OK;
	return request_query_field(
	    rq, "after", "The parameter after must be the ID of a generation.");
}

static enum rc
read_start(struct request *rq, struct list_request *wanted)
{
	const struct params *q = &rq->query;
	int ways = (params_get(q, "offset") != NULL) +
		   (params_get(q, "page") != NULL) +
		   (params_get(q, "after") != NULL);
	enum rc rc = read_after(rq, wanted);

	if (read_number(rq, "limit", 1, LIMIT_MAX, &wanted->limit) != OK ||
	    read_number(rq, "offset", 0, OFFSET_MAX, &wanted->offset) != OK ||
	    read_number(rq, "page", 1, OFFSET_MAX / LIMIT_MAX, &wanted->page) !=
		OK)
		rc = E_INPUT;
	if (ways > 1)
		rc = request_query_field(rq,
		    params_get(q, "after") ? "after" : "page",
		    "Send only one of offset, page and after.");
	if (wanted->page > 0)
		wanted->offset = (wanted->page - 1) * wanted->limit;
	return rc;
}

enum rc
list_read(struct request *rq, long limit, struct list_request *wanted)
{
	enum rc rc;

	*wanted = (struct list_request){.limit = limit};
	rc = read_filters(rq, wanted);
	if (read_date(rq, "startDate", false, &wanted->from) != OK ||
	    read_date(rq, "endDate", true, &wanted->to) != OK ||
	    read_start(rq, wanted) != OK)
		rc = E_INPUT;
	return rc;
}

/* One more than asked for is read, to know whether there is more. */
static enum rc
load_rows(
    struct request *rq, const struct list_request *wanted, struct list *out)
{
	const struct rows *r = &out->rows;
	enum rc rc;
	int i;

	rc = db_run(rq->db, rq->arena, rq->session.account, Q_GENERATION_LIST,
	    &out->rows,
	    DB_ARGS(rq->session.account, wanted->status, wanted->type,
		wanted->from, wanted->to, db_int(rq->arena, wanted->limit + 1),
		db_int(rq->arena, out->offset), wanted->after));
	if (rc != OK)
		return rc;
	for (i = 0; i < r->n && i < wanted->limit; i++)
		json_object_array_add(out->items, model_item(rq, r, i));
	if (r->n > wanted->limit)
		out->next_after = row_text(r, (int)wanted->limit - 1, "id");
	return OK;
}

static enum rc
count_rows(struct request *rq, const struct list_request *wanted, long *total)
{
	struct rows r;
	enum rc rc;

	rc = db_one(rq->db, rq->arena, rq->session.account, Q_GENERATION_COUNT,
	    &r,
	    DB_ARGS(rq->session.account, wanted->status, wanted->type,
		wanted->from, wanted->to));
	if (rc == OK)
		*total = (long)row_int(&r, 0, "total");
	return rc;
}

enum rc
list_load(
    struct request *rq, const struct list_request *wanted, struct list *out)
{
	enum rc rc = OK;

	*out = (struct list){.limit = wanted->limit, .offset = wanted->offset};
	if (rq->session.account != NULL)
		rc = count_rows(rq, wanted, &out->total);
	if (rc != OK)
		return rc;
	out->pages = (out->total + wanted->limit - 1) / wanted->limit;
	if (out->pages < 1)
		out->pages = 1;
	if (wanted->last && wanted->page > out->pages)
		out->offset = (out->pages - 1) * wanted->limit;
	out->page = out->offset / wanted->limit + 1;
	out->items = json_object_new_array();
	if (out->total > 0)
		rc = load_rows(rq, wanted, out);
	if (rc != OK)
		json_object_put(out->items);
	return rc;
}

/* The filters again, as "&status=failed&..." */
static const char *
same_filters(struct request *rq)
{
	static const char *const names[] = {
	    "status", "type", "startDate", "endDate"};
	const char *s = "", *v;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if ((v = params_get(&rq->query, names[i])) != NULL)
			s = arena_printf(rq->arena, "%s&%s=%s", s, names[i],
			    params_escape(rq->arena, v));
	return s;
}

static const char *
list_address(struct request *rq, const struct list *l, const char *how,
    const char *where)
{
	return arena_printf(rq->arena, "%s%s?limit=%ld&%s=%s%s",
	    request_origin(rq), rq->path, l->limit, how, where,
	    same_filters(rq));
}

/* Where the page before this one begins: never past the last one that is. */
static long
offset_before(const struct list *l)
{
	long last = (l->pages - 1) * l->limit;
	long before = l->offset > l->limit ? l->offset - l->limit : 0;

	return before < last ? before : last;
}

const char *
list_links(
    struct request *rq, const struct list_request *wanted, const struct list *l)
{
	const char *next = NULL, *prev = NULL, *link = "";
	struct arena *a = rq->arena;
	bool by_page = wanted->page > 0;
	bool by_offset = params_get(&rq->query, "offset") != NULL;
	long before = offset_before(l);

	if (l->next_after != NULL)
		next = by_page
			   ? list_address(rq, l, "page", db_int(a, l->page + 1))
		       : by_offset
			   ? list_address(rq, l, "offset",
				 db_int(a, l->offset + l->limit))
			   : list_address(rq, l, "after", l->next_after);
	if (l->offset > 0)
		prev = by_page
			   ? list_address(rq, l, "page",
				 db_int(a, before / l->limit + 1))
			   : list_address(rq, l, "offset", db_int(a, before));
	if (next != NULL)
		link = arena_printf(a, "<%s>; rel=\"next\"", next);
	if (prev != NULL)
		link = arena_printf(a, "%s%s<%s>; rel=\"prev\"", link,
		    next != NULL ? ", " : "", prev);
	if (*link != '\0')
		reply_header(rq, "Link", link);
	return next;
}
