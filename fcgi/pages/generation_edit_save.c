/* generation_edit_save: POST /generations/{id}/edit, the file as typed. */
#include "core/buf.h"
#include "fcgi/conditional.h"
#include "fcgi/edit.h"
#include "fcgi/request.h"
#include "fcgi/view_edit.h"

#include <string.h>

/*
 * As a person means it: lines end in LF, without white space before it, and
 * the last one ends, too.
 */
static const char *
tidy_text(struct arena *a, const char *s)
{
	char *out = arena_alloc(a, strlen(s) + 2), *to = out;

	for (; *s != '\0'; s++) {
		if (*s == '\n')
			while (to > out && strchr(" \t\r", to[-1]) != NULL)
				to--;
		*to++ = *s;
	}
	while (to > out && strchr(" \t\r\n", to[-1]) != NULL)
		to--;
	*to++ = '\n';
	*to = '\0';
	return out;
}

static enum rc
save_text(struct request *rq, const struct edit *e, const char *text)
{
	struct view_edit v = {.edit = e, .text = text, .status = 400};
	struct llms_file file = {.nissues = 0};
	struct edit now;
	size_t kept;
	enum rc rc;

	rc = edit_save(rq, e, text, strlen(text), &file, &kept);
	if (rc == E_INPUT) {
		v.file = &file;
		return view_edit(rq, &v);
	}
	if (rc == E_TOOBIG || rc == E_CONFLICT) {
		v.status = rc == E_TOOBIG ? 413 : 409;
		v.notice = rq->problem.detail;
		v.edit = &now;
		rc = edit_load(rq, &now);
		return rc == OK ? view_edit(rq, &v) : rc;
	}
	if (rc != OK)
		return rc;
	return reply_see(rq,
	    arena_printf(rq->arena, "/generations/%s#result", rq->param.id));
}

static enum rc
run(struct request *rq)
{
	const char *text = params_get(&rq->form, "text");
	const char *etag = params_get(&rq->form, "etag");
	struct edit e;
	enum rc rc;

	if (text == NULL || etag == NULL)
		return request_fail(rq, E_INPUT,
		    "The form was sent without the field \"%s\".",
		    text == NULL ? "text" : "etag");
	rc = edit_load(rq, &e);
	if (rc != OK)
		return rc;
	text = tidy_text(rq->arena, text);
	if (etag_listed(etag, e.shown.etag, false))
		return save_text(rq, &e, text);
	return view_edit(
	    rq, &(struct view_edit){
		    .edit = &e,
		    .text = text,
		    .notice =
			"The file has changed since you opened it, perhaps in "
			"another window, so nothing was saved yet. Your text "
			"is below; saving it again replaces the other change.",
		    .status = 409,
		});
}

const struct page page_generation_edit_save = {
    .path = "/generations/{id:uuid}/edit",
    .methods = POST,
    .scope = SCOPE_ACCOUNT,
    .limit = CLASS_UPLOAD,
    .run = run,
};
