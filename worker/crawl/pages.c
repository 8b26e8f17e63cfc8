/* pages: all visits of a crawl, to its end, and the site that comes of it. */
#include "core/log.h"
#include "worker/site/disposition.h"
#include "worker/fetch/robots.h"
#include "worker/crawl/visits.h"
#include "worker/site/digest.h"
#include "worker/site/crawled_site.h"

#include <string.h>

#define POLL_MS 1000

/*
 * visits_end_reason: why no more pages are visited; DISPOSITION_PENDING: none.
 */
static enum disposition
visits_end_reason(struct visits *vs)
{
	struct url_case c = {.visits = vs, .entry = FRONTIER_NONE};

	return url_rule_judge(
	    frontier_rule_list(vs->c->frontier), URL_RULE_END, false, &c, NULL);
}

/* visits_end_pending: every page that was not visited ends as such. */
static void
visits_end_pending(struct visits *vs, enum disposition disposition)
{
	struct frontier *f = vs->c->frontier;

	for (size_t i = 0; i < frontier_queued(f); i++) {
		uint32_t entry = frontier_order(f, i);

		if (frontier_at(f, entry)->disposition == DISPOSITION_PENDING &&
		    !visits_exclude_variant(vs, entry))
			frontier_set_disposition(f, entry, disposition, NULL);
	}
}

/*
 * visits_requeue_canonicals: pages that stood back for one that then failed are
 * visited again.
 */
static bool
visits_requeue_canonicals(struct visits *vs)
{
	struct frontier *f = vs->c->frontier;
	bool any = false;

	for (uint32_t i = 0; i < frontier_count(f); i++) {
		struct frontier_entry *e = frontier_at(f, i);

		if (e->disposition != DISPOSITION_CANONICAL ||
		    e->ignores_canonical)
			continue;
		if (frontier_at(f, frontier_canonical(f, i))->disposition ==
		    DISPOSITION_LISTED)
			continue;
		e->ignores_canonical = true;
		frontier_requeue(f, i);
		any = true;
	}
	return any;
}

/* The sitemap led nowhere, but the home page may link somewhere. */
static bool
sitemap_was_useless(const struct visits *vs)
{
	return !vs->c->facts.found_by_links && vs->listed <= 1 &&
	       vs->home != NULL && vs->home->read;
}

/* visits_find_more: there is something left to visit after the order's end. */
static bool
visits_find_more(struct visits *vs)
{
	if (visits_requeue_canonicals(vs) || visits_choose_variants_again(vs))
		return true;
	if (!sitemap_was_useless(vs))
		return false;
	vs->c->facts.found_by_links = true;
	visits_add_home_links(vs);
	return vs->started < frontier_queued(vs->c->frontier);
}

static enum rc
visits_run(struct visits *vs,
    void (*tick)(void *arg, struct crawled_site *site), void *arg)
{
	struct crawl *c = vs->c;
	enum disposition end;
	enum rc rc = OK;

	for (;;) {
		visits_start(vs);
		visits_process_ready(vs);
		if ((rc = crawl_check_cost(c)) != OK)
			return rc;
		end = visits_end_reason(vs);
		if (vs->processed == frontier_queued(c->frontier) &&
		    end != DISPOSITION_OVER_LIMIT) {
			if (visits_find_more(vs))
				continue;
			return OK;
		}
		if (end != DISPOSITION_PENDING) {
			visits_end_pending(vs, end);
			return OK;
		}
		if (vs->started > vs->processed ||
		    fetcher_pending(c->fetcher) > 0)
			rc = crawl_poll(c, POLL_MS);
		if (rc != OK)
			return rc;
		if (tick != NULL)
			tick(arg, vs->site);
	}
}

/* ---- a site none of whose pages can be listed ---- */

static bool
is_temporary_failure(const struct page_visit *home)
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
crawl_fail_needs_javascript(struct crawl *c)
{
	return job_fail(c->job, true,
	    "%s shows its text only with JavaScript, which Platen does not "
	    "run. Its pages can be read if the server renders them (or serves "
	    "prerendered copies) and they are linked from the home page or "
	    "listed in a sitemap.",
	    c->facts.host);
}

static enum rc
visits_fail_home(struct visits *vs)
{
	struct crawl *c = vs->c;
	const struct page_visit *home = vs->home;
	struct robots_verdict v = robots_check(c->robots, "/");

	if (home == NULL)
		return job_fail(c->job, true,
		    "The robots.txt of %s does not allow %s to read it "
		    "(\"%s\"); only its owner can change that.",
		    c->facts.host, c->o->agent_token,
		    v.rule == NULL ? "Disallow: /" : v.rule);
	if (home->error == FETCH_OK && home->status != 200)
		return job_fail(c->job, !is_temporary_failure(home),
		    "The home page of %s answers %s, and no other page was "
		    "found; please check the hostname, or try again later.",
		    c->facts.host,
		    fetch_status_text(home->status, (char[48]){0}));
	if (home->read && (home->doc.flags & HTML_PAGE_SHELL) != 0)
		return crawl_fail_needs_javascript(c);
	if (home->error == FETCH_UNWANTED)
		return job_fail(c->job, true,
		    "The home page of %s is %s, not an HTML page.",
		    c->facts.host, home->type);
	if (home->error != FETCH_OK)
		return job_fail(
		    c->job, !is_temporary_failure(home), "%s", home->why);
	if (home->parse_why != NULL)
		return job_fail(c->job, true,
		    "The home page of %s could not be read: %s", c->facts.host,
		    home->parse_why);
	return job_fail(c->job, true,
	    "No pages of %s could be included. Home page: %s.", c->facts.host,
	    disposition_sentence(frontier_at(c->frontier, 0)->disposition));
}

