/* home: the home page, the site's origin, and the frontier that they start. */
#include "core/log.h"
#include "worker/crawl/rules/language.h"
#include "worker/fetch/robots.h"
#include "worker/crawl/rules/url_trap.h"
#include "worker/crawl/rules/version.h"
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
make_frontier(struct crawl *c, const char *front)
{
	struct frontier_rules rules = {
	    .home = c->home,
	    .robots = c->robots,
	    .include = &c->o->include,
	    .exclude = &c->o->exclude,
	    .trap = trap_new(c->a),
	    .depth = c->o->depth,
	    .most = CRAWL_URLS,
	    .most_bytes = CRAWL_URL_BYTES,
	    .heard = visits_heard,
	    .ctx = c->visits,
	};

	c->frontier = frontier_new(c->a, &rules);
	(void)frontier_add(c->frontier, front, FROM_PAGE, 0);
}

static long
patience(const struct crawl *c)
{
	return c->o->timeout_ms < HOME_MS ? c->o->timeout_ms : HOME_MS;
}

/*
 * move_to: what is known of the home page says that it is at to, on another
 * host or under another scheme.
 */
static enum rc
move_to(struct crawl *c, const struct url *to)
{
	/* The root of a site is asked for in any case. */
	c->front_at = strcmp(to->target, "/") != 0 ? to->text : NULL;
	set_origin(c, to->text);
	return E_CONFLICT;
}

/*
 * leads_on: the page is nothing but a word where the site is now, which
 * browsers follow by themselves.  From https nobody is sent back to http.
 */
static bool
leads_on(struct crawl *c, const struct visit *v, struct url *to)
{
	struct url at;

	if (!visit_leads_on(c->a, v, to) ||
	    url_parse(c->a, v->final_url, &at) != OK)
		return false;
	if (!url_same_site(to, &at))
		return true;
	return strcmp(to->host, at.host) != 0
		   ? !crawl_has_rules(c, to)
		   : strcmp(to->scheme, "https") == 0 &&
			 strcmp(at.scheme, "http") == 0;
}

/* visit_root: E_CONFLICT when it leads to another site, or to other rules. */
static enum rc
visit_root(struct crawl *c, struct visits *vs)
{
	struct url to;
	enum rc rc;

	job_progress(c->job, 0, 0, "robots",
	    arena_printf(c->a, "Opening %s", c->home.text));
	rc = visit_alone(vs, c->home.text, patience(c), &vs->home);
	if (rc != OK)
		return rc;
	if (vs->home->pause_s > 0)
		return job_fail(
		    c->job, false, "%s Please try again later.", vs->home->why);
	if (vs->home->error == FETCH_REDIRECT_REFUSED &&
	    url_parse(c->a, vs->home->final_url, &to) == OK &&
	    (!url_same_site(&to, &c->home) || !crawl_has_rules(c, &to)))
		return move_to(c, &to);
	if (leads_on(c, vs->home, &to))
		return move_to(c, &to);
	if (vs->home->error == FETCH_OK)
		set_origin(c, vs->home->final_url);
	return OK;
}

static bool
was_read(const struct visit *v)
{
	return v != NULL && v->error == FETCH_OK && v->status == 200 && v->read;
}

/* try_front: the page at url is the home page instead, if it can be. */
static enum rc
try_front(struct crawl *c, struct visits *vs, const char *url, bool *taken)
{
	struct visit *v = NULL;
	struct url u;
	enum rc rc;

	*taken = false;
	if (url_parse(c->a, url, &u) != OK || !url_same_site(&u, &c->home) ||
	    !robots_check(c->robots, u.text).allowed)
		return OK;
	/* As it is spelled, the site's host may have other rules. */
	rc = visit_alone(vs,
	    arena_printf(c->a, "%s%s", c->facts.origin, u.target), patience(c),
	    &v);
	if (rc == OK && was_read(v)) {
		visit_free(vs->home);
		vs->home = v;
		*taken = true;
	} else {
		visit_free(v);
	}
	return rc;
}

/* try_ordered: the page that was typed, for a site without a home page. */
static enum rc
try_ordered(struct crawl *c, struct visits *vs, bool *taken)
{
	const char *path = c->o->site.include;
	size_t n = path == NULL ? 0 : strcspn(path, "*?");
	enum rc rc = OK;

	/* "/docs/" first, then "/docs". */
	for (*taken = false; n > 1 && !*taken && rc == OK; n--) {
		rc = try_front(c, vs,
		    arena_printf(c->a, "%s%.*s", c->facts.origin, (int)n, path),
		    taken);
		if (path[n - 1] != '/')
			break;
	}
	return rc;
}

/* try_translation: the home page in the language that the order wants. */
static enum rc
try_translation(struct crawl *c, struct visits *vs)
{
	const struct doc *d = &vs->home->doc;
	bool taken = languages_wants(vs->languages, d->lang);
	enum rc rc = OK;

	for (size_t i = 0; i < d->nalternates && !taken && rc == OK; i++) {
		const struct doc_alternate *other = &d->alternates[i];

		if (!languages_wants(vs->languages, other->lang))
			continue;
		rc = try_front(c, vs, arena_strdup(c->a, other->url), &taken);
		break;
	}
	return rc;
}

/* try_others: what may serve as a home page where there is none. */
static enum rc
try_others(struct crawl *c, struct visits *vs)
{
	bool taken = false;
	enum rc rc = OK;

	if (c->front_at != NULL)
		rc = try_front(c, vs, c->front_at, &taken);
	if (rc == OK && !taken)
		rc = try_ordered(c, vs, &taken);
	return rc;
}

/* find_front: vs->home, and what else may serve as one. */
static enum rc
find_front(struct crawl *c, struct visits *vs)
{
	struct url typed = c->home, to;
	bool taken = false;
	enum rc rc = OK;

	if (robots_check(c->robots, c->home.text).allowed)
		rc = visit_root(c, vs);
	if (rc == E_CONFLICT && c->o->site.include != NULL &&
	    !url_same_site(&typed, &c->home)) {
		struct url moved = c->home;

		set_origin(c, typed.text);
		rc = try_ordered(c, vs, &taken);
		if (rc == OK && !taken) {
			set_origin(c, moved.text);
			rc = E_CONFLICT;
		}
	} else if (rc == OK && !was_read(vs->home)) {
		rc = try_others(c, vs);
		taken = was_read(vs->home);
	} else if (rc == OK) {
		rc = try_translation(c, vs);
	}
	if (rc == OK && taken && leads_on(c, vs->home, &to))
		rc = move_to(c, &to);
	return rc;
}

enum rc
crawl_home(struct crawl *c)
{
	struct visits *vs = arena_alloc(c->a, sizeof(*vs));
	const char *front;
	enum rc rc;

	if (c->visits != NULL)
		visits_free(c->visits);
	vs->c = c;
	hash_secret_make(&vs->secret);
	vs->languages = languages_new(c->a, c->o->language);
	vs->versions = versions_new(c->a, &c->o->include);
	c->visits = vs;
	set_origin(c, c->home.text);
	rc = find_front(c, vs);
	if (rc != OK)
		return rc;
	front = was_read(vs->home) ? vs->home->url : c->home.text;
	make_frontier(c, front);
	if (was_read(vs->home))
		languages_front(vs->languages,
		    frontier_at(c->frontier, 0)->target, vs->home->doc.lang);
	return OK;
}
