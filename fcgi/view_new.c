/* The page where an order is made out. */
#include "core/schema/host_count.h"
#include "core/site_input.h"
#include "core/text.h"
#include "fcgi/csrf.h"
#include "fcgi/host_view.h"
#include "fcgi/language.h"
#include "fcgi/list.h"
#include "fcgi/paths.h"
#include "fcgi/quote.h"
#include "fcgi/request.h"
#include "fcgi/view.h"
#include "fcgi/datetime.h"

#include <string.h>

/* errors: field -> sentence, of pointers such as "#/input/include/0". */
static struct json_object *
errors_by_field(struct request *rq, const struct order_check *c)
{
	struct json_object *o = json_object_new_object();
	const char *name;
	size_t n;
	int i;

	for (i = 0; c != NULL && i < c->n; i++) {
		name = c->errors[i].pointer + 2;
		if (strncmp(name, "input/", 6) == 0)
			name += 6;
		n = strcspn(name, "/");
		name = arena_strndup(rq->arena, name, n);
		if (json_sub(o, name) == NULL)
			json_put_str(o, name, c->errors[i].detail);
	}
	return o;
}

/* What is ordered as the form stands: the parts, and how much of them. */
struct choice {
	struct host_view host;
	struct paths paths;
	long chosen; /* pages in the ticked parts; 0: not known yet */
	long limit;
	long pages; /* that are taken: the lesser */
	bool typed; /* patterns that may leave out more of them */
};

static void
make_choice(struct request *rq, const struct view_order *v, const char *include,
    struct choice *c)
{
	paths_read(rq->arena, c->host.detail, include, &c->paths);
	c->typed = include[0] != '\0' || v->exclude[0] != '\0';
	if (v->ticks != NULL)
		paths_tick(&c->paths, v->ticks);
	c->limit = rq->conf->crawl_pages;
	if (v->limit != NULL &&
	    !number_read(v->limit, 1, rq->conf->crawl_most_pages, &c->limit))
		c->limit = rq->conf->crawl_pages;
	if (c->host.done)
		c->chosen =
		    c->paths.n > 0 ? paths_pages(&c->paths) : c->host.urls;
	c->pages = c->chosen < c->limit ? c->chosen : c->limit;
}

/* where: what a quote is based on, a sentence. */
static const char *
quote_basis(struct request *rq, const struct quote *q)
{
	if (!q->measured)
		return "Estimated from earlier runs.";
	return arena_printf(rq->arena, "Estimate based on reading %s %s.%s",
	    q->where, q->when,
	    q->at_least ? " The model was still working when the test ended, "
			  "so this may take longer."
			: "");
}

static void
put_quote(struct request *rq, struct json_object *o, const struct quote *q)
{
	json_put_str(o, "time", datetime_span(rq->arena, q->seconds));
	json_put_str(o, "basis", quote_basis(rq, q));
	json_put_str(o, "quotePages", text_number(rq->arena, q->pages));
	json_put_flag(o, "onePage", q->pages == 1);
	json_put_str(o, "credits", text_number(rq->arena, q->credits));
	json_put_str(o, "fixed", arena_printf(rq->arena, "%.3f", q->fixed));
	json_put_str(
	    o, "perPage", arena_printf(rq->arena, "%.6f", q->per_page));
}

static struct json_object *
provider_model(struct request *rq, const struct order_provider *p,
    const struct view_order *v, const struct choice *c)
{
	struct json_object *o = json_object_new_object();
	const char *chosen =
	    v->provider != NULL ? v->provider : order_providers[0].name;
	const char *price = "Free";
	int unit_price = order_unit_price(rq->conf, v->type, p);
	struct quote q;

	if (unit_price > 0)
		price =
		    arena_printf(rq->arena, "%d credits per page", unit_price);
	json_put_str(o, "provider", p->name);
	json_put_str(o, "label", p->label);
	json_put_str(o, "about", p->about);
	json_put_str(o, "price", price);
	json_put_num(o, "unitPrice", unit_price);
	json_put_flag(o, "checked", strcmp(chosen, p->name) == 0);
	json_put_flag(o, "quoted", c->pages > 0);
	if (c->pages > 0) {
		quote_make(rq, &c->host, v->type, p, c->pages, &q);
		put_quote(rq, o, &q);
	}
	return o;
}

