/*
 * host_show: GET /api/v1/hosts?hostname=, what is known of a host's pages: how
 * many, under which paths, and what an order of them would take.  Asks for a
 * count like the order form does, and does not wait for it.
 *
 * {hostname,urlsCount,isComplete,error,
 *  paths:[{pattern,level,rest,urls,listed}],languages:[{code,urls}],
 *  quotes:[{provider,pages,credits,seconds,minutes,measured,measuredAt,
 *           measuredOn}]}
 * A row of paths belongs to the last one before it of a lower level; rest:
 * what is under its pattern and in no row beside it.  listed: of urls, those
 * not left out for their version or language.
 */
#include "core/schema/host_count.h"
#include "core/order.h"
#include "core/site_input.h"
#include "fcgi/host_view.h"
#include "fcgi/paths.h"
#include "fcgi/quote.h"
#include "fcgi/request.h"

#include <math.h>

static struct json_object *
paths_json(const struct paths *p)
{
	struct json_object *list = json_object_new_array(), *o;

	for (int i = 0; i < p->n; i++) {
		const struct path_row *r = &p->row[i];

		o = json_object_new_object();
		json_put_str(o, "pattern", r->pattern);
		json_put_num(o, "level", r->level);
		json_put_flag(o, "rest", r->rest);
		json_put_num(o, "urls", r->urls);
		json_put_num(o, "listed", r->listed);
		json_object_array_add(list, o);
	}
	return list;
}

static struct json_object *
quote_json(const struct order_provider *p, const struct quote *q)
{
	struct json_object *o = json_object_new_object();

	json_put_str(o, "provider", p->name);
	json_put_num(o, "pages", q->pages);
	json_put_num(o, "credits", q->credits);
	json_put_num(o, "seconds", (int64_t)ceil(q->seconds));
	json_put_num(o, "minutes", (int64_t)ceil(q->seconds / 60));
	json_put_flag(o, "measured", q->measured);
	json_put_str(o, "measuredAt", q->at);
	json_put_str(o, "measuredOn", q->where);
	return o;
}

static struct json_object *
quotes_json(
    struct request *rq, const struct host_view *host, const struct paths *p)
{
	struct json_object *list = json_object_new_array();
	const struct ordertype *t = order_type_default();
	long n = p->n > 0 ? paths_pages(p) : host->urls;
	const struct order_provider *one;
	struct quote q;

	if (n > rq->conf->crawl_pages)
		n = rq->conf->crawl_pages;
	for (one = order_providers; one->name != NULL; one++) {
		if (!host->done || !order_provider_fits(one, t, rq->conf))
			continue;
		quote_make(rq, host, t, one, n, &q);
		json_object_array_add(list, quote_json(one, &q));
	}
	return list;
}

static struct json_object *
languages_json(const struct host_view *host)
{
	struct json_object *list = host_count_languages(host->detail);

	return list != NULL ? json_object_get(list) : json_object_new_array();
}

static enum rc
run(struct request *rq)
{
	const char *text = params_get(&rq->query, "hostname"), *why;
	struct json_object *o;
	struct host_view host;
	struct site_input site;
	struct paths paths;
	enum rc rc;

	if (text == NULL)
		return request_query_field(rq, "hostname",
		    "The query parameter \"hostname\" is missing. Send a "
		    "hostname, such as example.org.");
	if (site_input_parse(rq->arena, text, &site, &why) != OK)
		return request_query_field(rq, "hostname", "%s", why);
	rc = host_view_load(rq, site.name, &host);
	if (rc != OK)
		return rc;
	paths_read(rq->arena, host.detail, "", &paths);
	o = json_object_new_object();
	json_put_str(o, "hostname", site.name);
	json_put_num(o, "urlsCount", host.urls);
	json_put_flag(o, "isComplete", host.done);
	json_put_str(o, "error", host.failed ? host.error : NULL);
	json_put(o, "paths", paths_json(&paths));
	json_put(o, "languages", languages_json(&host));
	json_put(o, "quotes", quotes_json(rq, &host, &paths));
	return reply_json(rq, 200, o);
}

static const char *const query[] = {"hostname", NULL};

const struct page endpoint_host_show = {
    .path = "/api/v1/hosts",
    .methods = GET,
    .scope = SCOPE_VISITOR,
    .query = query,
    .run = run,
};
