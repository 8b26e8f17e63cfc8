/* generation_create: POST /generations, the order form. */
#include "fcgi/language.h"
#include "fcgi/list.h"
#include "fcgi/paths.h"
#include "fcgi/order_submit.h"
#include "fcgi/request.h"
#include "fcgi/view.h"

#include <limits.h>
#include <string.h>

static const char *
form_field(struct request *rq, const char *name)
{
	const char *s = params_get(&rq->form, name);

	return s == NULL ? "" : s;
}

/* A pattern a line, as a list; blank lines do not count. */
static struct json_object *
form_patterns(struct request *rq, const char *text)
{
	struct json_object *list = json_object_new_array();
	size_t n;

	for (; *text != '\0'; text += n) {
		text += strspn(text, " \t\r\n");
		n = strcspn(text, "\r\n");
		while (n > 0 && strchr(" \t", text[n - 1]) != NULL)
			n--;
		if (n > 0)
			json_object_array_add(
			    list, json_object_new_string(
				      arena_strndup(rq->arena, text, n)));
	}
	return list;
}

/* What the visitor typed, else what the browser says. */
static const char *
form_language(struct request *rq)
{
	const char *s = params_get(&rq->form, "language");

	return s != NULL ? s
			 : language_list(rq->arena,
			       request_header(rq, "HTTP_ACCEPT_LANGUAGE"));
}

/* The form's fields as the input that a JSON call would send. */
static struct json_object *
input_of(struct request *rq, const struct paths *ticks)
{
	struct json_object *o = json_new(rq->arena);
	const char *limit = form_field(rq, "limit");
	long n;

	json_put_str(o, "hostname", form_field(rq, "hostname"));
	if (number_read(limit, 0, INT_MAX, &n))
		json_put_num(o, "limit", n);
	else if (*limit != '\0')
		json_put_str(o, "limit", limit);
	json_put(o, "include", form_patterns(rq, form_field(rq, "include")));
	json_put(o, "exclude", form_patterns(rq, form_field(rq, "exclude")));
	paths_globs(ticks, json_sub(o, "include"), json_sub(o, "exclude"));
	if (*form_language(rq) != '\0')
		json_put_str(o, "language", form_language(rq));
	return o;
}

/* The same for a type with a form of its own. */
static struct json_object *
input_of_form(struct request *rq, const struct ordertype *t)
{
	struct json_object *o = json_new(rq->arena);
	const struct order_field *f = t->form(rq->arena, rq->conf);
	long n;

	for (; f->name != NULL; f++) {
		const char *s = form_field(rq, f->name);

		if (f->kind == FIELD_NUMBER && number_read(s, 0, INT_MAX, &n))
			json_put_num(o, f->name, n);
		else if (*s != '\0')
			json_put_str(o, f->name, s);
	}
	return o;
}

static enum rc
show_again(struct request *rq, const struct ordertype *t,
    const struct paths *ticks, const struct order_check *c)
{
	struct view_order v = {
	    .type = t != NULL ? t : order_type_default(),
	    .hostname = form_field(rq, "hostname"),
	    .provider = params_get(&rq->form, "provider"),
	    .limit = params_get(&rq->form, "limit"),
	    .include = form_field(rq, "include"),
	    .exclude = form_field(rq, "exclude"),
	    .language = form_language(rq),
	    .ticks = ticks,
	    .wrong = c,
	};

	return view_new(rq, &v);
}

static enum rc
run(struct request *rq)
{
	struct order_check c = {
	    .a = rq->arena,
	    .conf = rq->conf,
	    .at = "#/input",
	};
	const char *type = params_get(&rq->form, "type");
	const struct ordertype *t =
	    type == NULL ? order_type_default() : order_type(type);
	bool form = t != NULL && !t->of_site;
	struct order order;
	struct paths ticks;
	struct rows rows;
	enum rc rc;

	paths_form(&rq->form, &ticks);
	c.given = form ? input_of_form(rq, t) : input_of(rq, &ticks);
	if (ticks.n > 0 && !paths_any(&ticks))
		order_wrong(&c, "paths",
		    "No part of the site is ticked, so nothing would be "
		    "read. Tick at least one.");
	if (order_check(&c, type == NULL ? t->name : type,
		params_get(&rq->form, "provider"), &order) != OK)
		return form ? view_order_form(rq, t, &rq->form, &c)
			    : show_again(rq, t, &ticks, &c);
	rc = order_submit(rq, &order, &rows);
	if (rc != OK)
		return rc;
	return reply_see(rq, arena_printf(rq->arena, "/generations/%s",
				 row_text(&rows, 0, "id")));
}

const struct page page_generation_create = {
    .path = "/generations",
    .methods = POST,
    .need = NEED_VISITOR,
    .run = run,
};
