/* pages: all visits of a crawl, to its end, and the site that comes of it. */
#include "core/log.h"
#include "worker/crawl/disposition.h"
#include "worker/fetch/robots.h"
#include "worker/crawl/visits.h"
#include "worker/site/digest.h"
#include "worker/site/crawled_site.h"

#include <string.h>

/* Pages in a row without an answer: the site is gone. */
#define SILENT_PAGES 20
#define TURN_MS 1000

/* finish: every page that was not visited ends as such. */
static void
finish(struct visits *vs, enum fate fate)
{
	struct frontier *f = vs->c->frontier;

	for (size_t i = 0; i < frontier_queued(f); i++) {
		uint32_t entry = frontier_order(f, i);

		if (frontier_at(f, entry)->fate == FATE_PENDING &&
		    !visits_refuse(vs, entry))
			frontier_end(f, entry, fate, NULL);
	}
}

/* revive: pages that stood back for one that then failed are visited again. */
static bool
revive(struct visits *vs)
{
	struct frontier *f = vs->c->frontier;
	bool any = false;

	for (uint32_t i = 0; i < frontier_count(f); i++) {
		struct frontier_entry *e = frontier_at(f, i);

		if (e->fate != FATE_CANONICAL || e->keep)
			continue;
		if (frontier_at(f, frontier_page(f, i))->fate == FATE_LISTED)
			continue;
		e->keep = true;
		frontier_again(f, i);
		any = true;
	}
	return any;
}

/* The sitemap led nowhere, but the home page may link somewhere. */
static bool
sitemap_was_useless(const struct visits *vs)
{
	return !vs->c->facts.by_links && vs->listed <= 1 && vs->home != NULL &&
	       vs->home->read;
}

/* more: there is something left to visit after the order's end. */
static bool
more(struct visits *vs)
{
	if (revive(vs) || visits_choose_again(vs))
		return true;
	if (!sitemap_was_useless(vs))
		return false;
	vs->c->facts.by_links = true;
	visits_home_links(vs);
	return vs->issued < frontier_queued(vs->c->frontier);
}

static enum rc
run(struct visits *vs, void (*tick)(void *arg, struct site *site), void *arg)
{
	struct crawl *c = vs->c;
	enum rc rc = OK;

	for (;;) {
		visits_issue(vs);
		visits_advance(vs);
		if ((rc = crawl_patience(c)) != OK)
			return rc;
		if (vs->listed >= c->o->limit) {
			finish(vs, FATE_LIMIT);
			return OK;
		}
		if (vs->taken == frontier_queued(c->frontier)) {
			if (more(vs))
				continue;
			return OK;
		}
		if (crawl_time_is_up(c) || vs->silent >= SILENT_PAGES) {
			finish(vs,
			    vs->silent >= SILENT_PAGES ? FATE_GONE : FATE_TIME);
			return OK;
		}
		if (vs->issued > vs->taken || fetcher_pending(c->fetcher) > 0)
			rc = crawl_turn(c, TURN_MS);
		if (rc != OK)
			return rc;
		if (tick != NULL)
			tick(arg, vs->site);
	}
}

/* ---- a site none of whose pages can be listed ---- */

static bool
passes_by_itself(const struct visit *home)
{
	switch (home->error) {
	case FETCH_REFUSED:
	case FETCH_UNREACHABLE:
	case FETCH_TIMEOUT:
	case FETCH_BROKEN:
	case FETCH_GAVE_UP:
		return true;
	default:
		return home->status >= 500 || home->status == 429 ||
		       home->status == 408;
	}
}

static enum rc
needs_script(struct crawl *c)
{
	return job_fail(c->job, true,
	    "%s shows its text only with JavaScript, which is not run here: "
	    "its home page is empty without it. Its pages can be read once "
	    "the server renders them (or prerendered copies are served) and "
	    "they are linked from the home page or in a sitemap.",
	    c->facts.host);
}

