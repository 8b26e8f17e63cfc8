/* The page where an order is made out. */
#include "core/site_input.h"
#include "fcgi/csrf.h"
#include "fcgi/host.h"
#include "fcgi/list.h"
#include "fcgi/request.h"
#include "fcgi/view.h"
#include "fcgi/wait.h"
#include "fcgi/when.h"

#include <string.h>

#define TYPE "llms_txt"

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

/* Pages this order will have, as far as is known; 0 where it is not. */
static long
expected_units(struct request *rq, const struct view_order *v,
    const struct host_count *count)
{
	long limit = rq->conf->crawl_pages;

	if (v->limit != NULL &&
	    !number_read(v->limit, 1, rq->conf->crawl_pages, &limit))
		limit = rq->conf->crawl_pages;
	if (!count->done || count->urls == 0)
		return 0;
	return count->urls < limit ? count->urls : limit;
}

static struct json_object *
provider_model(struct request *rq, const struct order_provider *p,
    const struct view_order *v, long units)
{
	struct json_object *o = json_object_new_object();
	const char *chosen =
	    v->provider != NULL ? v->provider : order_providers[0].name;
	const char *price = "Free", *time = "depends on the number of pages";

	if (p->unit_price > 0)
		price = arena_printf(
		    rq->arena, "%d credits per page", p->unit_price);
	if (p->unit_price > 0 && units > 0)
		price = arena_printf(
		    rq->arena, "%d credits", order_price(p, units));
	if (units > 0)
		time = when_span(
		    rq->arena, wait_run_seconds(rq, p->name, TYPE, units));
	json_put_str(o, "provider", p->name);
	json_put_str(o, "label", p->label);
	json_put_str(o, "about", p->about);
	json_put_str(o, "price", price);
	json_put_str(o, "time", time);
	json_put_flag(o, "checked", strcmp(chosen, p->name) == 0);
	return o;
}

static void
put_providers(struct request *rq, struct json_object *o,
    const struct view_order *v, long units)
{
	struct json_object *list = json_object_new_array();
	const struct order_provider *p;

	for (p = order_providers; p->name != NULL; p++)
		if (order_provider_ready(p, rq->conf))
			json_object_array_add(
			    list, provider_model(rq, p, v, units));
	json_put(o, "providers", list);
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
	struct host_count count;
	const char *typed;
	enum rc rc;

	rc = host_count(rq, site->name, &count);
	if (rc != OK)
		return rc;
	typed = site->name;
	if (site->scheme != NULL)
		typed = arena_printf(rq->arena, "%s://%s", site->scheme, typed);
	json_put_flag(o, "ready", true);
	json_put_str(o, "site",
	    arena_printf(rq->arena, "%s%s", site->display,
		site->name + strlen(site->host)));
	json_put_str(o, "ascii", site->name);
	json_put_str(o, "hostname", typed);
	json_put_str(o, "include", include_text(rq, v, site->include));
	json_put_str(o, "exclude", v->exclude);
	json_put_str(o, "limit", v->limit);
	json_put_num(o, "limitMax", rq->conf->crawl_pages);
	json_put_str(o, "csrf", csrf_field(rq));
	json_put(o, "count", host_model(rq, &count));
	put_providers(rq, o, v, expected_units(rq, v, &count));
	json_put_str(o, "here",
	    arena_printf(rq->arena, "/generations/new?hostname=%s",
		params_escape(rq->arena, v->hostname)));
	return OK;
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
	json_put(o, "types", view_types(order_type(TYPE)));
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