static enum rc
visits_fail_without_pages(struct visits *vs)
{
	struct crawl *c = vs->c;
	size_t n[DISPOSITION_MAX] = {0}, known = 0;
	enum disposition most = DISPOSITION_PENDING;

	for (uint32_t i = 0; i < frontier_count(c->frontier); i++) {
		enum disposition disposition =
		    frontier_at(c->frontier, i)->disposition;

		if (disposition == DISPOSITION_TWIN ||
		    disposition == DISPOSITION_REDIRECT)
			continue;
		known++;
		if (++n[disposition] > n[most])
			most = disposition;
	}
	if (known <= 1 || vs->home == NULL || !vs->home->read)
		return visits_fail_home(vs);
	return job_fail(c->job,
	    most != DISPOSITION_SITE_GONE && most != DISPOSITION_OUT_OF_TIME,
	    "Found %zu addresses on %s but could include none; %zu %s.", known,
	    c->facts.host, n[most], disposition_summary(most));
}

static void
crawl_add_include_paths(struct crawl *c)
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
crawl_visit_all(struct crawl *c,
    void (*tick)(void *arg, struct crawled_site *site), void *arg)
{
	struct visits *vs = c->visits;
	bool queued = frontier_at(c->frontier, 0)->queued;

	if (c->facts.found_by_links)
		crawl_add_include_paths(c);
	/* It is not listed, but what it says and links to counts. */
	if (vs->home != NULL && !queued)
		visits_process(vs, vs->home);
	visits_choose_variants(vs);
	if (!c->facts.found_by_links &&
	    frontier_queued(c->frontier) > c->o->limit) {
		visits_rank_navigation(vs);
		frontier_sort_by_priority(c->frontier, queued);
	}
	return visits_run(vs, tick, arg);
}

/* ---- the site ---- */

/* site_page_of_entry: for each entry the site's page that stands for it. */
static uint32_t *
site_page_of_entry(struct visits *vs, struct arena *a)
{
	struct frontier *f = vs->c->frontier;
	uint32_t *out = arena_array(a, frontier_count(f) + 1, sizeof(*out));

	for (uint32_t i = 0; i < frontier_count(f); i++)
		out[i] = SITE_NONE;
	for (uint32_t i = 0; i < vs->site->npages; i++)
		out[vs->site->pages[i].entry] = i;
	for (uint32_t i = 0; i < frontier_count(f); i++) {
		if (out[i] == SITE_NONE)
			out[i] = out[frontier_canonical(f, i)];
	}
	return out;
}

/* site_set_links: from links between entries to links between pages. */
static void
site_set_links(struct visits *vs, const uint32_t *page)
{
	struct crawled_site *site = vs->site;
	uint32_t *links =
	    arena_array(site->arena, vs->nlinks + 1, sizeof(*links));
	size_t n = 0;

	for (uint32_t i = 0; i < site->npages; i++) {
		struct crawled_page *p = &site->pages[i];
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
site_set_pages(struct visits *vs)
{
	struct crawled_site *site = vs->site;
	struct frontier *f = vs->c->frontier;

	for (uint32_t i = 0; i < site->npages; i++) {
		const struct frontier_entry *e =
		    frontier_at(f, site->pages[i].entry);

		site->pages[i].label = e->label == NULL ? "" : e->label;
		site->pages[i].nav = e->nav;
		site->pages[i].linked = e->linked;
		site->pages[i].version_stub =
		    visits_is_version_stub(vs, site->pages[i].entry);
	}
}

static void
site_open(struct visits *vs, struct crawled_site *site, FILE *texts)
{
	struct crawl *c = vs->c;
	static const struct html_page empty_doc = {.title = "",
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
	site->facts = &c->facts;
	site->pages = arena_array(c->a, c->o->limit + 1, sizeof(*site->pages));
	digest_page(c->a, &empty_doc, &site->front);
	site->front.url = c->home.text;
	site->front.path = "/";
	vs->site = site;
	vs->texts = texts;
}

static size_t
frontier_count_disposition(struct frontier *f, enum disposition disposition)
{
	size_t n = 0;

	for (uint32_t i = 0; i < frontier_count(f); i++)
		n += frontier_at(f, i)->disposition == disposition;
	return n;
}

enum rc
crawl_pages(struct crawl *c, struct crawled_site *site, FILE *texts,
    void (*tick)(void *arg, struct crawled_site *site), void *arg)
{
	struct visits *vs = c->visits;
	struct arena scratch;
	enum rc rc;

	site_open(vs, site, texts);
	rc = crawl_visit_all(c, tick, arg);
	c->facts.shells_left_out = frontier_count_disposition(
	    c->frontier, DISPOSITION_NEEDS_JAVASCRIPT);
	if (rc == OK && site->npages == 0)
		rc = visits_fail_without_pages(vs);
	/* A title and a description alone are no file. */
	else if (rc == OK && site->npages == 1 && c->facts.shells_listed == 1)
		rc = crawl_fail_needs_javascript(c);
	if (rc == OK) {
		arena_init(&scratch);
		site_set_links(vs, site_page_of_entry(vs, &scratch));
		arena_release(&scratch);
		site_set_pages(vs);
		frontier_ledger(c->frontier, &site->ledger);
	}
	visits_free(vs);
	return rc;
}

enum rc
crawl_count(struct crawl *c)
{
	enum rc rc = OK;

	if (c->facts.found_by_links)
		rc = crawl_visit_all(c, NULL, NULL);
	else
		visits_choose_variants(c->visits);
	return rc;
}