static void
put_providers(struct request *rq, struct json_object *o,
    const struct view_order *v, const struct choice *c)
{
	struct json_object *list = json_object_new_array();
	const struct order_provider *p;

	for (p = order_providers; p->name != NULL; p++)
		if (order_provider_fits(p, v->type, rq->conf))
			json_object_array_add(
			    list, provider_model(rq, p, v, c));
	json_put(o, "providers", list);
}

/* ---- the parts of the site ---- */

/* path_row_label: "/docs/ *" without the space, as people write it. */
static const char *
path_row_label(struct request *rq, const struct path_row *r)
{
	const char *path = params_readable(rq->arena, r->pattern, r->prefix);

	if (r->rest && r->prefix <= 1)
		return "everything else";
	if (r->rest)
		return arena_printf(rq->arena, "other pages of %s", path);
	return arena_printf(rq->arena, "%s*", path);
}

static struct json_object *
row_model(struct request *rq, const struct paths *p, int i)
{
	struct json_object *o = json_object_new_object();
	const struct path_row *r = &p->row[i];
	long most = 1;

	for (int k = 0; k < p->n; k++)
		if (p->row[k].urls > most)
			most = p->row[k].urls;
	json_put_str(o, "value", r->value);
	json_put_str(o, "label", path_row_label(rq, r));
	json_put_num(o, "level", r->level < 4 ? r->level : 4);
	json_put_flag(o, "rest", r->rest);
	json_put_flag(o, "ticked", r->ticked);
	json_put_str(o, "urls", text_number(rq->arena, r->urls));
	json_put_num(o, "size", r->urls);
	json_put_num(o, "most", most);
	/* Its pages are those of the rows below it, where there are some. */
	json_put_num(o, "own",
	    i + 1 < p->n && p->row[i + 1].parent == i ? 0 : r->listed);
	json_put_flag(o, "other", r->listed * 2 < r->urls);
	return o;
}

static const char *
sum_text(struct request *rq, const struct choice *c)
{
	struct arena *a = rq->arena;

	if (c->chosen == 0)
		return "Select at least one part of the site.";
	if (c->chosen <= c->limit)
		return arena_printf(a, "%s%s %s will be read.",
		    c->typed ? "At most " : "", text_number(a, c->chosen),
		    c->chosen == 1 ? "page" : "pages");
	return arena_printf(a,
	    "%s pages selected. The %s closest to the home page will be read; "
	    "raise the maximum under Options to read more.",
	    text_number(a, c->chosen), text_number(a, c->limit));
}

static void
put_paths(struct request *rq, struct json_object *o, const struct choice *c)
{
	struct json_object *list = json_object_new_array();

	bool all = true;

	for (int i = 0; i < c->paths.n; i++) {
		all = all && c->paths.row[i].ticked;
		json_object_array_add(list, row_model(rq, &c->paths, i));
	}
	json_put_flag(o, "openPaths", !all);
	json_put(o, "paths", list);
	/* One row is no choice. */
	json_put_flag(o, "hasPaths", c->paths.n > 1);
	json_put_flag(o, "isCounting", !c->host.done && !c->host.failed);
	json_put_flag(o, "isSummed", c->host.done && c->paths.n > 0);
	json_put_str(o, "sum", sum_text(rq, c));
}

