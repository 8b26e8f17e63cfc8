#include "worker/crawl/survey.h"

#include "core/clock.h"
#include "core/json.h"
#include "worker/crawl/rules/language.h"
#include "worker/crawl/path_tree.h"
#include "worker/crawl/rules/version.h"
#include "worker/crawl/visits.h"

#include <string.h>

/* A sample that takes longer says nothing more, ms. */
#define SAMPLE_MS 4000
/* Pages fetched at once to see how fast they come, and for so long, ms. */
#define TOGETHER 24
#define TOGETHER_MS 5000
/* So many pages that a count has read say it as well. */
#define COUNTED 16
/* Pages tried until one can be read. */
#define TRIES 3

/* is_page: it counts as one, whether or not this count visited it. */
static bool
is_page(const struct frontier_entry *e)
{
	return e->fate == FATE_PENDING || e->fate == FATE_LISTED ||
	       e->fate == FATE_LANGUAGE || e->fate == FATE_VERSION ||
	       e->fate == FATE_LIMIT || e->fate == FATE_TIME;
}

static bool
is_listed(struct visits *vs, const struct frontier_entry *e)
{
	return versions_refuse(vs->versions, e->target) == NULL &&
	       e->fate != FATE_LANGUAGE;
}

struct json_object *
survey_paths(struct crawl *c, struct arena *a)
{
	struct json_object *o = json_new(a);
	struct outline *outline = outline_new(a);
	struct frontier *f = c->frontier;
	size_t urls = 0, listed = 0;

	for (uint32_t i = 0; i < frontier_count(f); i++)
		if (is_page(frontier_at(f, i)))
			outline_learn(outline, frontier_at(f, i)->target);
	for (uint32_t i = 0; i < frontier_count(f); i++) {
		const struct frontier_entry *e = frontier_at(f, i);
		bool fine;

		if (!is_page(e))
			continue;
		fine = is_listed(c->visits, e);
		outline_count(outline, e->target, fine);
		urls++;
		listed += fine;
	}
	json_put_num(o, "urls", (int64_t)urls);
	json_put_num(o, "listed", (int64_t)listed);
	json_put(o, "paths", outline_json(outline));
	json_put(o, "languages", languages_json(c->visits->languages));
	return o;
}

static long
delay_of(const struct crawl *c)
{
	return c->facts.delay_ms > c->o->delay_ms ? c->facts.delay_ms
						  : c->o->delay_ms;
}

/*
 * measure_together: how long it takes from one page to the next, in *ms, as
 * an order would fetch them.  A server may answer one request at a time, or
 * as many as come, and there is a ceiling: nothing but trying tells.
 */
static enum rc
measure_together(struct crawl *c, double *ms)
{
	size_t all = frontier_queued(c->frontier), n = 0;
	const char *urls[TOGETHER];
	size_t most = all < TOGETHER ? all : TOGETHER;

	for (size_t i = 0; i < most; i++) {
		uint32_t entry = frontier_order(c->frontier, all * i / most);

		urls[n++] = frontier_url(c->frontier, entry, c->a);
	}
	return visits_together(c->visits, urls, n, TOGETHER_MS, ms);
}

/* pace: from one page to the next, ms; alone_ms is one page's own time. */
static enum rc
pace(struct crawl *c, long count_ms, double alone_ms, double *out)
{
	double delay = (double)delay_of(c);
	enum rc rc = OK;

	*out = alone_ms;
	if (delay > 0)
		*out = alone_ms > delay ? alone_ms : delay;
	else if (c->visits->taken >= COUNTED)
		*out = (double)count_ms / (double)c->visits->taken;
	else if (frontier_queued(c->frontier) > 1)
		rc = measure_together(c, out);
	/* None came in time: at least it is known how long one takes. */
	return rc == E_NOTFOUND ? OK : rc;
}

/* next_sample: the n-th page to try: from the middle, where most are. */
static uint32_t
next_sample(const struct crawl *c, unsigned n)
{
	size_t all = frontier_queued(c->frontier);

	return frontier_order(c->frontier, all * (n + 2) / (TRIES + 2) % all);
}

static enum rc
visit_sample(struct crawl *c, uint32_t entry, struct survey_sample *out)
{
	const char *url = frontier_url(c->frontier, entry, c->a);
	int64_t began = clock_ms();
	struct visit *v = NULL;
	struct doc *doc;
	enum rc rc = visit_alone(c->visits, url, SAMPLE_MS, &v);

	if (rc == OK && v->read && v->doc.is_html) {
		doc = arena_alloc(c->a, sizeof(*doc));
		doc_copy(c->a, &v->doc, doc);
		*out = (struct survey_sample){
		    .url = url,
		    .path = frontier_at(c->frontier, entry)->target,
		    .ms = (double)(clock_ms() - began),
		    .doc = doc,
		};
	} else if (rc == OK) {
		rc = E_NOTFOUND;
	}
	visit_free(v);
	return rc;
}

enum rc
survey_sample(struct crawl *c, long count_ms, struct survey_sample *out)
{
	enum rc rc = E_NOTFOUND;

	if (frontier_queued(c->frontier) == 0)
		return E_NOTFOUND;
	for (unsigned n = 0; n < TRIES && rc == E_NOTFOUND; n++)
		rc = visit_sample(c, next_sample(c, n), out);
	return rc == OK ? pace(c, count_ms, out->ms, &out->ms) : rc;
}