static enum rc
home_failed(struct visits *vs)
{
	struct crawl *c = vs->c;
	const struct visit *home = vs->home;
	struct robots_verdict v = robots_check(c->robots, "/");

	if (home == NULL)
		return job_fail(c->job, true,
		    "The robots.txt of %s does not allow %s to read it "
		    "(\"%s\"); only its owner can change that.",
		    c->facts.host, c->o->agent_token,
		    v.rule == NULL ? "Disallow: /" : v.rule);
	if (home->error == FETCH_OK && home->status != 200)
		return job_fail(c->job, !passes_by_itself(home),
		    "The home page of %s answers %s, and no other page was "
		    "found; please check the hostname, or try again later.",
		    c->facts.host,
		    fetch_status_text(home->status, (char[48]){0}));
	if (home->read && (home->doc.flags & DOC_SHELL) != 0)
		return needs_script(c);
	if (home->error == FETCH_UNWANTED)
		return job_fail(c->job, true,
		    "The home page of %s is %s, not an HTML page.",
		    c->facts.host, home->type);
	if (home->error != FETCH_OK)
		return job_fail(
		    c->job, !passes_by_itself(home), "%s", home->why);
	if (home->parse_why != NULL)
		return job_fail(c->job, true,
		    "The home page of %s could not be read: %s", c->facts.host,
		    home->parse_why);
	return job_fail(c->job, true,
	    "No page of %s can be listed. About its home page: %s",
	    c->facts.host, fate_sentence(frontier_at(c->frontier, 0)->fate));
}

static enum rc
nothing(struct visits *vs)
{
	struct crawl *c = vs->c;
	size_t n[FATE_MAX] = {0}, known = 0;
	enum fate most = FATE_PENDING;

	for (uint32_t i = 0; i < frontier_count(c->frontier); i++) {
		enum fate fate = frontier_at(c->frontier, i)->fate;

		if (fate == FATE_TWIN || fate == FATE_REDIRECT)
			continue;
		known++;
		if (++n[fate] > n[most])
			most = fate;
	}
	if (known <= 1 || vs->home == NULL || !vs->home->read)
		return home_failed(vs);
	return job_fail(c->job, most != FATE_GONE && most != FATE_TIME,
	    "None of the %zu addresses found on %s can be listed: %zu of "
	    "them %s.",
	    known, c->facts.host, n[most], fate_short(most));
}

static void
seed_includes(struct crawl *c)
{
	for (size_t i = 0; i < c->o->include.n; i++) {
		const char *p = c->o->include.pattern[i];
		size_t n = strcspn(p, "*?");

		/* Where the pattern begins there may be a page. */
		if (*p == '/' && n > 1)
			(void)frontier_add(c->frontier,
			    arena_printf(
				c->a, "%s%.*s", c->facts.origin, (int)n, p),
			    FROM_PAGE, 1);
	}
}

static enum rc
visit_all(
    struct crawl *c, void (*tick)(void *arg, struct site *site), void *arg)
{
	struct visits *vs = c->visits;
	bool queued = frontier_at(c->frontier, 0)->queued;

	if (c->facts.by_links)
		seed_includes(c);
	/* It is not listed, but what it says and links to counts. */
	if (vs->home != NULL && !queued)
		visits_take(vs, vs->home);
	visits_choose(vs);
	if (!c->facts.by_links && frontier_queued(c->frontier) > c->o->limit) {
		visits_rank(vs);
		frontier_prefer(c->frontier, queued);
	}
	return run(vs, tick, arg);
}

/* ---- the site ---- */