/* "en (1,204 pages), de (310 pages)", or NULL. */
static const char *
languages_text(struct request *rq, const struct host_view *host)
{
	size_t n = host_count_nlanguages(host->detail);
	const char *s = NULL;

	for (size_t i = 0; i < n && i < 12; i++) {
		struct host_count_language l;

		host_count_language(host->detail, i, &l);
		s = arena_printf(rq->arena, "%s%s%s (%s)", s == NULL ? "" : s,
		    s == NULL ? "" : ", ", l.code,
		    text_number(rq->arena, l.urls));
	}
	return s;
}

static void
put_language(struct request *rq, struct json_object *o,
    const struct view_order *v, const struct host_view *host)
{
	json_put_str(o, "language",
	    v->language != NULL
		? v->language
		: language_list(
		      rq->arena, request_header(rq, "HTTP_ACCEPT_LANGUAGE")));
	json_put_str(o, "languages", languages_text(rq, host));
}

/* The path of a typed URL is the first pattern, unless it is there. */
static const char *
include_text(struct request *rq, const struct view_order *v, const char *path)
{
	if (path == NULL || strstr(v->include, path) != NULL)
		return v->include;
	if (v->include[0] == '\0')
		return path;
	return arena_printf(rq->arena, "%s\n%s", path, v->include);
}

static enum rc
put_site(struct request *rq, struct json_object *o, const struct view_order *v,
    const struct site_input *site)
{
	const char *typed, *include = include_text(rq, v, site->include);
	struct choice c = {0};
	enum rc rc;

	rc = host_view_load(rq, site->name, &c.host);
	if (rc != OK)
		return rc;
	make_choice(rq, v, include, &c);
	typed = site->name;
	if (site->scheme != NULL)
		typed = arena_printf(rq->arena, "%s://%s", site->scheme, typed);
	json_put_flag(o, "ready", true);
	json_put_str(o, "site",
	    arena_printf(rq->arena, "%s%s", site->display,
		site->name + strlen(site->host)));
	json_put_str(o, "ascii", site->name);
	json_put_str(o, "hostname", typed);
	json_put_str(o, "include", include);
	json_put_str(o, "exclude", v->exclude);
	json_put_str(o, "limit", v->limit);
	json_put_num(o, "limitUsual", rq->conf->crawl_pages);
	json_put_str(o, "csrf", csrf_field(rq));
	json_put(o, "count", host_view_json(rq, &c.host));
	put_paths(rq, o, &c);
	put_language(rq, o, v, &c.host);
	put_providers(rq, o, v, &c);
	json_put_str(o, "here",
	    arena_printf(rq->arena, "/generations/new?hostname=%s",
		params_escape(rq->arena, v->hostname)));
	return OK;
}

/* fields: the fields of the form by name. */
static void
put_fields(struct request *rq, struct json_object *o, const struct ordertype *t)
{
	const struct order_field *f = t->fields(rq->arena, rq->conf);
	struct json_object *fields = json_object_new_object();

	for (; f->name != NULL; f++)
		json_put(fields, f->name, view_field(rq, f, NULL, NULL));
	json_put(o, "fields", fields);
}

enum rc
view_new(struct request *rq, const struct view_order *v)
{
	struct json_object *o = view_page(rq, "New generation"), *errors;
	struct site_input site;
	const char *why;
	enum rc rc;

	errors = errors_by_field(rq, v->wrong);
	json_put(o, "errors", errors);
	view_types(rq, o, v->type);
	json_put_str(o, "type", v->type->name);
	json_put_str(o, "kind", v->type->kind);
	put_fields(rq, o, v->type);
	json_put_str(o, "typed", v->hostname);
	json_put_flag(o, "wrong", v->wrong != NULL);
	if (v->hostname == NULL)
		return reply_page(rq, "new", o);
	if (site_input_parse(rq->arena, v->hostname, &site, &why) != OK) {
		json_put_str(errors, "hostname", why);
		return reply_page_status(rq, 400, "new", o);
	}
	rc = put_site(rq, o, v, &site);
	if (rc != OK)
		return rc;
	return reply_page_status(rq, v->wrong ? 400 : 200, "new", o);
}
