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

/* One field as a program would send it; NULL: it is left out. */
static struct json_object *
field_value(struct request *rq, const struct order_field *f)
{
	const char *s = form_field(rq, f->name);
	long n;

	if (f->kind == FIELD_LINES)
		return form_patterns(rq, s);
	if (f->kind == FIELD_FLAG)
		return json_object_new_boolean(*s != '\0');
	if (f->kind == FIELD_NUMBER && number_read(s, 0, INT_MAX, &n))
		return json_object_new_int64(n);
	return *s != '\0' || f->required ? json_object_new_string(s) : NULL;
}

/* The form's fields as the input that a JSON call would send. */
static struct json_object *
form_input(struct request *rq, const struct ordertype *t)
{
	struct json_object *o = json_new(rq->arena), *v;
	const struct order_field *f = t->fields(rq->arena, rq->conf);

	for (; f->name != NULL; f++)
		if ((v = field_value(rq, f)) != NULL)
			json_put(o, f->name, v);
	return o;
}

/* The same of a site: the ticked parts are patterns, too. */
static struct json_object *
site_input(
    struct request *rq, const struct ordertype *t, const struct paths *ticks)
{
	struct json_object *o = form_input(rq, t);

	paths_globs(ticks, json_sub(o, "include"), json_sub(o, "exclude"));
	if (*form_language(rq) != '\0')
		json_put_str(o, "language", form_language(rq));
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
	c.given =
	    form ? form_input(rq, t)
		 : site_input(rq, t != NULL ? t : order_type_default(), &ticks);
	if (ticks.n > 0 && !paths_any(&ticks))
		order_wrong(
		    &c, "paths", "Select at least one part of the site.");
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
    .scope = SCOPE_VISITOR,
    .limit = CLASS_ORDER,
    .run = run,
};
