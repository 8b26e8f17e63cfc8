#include "worker/crawl/survey.h"

#include "core/clock.h"
#include "core/json.h"
#include "worker/crawl/language.h"
#include "worker/crawl/outline.h"
#include "worker/crawl/version.h"
#include "worker/crawl/visits.h"

#include <string.h>

/* A sample that takes longer says nothing more, ms. */
#define SAMPLE_MS 4000
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

/* per_page: one page's time, when as many as are allowed are under way. */
static double
per_page(const struct crawl *c, int64_t ms)
{
	long delay = c->facts.delay_ms > c->o->delay_ms ? c->facts.delay_ms
							: c->o->delay_ms;
	double each = (double)ms / c->o->in_flight;

	return each > (double)delay ? each : (double)delay;
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
		    .ms = per_page(c, clock_ms() - began),
		    .doc = doc,
		};
	} else if (rc == OK) {
		rc = E_NOTFOUND;
	}
	visit_free(v);
	return rc;
}

enum rc
survey_sample(struct crawl *c, struct survey_sample *out)
{
	enum rc rc = E_NOTFOUND;

	if (frontier_queued(c->frontier) == 0)
		return E_NOTFOUND;
	for (unsigned n = 0; n < TRIES && rc == E_NOTFOUND; n++)
		rc = visit_sample(c, next_sample(c, n), out);
	return rc;
}
