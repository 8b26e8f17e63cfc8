/* artifact_edit: PUT .../artifacts/llms.txt, the file mended by hand. */
#include "core/ids.h"
#include "core/text.h"
#include "fcgi/conditional.h"
#include "fcgi/edit.h"
#include "fcgi/request.h"

#include <string.h>

static enum rc
check_request(struct request *rq)
{
	const char *type = request_header(rq, "CONTENT_TYPE");

	if (strcmp(rq->param.name, "llms.txt") != 0) {
		rq->allow &= ~(unsigned)PUT;
		return request_fail(rq, E_METHOD,
		    "Only llms.txt can be edited, not %s.", rq->param.name);
	}
	if (!request_is_type(rq, "text/plain") &&
	    !request_is_type(rq, "text/markdown"))
		return request_fail(rq, E_TYPE,
		    "Send this request with Content-Type: text/plain, not "
		    "\"%s\".",
		    text_excerpt(rq->arena, type == NULL ? "" : type));
	return OK;
}

/* Each as a field, "#/12" for line 12. */
static enum rc
tell_issues(struct request *rq, const struct llms_file *f)
{
	size_t i;

	for (i = 0; i < f->nissues && !request_fields_full(rq); i++) {
		const struct llms_issue *issue = &f->issues[i];

		if (issue->line == 0)
			(void)request_field(rq, "#", "%s.", issue->what);
		else
			(void)request_field(rq,
			    arena_printf(rq->arena, "#/%u", issue->line),
			    "Line %u: %s.", issue->line, issue->what);
	}
	request_fields_more(rq, (long)(f->found - i));
	return E_INPUT;
}

static enum rc
answer_saved(struct request *rq, const struct llms_file *f, size_t kept)
{
	struct json_object *o = json_object_new_object();
	const char *hash = sha256_hex(rq->arena, rq->body, rq->body_len);

	json_put_str(o, "name", rq->param.name);
	json_put_num(o, "size", (int64_t)rq->body_len);
	json_put_str(o, "sha256", hash);
	json_put_num(o, "entriesCount", (int64_t)f->nlinks);
	json_put_num(o, "editsKept", (int64_t)kept);
	reply_header(rq, "ETag", artifact_etag(rq->arena, hash));
	return reply_json(rq, 200, o);
}

static enum rc
run(struct request *rq)
{
	const char *match = request_header(rq, "HTTP_IF_MATCH");
	struct llms_file file = {.nissues = 0};
	struct edit e;
	size_t kept;
	enum rc rc;

	rc = check_request(rq);
	if (rc == OK)
		rc = edit_load(rq, &e);
	if (rc != OK)
		return rc;
	if (match != NULL && !etag_listed(match, e.shown.etag, false)) {
		rq->problem.status = 412;
		return request_fail(rq, E_CONFLICT,
		    "The file has changed since you opened it. Get it again.");
	}
	rc = edit_save(rq, &e, rq->body, rq->body_len, &file, &kept);
	if (rc == E_INPUT)
		return tell_issues(rq, &file);
	/* It changed between the comparison and the write. */
	if (rc == E_CONFLICT && match != NULL)
		rq->problem.status = 412;
	return rc == OK ? answer_saved(rq, &file, kept) : rc;
}

const struct page endpoint_artifact_edit = {
    .path = "/api/v1/generations/{id:uuid}/artifacts/{name:file}",
    .methods = PUT,
    .scope = SCOPE_ACCOUNT,
    .limit = CLASS_UPLOAD,
    .run = run,
};
