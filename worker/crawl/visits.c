#include "worker/crawl/visits.h"

#include "core/clock.h"
#include "core/log.h"
#include "core/text.h"
#include "worker/crawl/revalidation.h"
#include "worker/fetch/robots.h"
#include "worker/site/crawled_site.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

/* No more fetches while pages that wait take so many bytes. */
#define MAX_HELD_BYTES (24 << 20)
#define BACKLOG_BYTES (4 << 20)
#define POLL_MS 1000
/* A page that sends its readers on after so many seconds is one to read, */
#define REFRESH_MAX_SECONDS 30
/* sooner than that it is one if it has more words, unless it is at once. */
#define REFRESH_MAX_WORDS 100
#define REFRESH_AT_ONCE 1

/* ---- one visit ---- */

static void
page_visit_done(struct visits *vs, struct page_visit *v)
{
	v->state = VISIT_DONE;
	vs->held_bytes += v->held_bytes;
	vs->done++;
}

static void
page_visit_parse(struct crawl *c, struct page_visit *v, struct fetch_result *r)
{
	struct parser_request rq = {
	    .kind = PARSER_PAGE,
	    .url = v->final_url,
	    .content_type = *r->charset == '\0'
				? v->type
				: arena_printf(&v->a, "%s; charset=%s", v->type,
				      r->charset),
	    .robots_tag = r->robots_tag,
	    .bytes = r->body->data,
	    .len = r->body->len,
	};

	v->state = VISIT_PARSING;
	parser_send(crawl_parser(c), &rq, v);
}

static void
page_visit_keep_hops(struct page_visit *v, const struct fetch_result *r)
{
	struct fetch_hop *hops = arena_array(&v->a, r->hop_n, sizeof(*hops));

	for (size_t i = 0; i < r->hop_n; i++) {
		hops[i].url = arena_strdup(&v->a, r->hops[i].url);
		hops[i].status = r->hops[i].status;
	}
	v->hops = hops;
	v->nhops = r->hop_n;
}

static void
page_visit_fetch(struct crawl *c, struct page_visit *v, const char *url)
{
	struct fetch_opts opts = {.total_ms = v->total_ms};

	crawl_fetch(c, &v->e, url, &opts);
}

/*
 * page_visit_reused: an earlier run has read it, or it must be asked for once
 * more.
 */
static bool
page_visit_reused(
    struct crawl *c, struct page_visit *v, const struct fetch_result *r)
{
	if (c->cache == NULL || r->error != FETCH_OK)
		return false;
	switch (revalidation_page(c, v, r)) {
	case REVALIDATION_REUSED:
		page_visit_done(c->visits, v);
		return true;
	case REVALIDATION_REFETCH:
		v->unconditional = true;
		page_visit_fetch(c, v, v->url);
		return true;
	default:
		return false;
	}
}

static void
page_visit_fetched(
    struct crawl *c, struct crawl_request *e, struct fetch_result *r)
{
	struct page_visit *v = (struct page_visit *)e;

	v->error = r->error;
	v->status = r->status;
	v->pause_s = r->pause_s;
	v->why = arena_strdup(&v->a, r->why == NULL ? "" : r->why);
	v->type = arena_strdup(&v->a, r->type);
	v->url = arena_strdup(&v->a, r->url);
	v->final_url =
	    arena_strdup(&v->a, r->final_url == NULL ? r->url : r->final_url);
	if (r->hop_n > 0)
		page_visit_keep_hops(v, r);
	if (page_visit_reused(c, v, r))
		return;
	if (r->error == FETCH_OK && r->status == 200)
		page_visit_parse(c, v, r);
	else
		page_visit_done(c->visits, v);
}

static void
page_visit_parsed(
    struct crawl *c, struct crawl_request *e, const struct parser_result *r)
{
	struct page_visit *v = (struct page_visit *)e;

	if (r->failure != PARSER_FINE) {
		v->parse_why = arena_strdup(&v->a, r->message);
	} else {
		if (c->cache != NULL)
			revalidation_store(c, v, r->doc);
		html_page_copy(&v->a, r->doc, &v->doc);
		v->read = true;
	}
	v->held_bytes = v->a.used;
	page_visit_done(c->visits, v);
}

