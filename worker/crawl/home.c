/* home: the home page, the site's origin, and the frontier that they start. */
#include "core/log.h"
#include "worker/crawl/language.h"
#include "worker/crawl/robots.h"
#include "worker/crawl/trap.h"
#include "worker/crawl/visits.h"

#include <string.h>

/* Longer than this nobody waits for a first page, ms. */
#define HOME_MS 15000

static void
set_origin(struct crawl *c, const char *url)
{
	struct url u;
	const char *root;

	if (url_parse(c->a, url, &u) != OK)
		BUG("a fetched URL does not parse: %s", url);
	root = arena_printf(
	    c->a, "%.*s/", (int)(strlen(u.text) - strlen(u.target)), u.text);
	if (url_parse(c->a, root, &c->home) != OK)
		BUG("an origin does not parse: %s", root);
	c->facts.origin = arena_strndup(c->a, root, strlen(root) - 1);
	c->facts.host = strstr(c->facts.origin, "://") + 3;
}

static void
make_frontier(struct crawl *c)
{
	struct frontier_rules rules = {
	    .home = c->home,
	    .robots = c->robots,
	    .include = &c->o->include,
	    .exclude = &c->o->exclude,
	    .trap = trap_new(c->a),
	    .depth = c->o->depth,
	    .most = CRAWL_URLS,
	};

	c->frontier = frontier_new(c->a, &rules);
	(void)frontier_add(c->frontier, c->home.text, FROM_PAGE, 0);
}

/* visit_home: E_CONFLICT when it leads to another host. */
static enum rc
visit_home(struct crawl *c, struct visits *vs)
{
	struct url to;
	enum rc rc;

	job_progress(c->job, 0, 0, "robots",
	    arena_printf(c->a, "Opening %s", c->home.text));
	rc = visit_alone(vs, c->home.text,
	    c->o->timeout_ms < HOME_MS ? c->o->timeout_ms : HOME_MS, &vs->home);
	if (rc != OK)
		return rc;
	if (vs->home->error == FETCH_REDIRECT_REFUSED &&
	    url_parse(c->a, vs->home->final_url, &to) == OK &&
	    !url_same_site(&to, &c->home)) {
		set_origin(c, to.text);
		return E_CONFLICT;
	}
	if (vs->home->error == FETCH_OK)
		set_origin(c, vs->home->final_url);
	return OK;
}

enum rc
crawl_home(struct crawl *c)
{
	struct visits *vs = arena_alloc(c->a, sizeof(*vs));
	enum rc rc = OK;

	if (c->visits != NULL)
		visits_free(c->visits);
	vs->c = c;
	vs->languages = languages_new(c->a);
	c->visits = vs;
	set_origin(c, c->home.text);
	if (robots_check(c->robots, c->home.target).allowed)
		rc = visit_home(c, vs);
	if (rc == OK)
		make_frontier(c);
	return rc;
}
