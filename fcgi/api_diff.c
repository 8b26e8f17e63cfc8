/* The comparison with an earlier generation, under both of its names. */
#include "core/ids.h"
#include "core/text.h"
#include "fcgi/api_call.h"
#include "fcgi/diff.h"
#include "fcgi/list.h"
#include "fcgi/model.h"
#include "fcgi/request.h"

#include <string.h>

#define ROWS_USUAL 100
#define ROWS_MAX 1000
#define OFFSET_MAX 100000000

struct diff_query {
	const char *against; /* NULL: the previous one */
	bool text;
	long limit, offset;
};

static enum rc
read_rows(
    struct request *rq, const char *name, long least, long most, long *out)
{
	const char *s = params_get(&rq->query, name);

	if (s == NULL || number_read(s, least, most, out))
		return OK;
	return request_query_field(rq, name,
	    "The parameter %s must be a whole number from %ld to %ld, not "
	    "\"%s\".",
	    name, least, most, text_excerpt(rq->arena, s));
}

/* ?format= decides; else what the client would rather have. */
static enum rc
read_format(struct request *rq, bool *text)
{
	const char *format = params_get(&rq->query, "format");
	const char *accept = request_header(rq, "HTTP_ACCEPT");

	if (format == NULL) {
		*text = accept != NULL &&
			strstr(accept, "text/plain") != NULL &&
			strstr(accept, "json") == NULL;
		return OK;
	}
	*text = strcmp(format, "text") == 0;
	if (*text || strcmp(format, "json") == 0)
		return OK;
	return request_query_field(rq, "format",
	    "The parameter format must be json or text, not \"%s\".",
	    text_excerpt(rq->arena, format));
}

static enum rc
read_diff_query(struct request *rq, struct diff_query *query)
{
	enum rc rc = read_format(rq, &query->text);

	query->against = params_get(&rq->query, "against");
	if (query->against != NULL && !uuid_valid(query->against))
		rc = request_query_field(rq, "against",
		    "The parameter against must be the ID of a generation.");
	if (read_rows(rq, "limit", 1, ROWS_MAX, &query->limit) != OK ||
	    read_rows(rq, "offset", 0, OFFSET_MAX, &query->offset) != OK)
		rc = E_INPUT;
	return rc;
}

enum rc
api_call_diff(struct request *rq)
{
	struct diff_query query = {.limit = ROWS_USUAL};
	struct json_object *o, *edits;
	struct diff diff;
	const char *text;
	size_t len;
	enum rc rc;

	rc = read_diff_query(rq, &query);
	if (rc == OK)
		rc = diff_load(rq, query.against, &diff);
	if (rc != OK)
		return rc;
	if (!query.text) {
		rc = model_edits(rq, diff.id, &edits);
		if (rc != OK)
			return rc;
		o = diff_json(&diff, (size_t)query.offset, (size_t)query.limit);
		json_put(o, "handEdits", edits);
		return reply_json(rq, 200, o);
	}
	rc = diff_text(rq, &diff, &text, &len);
	if (rc != OK)
		return rc;
	return reply_text(rq, 200, "text/plain; charset=utf-8", text, len);
}
