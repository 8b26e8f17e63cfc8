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
crawl_set_origin(struct crawl *c, const char *url)
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
crawl_make_frontier(struct crawl *c, const char *front)
{
	struct frontier_config config = {
	    .home = c->home,
	    .robots = c->robots,
	    .include = &c->o->include,
	    .exclude = &c->o->exclude,
	    .url_trap = url_trap_new(c->a),
	    .max_depth = c->o->depth,
	    .max_entries = CRAWL_URLS,
	    .max_bytes = CRAWL_URL_BYTES,
	    .on_new_page = visits_note_address,
	    .ctx = c->visits,
	};

	c->frontier = frontier_new(c->a, &config);
	(void)frontier_add(c->frontier, front, FROM_PAGE, 0);
}

static long
home_timeout_ms(const struct crawl *c)
{
	return c->o->timeout_ms < HOME_MS ? c->o->timeout_ms : HOME_MS;
}

/*
 * crawl_move_home: what is known of the home page says that it is at to, on
 * another host or under another scheme.
 */
static enum rc
crawl_move_home(struct crawl *c, const struct url *to)
{
	/* The root of a site is asked for in any case. */
	c->start_page = strcmp(to->target, "/") != 0 ? to->text : NULL;
	crawl_set_origin(c, to->text);
	return E_CONFLICT;
}

/*
 * home_redirects: the page is nothing but a word where the site is now, which
 * browsers follow by themselves.  From https nobody is sent back to http.
 */
static bool
home_redirects(struct crawl *c, const struct page_visit *v, struct url *to)
{
	struct url at;

	if (!page_visit_redirects(c->a, v, to) ||
	    url_parse(c->a, v->final_url, &at) != OK)
		return false;
	if (!url_same_site(to, &at))
		return true;
	return strcmp(to->host, at.host) != 0
		   ? !crawl_has_rules(c, to)
		   : strcmp(to->scheme, "https") == 0 &&
			 strcmp(at.scheme, "http") == 0;
}

/*
 * home_visit_root: E_CONFLICT when it leads to another site, or to other rules.
 */
static enum rc
home_visit_root(struct crawl *c, struct visits *vs)
{
	struct url to;
	enum rc rc;

	job_progress(c->job, 0, 0, "robots",
	    arena_printf(c->a, "Opening %s", c->home.text));
	rc = page_visit_single(vs, c->home.text, home_timeout_ms(c), &vs->home);
	if (rc != OK)
		return rc;
	if (vs->home->pause_s > 0)
		return job_fail(
		    c->job, false, "%s Please try again later.", vs->home->why);
	if (vs->home->error == FETCH_REDIRECT_REFUSED &&
	    url_parse(c->a, vs->home->final_url, &to) == OK &&
	    (!url_same_site(&to, &c->home) || !crawl_has_rules(c, &to)))
		return crawl_move_home(c, &to);
	if (home_redirects(c, vs->home, &to))
		return crawl_move_home(c, &to);
	if (vs->home->error == FETCH_OK)
		crawl_set_origin(c, vs->home->final_url);
	return OK;
}

static bool
is_visit_read(const struct page_visit *v)
{
	return v != NULL && v->error == FETCH_OK && v->status == 200 && v->read;
}

/* home_try_page: the page at url is the home page instead, if it can be. */
static enum rc
home_try_page(struct crawl *c, struct visits *vs, const char *url, bool *taken)
{
	struct page_visit *v = NULL;
	struct url u;
	enum rc rc;

	*taken = false;
	if (url_parse(c->a, url, &u) != OK || !url_same_site(&u, &c->home) ||
	    !robots_check(c->robots, u.text).allowed)
		return OK;
	/* As it is spelled, the site's host may have other rules. */
	rc = page_visit_single(vs,
	    arena_printf(c->a, "%s%s", c->facts.origin, u.target),
	    home_timeout_ms(c), &v);
	if (rc == OK && is_visit_read(v)) {
		page_visit_free(vs->home);
		vs->home = v;
		*taken = true;
	} else {
		page_visit_free(v);
	}
	return rc;
}

/*
 * home_try_typed_path: the page that was typed, for a site without a home page.
 */
static enum rc
home_try_typed_path(struct crawl *c, struct visits *vs, bool *taken)
{
	const char *path = c->o->site.include;
	size_t n = path == NULL ? 0 : strcspn(path, "*?");
	enum rc rc = OK;

	/* "/docs/" first, then "/docs". */
	for (*taken = false; n > 1 && !*taken && rc == OK; n--) {
		rc = home_try_page(c, vs,
		    arena_printf(c->a, "%s%.*s", c->facts.origin, (int)n, path),
		    taken);
		if (path[n - 1] != '/')
			break;
	}
	return rc;
}

/* home_try_translation: the home page in the language that the order wants. */
static enum rc
home_try_translation(struct crawl *c, struct visits *vs)
{
	const struct html_page *d = &vs->home->doc;
	bool taken = languages_wants(vs->languages, d->lang);
	enum rc rc = OK;

	for (size_t i = 0; i < d->nalternates && !taken && rc == OK; i++) {
		const struct html_alternate *other = &d->alternates[i];

		if (!languages_wants(vs->languages, other->lang))
			continue;
		rc = home_try_page(
		    c, vs, arena_strdup(c->a, other->url), &taken);
		break;
	}
	return rc;
}

/*
 * home_try_others: what may exchange_serve as a home page where there is none.
 */
static enum rc
home_try_others(struct crawl *c, struct visits *vs)
{
	bool taken = false;
	enum rc rc = OK;

	if (c->start_page != NULL)
		rc = home_try_page(c, vs, c->start_page, &taken);
	if (rc == OK && !taken)
		rc = home_try_typed_path(c, vs, &taken);
	return rc;
}

/* home_find: vs->home, and what else may exchange_serve as one. */
static enum rc
home_find(struct crawl *c, struct visits *vs)
{
	struct url typed = c->home, to;
	bool taken = false;
	enum rc rc = OK;

	if (robots_check(c->robots, c->home.text).allowed)
		rc = home_visit_root(c, vs);
	if (rc == E_CONFLICT && c->o->site.include != NULL &&
	    !url_same_site(&typed, &c->home)) {
		struct url moved = c->home;

		crawl_set_origin(c, typed.text);
		rc = home_try_typed_path(c, vs, &taken);
		if (rc == OK && !taken) {
			crawl_set_origin(c, moved.text);
			rc = E_CONFLICT;
		}
	} else if (rc == OK && !is_visit_read(vs->home)) {
		rc = home_try_others(c, vs);
		taken = is_visit_read(vs->home);
	} else if (rc == OK) {
		rc = home_try_translation(c, vs);
	}
	if (rc == OK && taken && home_redirects(c, vs->home, &to))
		rc = crawl_move_home(c, &to);
	return rc;
}

enum rc
crawl_visit_home(struct crawl *c)
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
	crawl_set_origin(c, c->home.text);
	rc = home_find(c, vs);
	if (rc != OK)
		return rc;
	front = is_visit_read(vs->home) ? vs->home->url : c->home.text;
	crawl_make_frontier(c, front);
	if (is_visit_read(vs->home))
		languages_note_home(vs->languages,
		    frontier_at(c->frontier, 0)->target, vs->home->doc.lang);
	return OK;
}
