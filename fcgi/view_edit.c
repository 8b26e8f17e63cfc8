#include "fcgi/view_edit.h"

#include "core/text.h"
#include "fcgi/csrf.h"
#include "fcgi/model.h"
#include "fcgi/request.h"
#include "fcgi/view.h"
#include "fcgi/datetime.h"

#include <string.h>

/* Issues told at once: nobody mends more before looking again. */
#define ISSUES 20
/* What a form carries besides the text, bytes. */
#define FORM_REST 1024

/* The n-th line, from 1, as a sentence can quote it. */
static const char *
line_of(struct arena *a, const char *text, unsigned n)
{
	const char *end;

	while (--n > 0) {
		text = strchr(text, '\n');
		if (text == NULL)
			return "";
		text++;
	}
	end = strchrnul(text, '\n');
	return text_excerpt(a, arena_strndup(a, text, (size_t)(end - text)));
}

static void
put_issues(struct request *rq, const struct view_edit *v, struct json_object *o)
{
	struct json_object *list = json_object_new_array(), *i;
	const struct llms_file *f = v->file;
	size_t n = f == NULL ? 0 : f->nissues;

	for (size_t k = 0; k < n && k < ISSUES; k++) {
		const struct llms_issue *issue = &f->issues[k];

		i = json_object_new_object();
		json_put_num(i, "line", issue->line);
		json_put_str(i, "what", issue->what);
		json_put_str(i, "quote",
		    issue->line == 0
			? NULL
			: line_of(rq->arena, v->text, issue->line));
		json_object_array_add(list, i);
	}
	json_put(o, "issues", list);
	json_put_flag(o, "wrong", n > 0);
	json_put_str(o, "found",
	    text_number(rq->arena, f == NULL ? 0 : (long long)f->found));
	json_put_flag(o, "foundOne", f != NULL && f->found == 1);
	json_put_str(o, "moreIssues",
	    f != NULL && f->found > ISSUES
		? text_number(rq->arena, (long long)(f->found - ISSUES))
		: NULL);
}

/* Bytes of the text in a form: line feeds are sent as CR LF. */
static size_t
sent_bytes(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;

		if (c == '\n')
			n += 6;
		else if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
			 (c >= 'a' && c <= 'z') || strchr(" *-._", c) != NULL)
			n += 1;
		else
			n += 3;
	}
	return n;
}

static enum rc
check_size(struct request *rq, const char *text)
{
	size_t n = sent_bytes(text) + FORM_REST;

	if (n <= (size_t)rq->conf->web_body_bytes)
		return OK;
	request_advise(rq, "Download the file, edit it and upload it with PUT "
			   "/api/v1/generations/ID/artifacts/llms.txt, or ask "
			   "the administrator to raise web.body_bytes.");
	return request_fail(rq, E_TOOBIG,
	    "The file is too large to edit in a form: it would take %zu bytes "
	    "to send. The maximum is %d.",
	    n, rq->conf->web_body_bytes);
}

static void
put_kept(struct request *rq, const struct edit *e, struct json_object *o)
{
	size_t n = llms_edits_count(&e->old);

	json_put_num(o, "kept", (int64_t)n);
	json_put_flag(o, "keptOne", n == 1);
	json_put_str(o, "keptAt", e->old_at);
	json_put_str(o, "keptText",
	    e->old_at == NULL ? NULL : datetime_text(rq->arena, e->old_at));
	json_put_flag(o, "canUndo", n > 0 || e->edited);
	json_put_flag(o, "edited", e->edited);
}

enum rc
view_edit(struct request *rq, const struct view_edit *v)
{
	struct json_object *o = view_page(rq, "Edit"), *item;
	enum rc rc = check_size(rq, v->text);

	if (rc == OK)
		rc = model_show(rq, NULL, &item);
	if (rc != OK)
		return rc;
	model_view(rq, item);
	json_put_str(o, "title",
	    arena_printf(rq->arena, "Edit %s", json_str(item, "prompt", "")));
	json_put(o, "item", item);
	json_put_str(o, "csrf", csrf_field(rq));
	json_put_str(o, "etag", v->edit->shown.etag);
	json_put_str(o, "text", v->text);
	json_put_str(o, "notice", v->notice);
	/* What was typed came back: it is not what is stored. */
	json_put_flag(o, "unsaved", v->status != 200);
	json_put_flag(o, "changed", v->status == 409);
	put_issues(rq, v, o);
	put_kept(rq, v->edit, o);
	return reply_page_status(rq, v->status, "edit", o);
}