static bool
page_visit_follows(
    struct crawl *c, struct crawl_request *e, const struct url *to)
{
	(void)e;
	/* Where the home page is, is not known before it was read. */
	if (c->frontier == NULL && !crawl_has_rules(c, to))
		return false;
	return url_same_site(to, &c->home) &&
	       robots_check(c->robots, to->text).allowed;
}

/* What has no type may be a page; the parser will tell. */
static bool
page_visit_accepts(struct crawl *c, int status, const char *type)
{
	(void)c;
	return status != 200 || *type == '\0' ||
	       strcmp(type, "text/html") == 0 ||
	       strcmp(type, "application/xhtml+xml") == 0;
}

static void
page_visit_validators(struct crawl *c, struct crawl_request *e,
    const struct url *at, struct fetch_known *out)
{
	const struct page_visit *v = (const struct page_visit *)e;

	if (!v->unconditional)
		revalidation_validators(c, CACHE_PAGE, at->text, out);
}

static const struct crawl_request_kind page_request_kind = {
    .fetched = page_visit_fetched,
    .parsed = page_visit_parsed,
    .follow = page_visit_follows,
    .accept = page_visit_accepts,
    .validators = page_visit_validators,
};

/* page_visit_new: starts the fetch of url for an entry. */
static struct page_visit *
page_visit_new(
    struct visits *vs, uint32_t entry, const char *url, long total_ms)
{
	struct page_visit *v = calloc(1, sizeof(*v));

	if (v == NULL)
		fatal("out of memory for a page");
	v->e.kind = &page_request_kind;
	v->entry = entry;
	v->total_ms = total_ms;
	arena_init(&v->a);
	page_visit_fetch(vs->c, v, url);
	return v;
}

bool
page_visit_redirects(
    struct arena *a, const struct page_visit *v, struct url *to)
{
	const struct html_page *d = &v->doc;

	if (v->error != FETCH_OK || v->status != 200 || !v->read ||
	    d->refresh_after < 0 || d->refresh_after > REFRESH_MAX_SECONDS)
		return false;
	if (d->refresh_after > REFRESH_AT_ONCE && d->words > REFRESH_MAX_WORDS)
		return false;
	return url_parse(a, d->refresh, to) == OK &&
	       strcmp(to->text, v->final_url) != 0;
}

void
page_visit_free(struct page_visit *v)
{
	if (v == NULL)
		return;
	arena_release(&v->a);
	free(v);
}

enum rc
page_visit_single(
    struct visits *vs, const char *url, long total_ms, struct page_visit **out)
{
	struct page_visit *v = page_visit_new(vs, 0, url, total_ms);
	enum rc rc = OK;

	*out = v;
	while (v->state != VISIT_DONE && rc == OK)
		rc = crawl_poll(vs->c, POLL_MS);
	if (rc != OK)
		return rc;
	/* It waits for nobody to take it. */
	vs->held_bytes -= v->held_bytes;
	v->held_bytes = 0;
	vs->done--;
	return OK;
}

static void
page_visit_free_deferred(void *arg)
{
	page_visit_free(arg);
}

static size_t
count_done(struct page_visit *const *v, size_t n)
{
	size_t done = 0;

	for (size_t i = 0; i < n; i++)
		done += v[i]->state == VISIT_DONE;
	return done;
}

enum rc
visits_time_parallel(struct visits *vs, const char *const *urls, size_t n,
    long limit_ms, double *ms)
{
	struct page_visit **v =
	    arena_array(vs->c->a, n, sizeof(struct page_visit *));
	int64_t began = clock_ms(), last = began;
	size_t done = 0, now;
	enum rc rc = OK;

	for (size_t i = 0; i < n; i++) {
		v[i] = page_visit_new(vs, 0, urls[i], 0);
		arena_defer(vs->c->a, page_visit_free_deferred, v[i]);
	}
	while (rc == OK && done < n && clock_ms() - began < limit_ms) {
		rc = crawl_poll(vs->c, POLL_MS);
		now = count_done(v, n);
		if (now > done)
			last = clock_ms();
		done = now;
	}
	if (rc != OK)
		return rc;
	*ms = done == 0 ? *ms : (double)(last - began) / (double)done;
	return done == 0 ? E_NOTFOUND : OK;
}

