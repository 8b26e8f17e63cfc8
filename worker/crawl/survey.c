#include "worker/crawl/survey.h"

#include "core/clock.h"
#include "core/json.h"
#include "core/schema/host_count.h"
#include "worker/crawl/rules/language.h"
#include "worker/crawl/path_tree.h"
#include "worker/crawl/rules/version.h"
#include "worker/crawl/visits.h"

#include <string.h>

/* A sample that takes longer says nothing more, ms. */
#define SAMPLE_MS 4000
/* Pages fetched at once to see how fast they come, and for so long, ms. */
#define PARALLEL_PAGES 24
#define PARALLEL_MS 5000
/* So many pages that a count has read say it as well. */
#define MIN_COUNTED 16
/* Pages tried until one can be read. */
#define TRIES 3

/* is_countable_page: it counts as one, whether or not this count visited it. */
static bool
is_countable_page(const struct frontier_entry *e)
{
	return e->disposition == DISPOSITION_PENDING ||
	       e->disposition == DISPOSITION_LISTED ||
	       e->disposition == DISPOSITION_LANGUAGE ||
	       e->disposition == DISPOSITION_VERSION ||
	       e->disposition == DISPOSITION_OVER_LIMIT ||
	       e->disposition == DISPOSITION_OUT_OF_TIME;
}

static bool
is_listable_page(struct visits *vs, const struct frontier_entry *e)
{
	return versions_excluded(vs->versions, e->target) == NULL &&
	       e->disposition != DISPOSITION_LANGUAGE;
}

struct json_object *
survey_paths(struct crawl *c, struct arena *a)
{
	struct json_object *o;
	struct path_tree *path_tree = path_tree_new(a);
	struct frontier *f = c->frontier;
	size_t urls = 0, listed = 0;

	for (uint32_t i = 0; i < frontier_count(f); i++)
		if (is_countable_page(frontier_at(f, i)))
			path_tree_add(path_tree, frontier_at(f, i)->target);
	for (uint32_t i = 0; i < frontier_count(f); i++) {
		const struct frontier_entry *e = frontier_at(f, i);
		bool fine;

		if (!is_countable_page(e))
			continue;
		fine = is_listable_page(c->visits, e);
		path_tree_count(path_tree, e->target, fine);
		urls++;
		listed += fine;
	}
	o = host_count_new(a, urls, listed);
	host_count_put_lists(
	    o, path_tree_json(path_tree), languages_json(c->visits->languages));
	return o;
}

static long
crawl_effective_delay(const struct crawl *c)
{
	return c->facts.delay_ms > c->o->delay_ms ? c->facts.delay_ms
						  : c->o->delay_ms;
}

/*
 * measure_parallel_ms: how long it takes from one page to the next, in *ms, as
 * an order would fetch them.  A server may answer one request at a time, or
 * as many as come, and there is a ceiling: nothing but trying tells.
 */
static enum rc
measure_parallel_ms(struct crawl *c, double *ms)
{
	size_t all = frontier_queued(c->frontier), n = 0;
	const char *urls[PARALLEL_PAGES];
	size_t most = all < PARALLEL_PAGES ? all : PARALLEL_PAGES;

	for (size_t i = 0; i < most; i++) {
		uint32_t entry = frontier_order(c->frontier, all * i / most);

		urls[n++] = frontier_url(c->frontier, entry, c->a);
	}
	return visits_time_parallel(c->visits, urls, n, PARALLEL_MS, ms);
}

/*
 * measure_page_ms: from one page to the next, ms; alone_ms is one page's own
 * time.
 */
static enum rc
measure_page_ms(struct crawl *c, long count_ms, double alone_ms, double *out)
{
	double delay = (double)crawl_effective_delay(c);
	enum rc rc = OK;

	*out = alone_ms;
	if (delay > 0)
		*out = alone_ms > delay ? alone_ms : delay;
	else if (c->visits->processed >= MIN_COUNTED)
		*out = (double)count_ms / (double)c->visits->processed;
	else if (frontier_queued(c->frontier) > 1)
		rc = measure_parallel_ms(c, out);
	/* None came in time: at least it is known how long one takes. */
	return rc == E_NOTFOUND ? OK : rc;
}

/* sample_entry: the n-th page to try: from the middle, where most are. */
static uint32_t
sample_entry(const struct crawl *c, unsigned n)
{
	size_t all = frontier_queued(c->frontier);

	return frontier_order(c->frontier, all * (n + 2) / (TRIES + 2) % all);
}

static enum rc
sample_visit(struct crawl *c, uint32_t entry, struct survey_sample *out)
{
	const char *url = frontier_url(c->frontier, entry, c->a);
	int64_t began = clock_ms();
	struct page_visit *v = NULL;
	struct html_page *doc;
	enum rc rc = page_visit_single(c->visits, url, SAMPLE_MS, &v);

	if (rc == OK && v->read && v->doc.is_html) {
		doc = arena_alloc(c->a, sizeof(*doc));
		html_page_copy(c->a, &v->doc, doc);
		*out = (struct survey_sample){
		    .url = url,
		    .path = frontier_at(c->frontier, entry)->target,
		    .ms = (double)(clock_ms() - began),
		    .doc = doc,
		};
	} else if (rc == OK) {
		rc = E_NOTFOUND;
	}
	page_visit_free(v);
	return rc;
}

enum rc
survey_sample(struct crawl *c, long count_ms, struct survey_sample *out)
{
	enum rc rc = E_NOTFOUND;

	if (frontier_queued(c->frontier) == 0)
		return E_NOTFOUND;
	for (unsigned n = 0; n < TRIES && rc == E_NOTFOUND; n++)
		rc = sample_visit(c, sample_entry(c, n), out);
	return rc == OK ? measure_page_ms(c, count_ms, out->ms, &out->ms) : rc;
}