/* page_of: for each entry the site's page that stands for it. */
static uint32_t *
page_of(struct visits *vs, struct arena *a)
{
	struct frontier *f = vs->c->frontier;
	uint32_t *out = arena_array(a, frontier_count(f) + 1, sizeof(*out));

	for (uint32_t i = 0; i < frontier_count(f); i++)
		out[i] = SITE_NONE;
	for (uint32_t i = 0; i < vs->site->npages; i++)
		out[vs->site->pages[i].entry] = i;
	for (uint32_t i = 0; i < frontier_count(f); i++) {
		if (out[i] == SITE_NONE)
			out[i] = out[frontier_page(f, i)];
	}
	return out;
}

/* set_links: from links between entries to links between pages. */
static void
set_links(struct visits *vs, const uint32_t *page)
{
	struct site *site = vs->site;
	uint32_t *links =
	    arena_array(site->arena, vs->nlinks + 1, sizeof(*links));
	size_t n = 0;

	for (uint32_t i = 0; i < site->npages; i++) {
		struct site_page *p = &site->pages[i];
		uint32_t from = p->links_at, most = p->nlinks;

		p->links_at = (uint32_t)n;
		p->nlinks = 0;
		for (uint32_t j = 0; j < most; j++) {
			uint32_t link = vs->links[from + j];
			uint32_t to = page[link & ~SITE_NAV];

			if (to == SITE_NONE || to == i)
				continue;
			links[n++] = to | (link & SITE_NAV);
			p->nlinks++;
		}
	}
	site->links = links;
	site->nlinks = n;
}

static void
set_pages(struct visits *vs)
{
	struct site *site = vs->site;
	struct frontier *f = vs->c->frontier;

	for (uint32_t i = 0; i < site->npages; i++) {
		const struct frontier_entry *e =
		    frontier_at(f, site->pages[i].entry);

		site->pages[i].label = e->label == NULL ? "" : e->label;
		site->pages[i].nav = e->nav;
		site->pages[i].linked = e->linked;
		site->pages[i].aside = visits_aside(vs, site->pages[i].entry);
	}
}

static void
open_site(struct visits *vs, struct site *site, FILE *texts)
{
	struct crawl *c = vs->c;
	static const struct doc silent = {.title = "",
	    .raw_title = "",
	    .h1 = "",
	    .og_title = "",
	    .site_name = "",
	    .description = "",
	    .lang = "",
	    .markdown = ""};

	memset(site, 0, sizeof(*site));
	site->arena = c->a;
	site->host = c->facts.host;
	site->origin = c->facts.origin;
	site->home = SITE_NONE;
	site->pages = arena_array(c->a, c->o->limit + 1, sizeof(*site->pages));
	digest_page(c->a, &silent, &site->front);
	site->front.url = c->home.text;
	site->front.path = "/";
	vs->site = site;
	vs->texts = texts;
}

static size_t
count_fate(struct frontier *f, enum fate fate)
{
	size_t n = 0;

	for (uint32_t i = 0; i < frontier_count(f); i++)
		n += frontier_at(f, i)->fate == fate;
	return n;
}

enum rc
crawl_pages(struct crawl *c, struct site *site, FILE *texts,
    void (*tick)(void *arg, struct site *site), void *arg)
{
	struct visits *vs = c->visits;
	struct arena scratch;
	enum rc rc;

	open_site(vs, site, texts);
	rc = visit_all(c, tick, arg);
	c->facts.shells_left_out = count_fate(c->frontier, FATE_SCRIPT);
	if (rc == OK && site->npages == 0)
		rc = nothing(vs);
	/* A title and a description alone are no file. */
	else if (rc == OK && site->npages == 1 && c->facts.shells_listed == 1)
		rc = needs_script(c);
	if (rc == OK) {
		arena_init(&scratch);
		set_links(vs, page_of(vs, &scratch));
		arena_release(&scratch);
		set_pages(vs);
	}
	visits_free(vs);
	return rc;
}

enum rc
crawl_count(struct crawl *c)
{
	enum rc rc = OK;

	if (c->facts.by_links)
		rc = visit_all(c, NULL, NULL);
	else
		visits_choose(c->visits);
	return rc;
}