/* ---- all of them ---- */

static void
keep_node(void *node)
{
	(void)node; /* the arena's */
}

void
visits_free(struct visits *vs)
{
	for (size_t i = vs->processed; i < vs->started; i++)
		if (vs->ring[i % VISITS_WINDOW] != vs->home)
			page_visit_free(vs->ring[i % VISITS_WINDOW]);
	page_visit_free(vs->home);
	vs->home = NULL;
	vs->started = vs->processed;
	free(vs->links);
	vs->links = NULL;
	tdestroy(vs->content_hashes, keep_node);
	vs->content_hashes = NULL;
}

/* The next place in the order is the home page, which was visited before. */
static bool
visits_is_home_next(const struct visits *vs)
{
	return vs->started == 0 && vs->home != NULL &&
	       frontier_order(vs->c->frontier, 0) == 0;
}

static bool
visits_may_start(const struct visits *vs)
{
	size_t on_the_way = vs->started - vs->processed;

	return vs->started < frontier_queued(vs->c->frontier) &&
	       on_the_way < VISITS_WINDOW &&
	       vs->listed + on_the_way < vs->c->o->limit &&
	       vs->held_bytes < MAX_HELD_BYTES &&
	       crawl_backlog(vs->c) < BACKLOG_BYTES &&
	       fetcher_pending(vs->c->fetcher) <
		   2 * (size_t)vs->c->o->in_flight;
}

void
visits_start(struct visits *vs)
{
	struct crawl *c = vs->c;
	struct arena scratch;

	arena_init(&scratch);
	while (visits_may_start(vs)) {
		uint32_t entry = frontier_order(c->frontier, vs->started);
		struct page_visit **v = &vs->ring[vs->started % VISITS_WINDOW];

		/* Its place in the order stays, without a visit. */
		if (visits_exclude_variant(vs, entry) ||
		    frontier_recheck(c->frontier, entry, false))
			*v = NULL;
		else
			*v = visits_is_home_next(vs)
				 ? vs->home
				 : page_visit_new(vs, entry,
				       frontier_url(
					   c->frontier, entry, &scratch),
				       0);
		/* It was visited before, or it never will be. */
		vs->done += *v == NULL || *v == vs->home;
		vs->started++;
	}
	arena_release(&scratch);
}

/*
 * A page counts once it was read, though its turn to be taken may come later:
 * one that is slow holds up the order, not the progress.
 */
static void
visits_report_progress(struct visits *vs)
{
	struct crawl *c = vs->c;
	size_t total = frontier_queued(c->frontier);
	size_t most = c->o->limit + vs->processed - vs->listed;
	char message[128], done[TEXT_NUMBER_MAX], all[TEXT_NUMBER_MAX];

	if (total > most)
		total = most;
	vs->reported = vs->done;
	snprintf(message, sizeof(message), "Read %s of %s pages",
	    text_number_in(done, (long long)vs->done),
	    text_number_in(all, (long long)total));
	/* Those that are known to be pages: a link may lead nowhere. */
	if (c->only_count)
		job_host(c->job, c->o->site.name, (long)vs->listed, false);
	job_progress(c->job, (long)vs->done, (long)total, "pages", message);
}

/* visits_process_next: false when the next in the order is not done yet. */
static bool
visits_process_next(struct visits *vs)
{
	struct page_visit *v = vs->ring[vs->processed % VISITS_WINDOW];

	if (v != NULL && v->state != VISIT_DONE)
		return false;
	vs->processed++;
	if (v != NULL) {
		vs->held_bytes -= v->held_bytes;
		visits_process(vs, v);
	}
	if (v != vs->home)
		page_visit_free(v);
	visits_report_progress(vs);
	return true;
}

void
visits_process_ready(struct visits *vs)
{
	while (vs->processed < vs->started && vs->listed < vs->c->o->limit &&
	       visits_process_next(vs))
		continue;
	if (vs->reported != vs->done)
		visits_report_progress(vs);
}
