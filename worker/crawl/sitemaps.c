/* sitemaps: sitemaps, those that robots.txt names or else the usual ones. */
#include "core/log.h"
#include "core/text.h"
#include "worker/crawl/sitemap_visit.h"
#include "worker/fetch/robots.h"
#include "worker/crawl/visits.h"

#include <search.h>
#include <stdio.h>
#include <string.h>

#define IN_FLIGHT 4
/* While those that wait for their turn take more, none is begun, bytes. */
#define AHEAD_BYTES (8 << 20)
/* So many entries are taken between two looks at the clock. */
#define LOOK_EACH 1000
/*
 * Sitemaps found by guessing are small in number: the first good one ends
 * the search.
 */
static const char *const usual_paths[] = {"/sitemap.xml", "/sitemap_index.xml",
    "/sitemap.xml.gz", "/sitemap-index.xml", "/sitemap.txt", "/wp-sitemap.xml",
    "/sitemap/sitemap.xml", "/sitemaps/sitemap.xml", "/sitemap/index.xml",
    NULL};

/* Sitemaps that were not read, told each; the rest is counted. */
#define MAX_REFUSED 50

struct sitemaps {
	struct crawl *c;
	struct sitemap_visit *map[CRAWL_SITEMAPS];
	size_t n;
	size_t processed; /* those before are in the frontier */
	size_t beyond;
	struct crawl_sitemap refused[MAX_REFUSED];
	size_t nrefused;
	size_t pages; /* entries that are pages of the site, not its home */
	void *seen;   /* tsearch tree of URLs */
	struct arena scratch; /* for one URL at a time */
};

static int
compare_urls(const void *x, const void *y)
{
	return strcmp(x, y);
}

static void
keep_node(void *node)
{
	(void)node; /* the arena's */
}

/* ---- all of them ---- */

/* sitemaps_refuse: a sitemap that is named and not read, for the report. */
static struct sitemap_visit *
sitemaps_refuse(struct sitemaps *ms, const char *text, const char *why)
{
	for (size_t i = 0; i < ms->nrefused; i++)
		if (strcmp(ms->refused[i].url, text) == 0)
			return NULL;
	if (ms->nrefused == MAX_REFUSED)
		ms->beyond++;
	else
		ms->refused[ms->nrefused++] = (struct crawl_sitemap){
		    .url = arena_strdup(ms->c->a, text), .why = why};
	return NULL;
}

static struct sitemap_visit *
sitemaps_add(
    struct sitemaps *ms, const char *text, const struct sitemap_visit *from)
{
	struct sitemap_visit *m;
	struct url u;

	arena_reset(&ms->scratch);
	if (url_parse(&ms->scratch, text, &u) != OK)
		return sitemaps_refuse(ms, text, "This is not a complete URL.");
	/* An index speaks for its own host (sitemaps.org). */
	if (from != NULL && !url_same_host(from->host, u.host))
		return sitemaps_refuse(ms, u.text,
		    "This sitemap is on another host than the index that lists "
		    "it, so it was not read.");
	if (tfind(u.text, &ms->seen, compare_urls) != NULL)
		return NULL;
	if (ms->n == CRAWL_SITEMAPS ||
	    (from != NULL && from->depth >= CRAWL_SITEMAP_DEPTH)) {
		ms->beyond++;
		return NULL;
	}
	m = sitemap_visit_new(ms->c->a, &u, from);
	if (tsearch(m->url, &ms->seen, compare_urls) == NULL)
		fatal("out of memory for the sitemaps of a site");
	return ms->map[ms->n++] = m;
}

static void
sitemaps_report_progress(struct sitemaps *ms)
{
	struct crawl *c = ms->c;
	size_t known = frontier_queued(c->frontier);
	char message[128], number[TEXT_NUMBER_MAX];

	snprintf(message, sizeof(message), "Reading sitemaps: %s %s so far",
	    text_number_in(number, (long long)known),
	    known == 1 ? "page" : "pages");
	job_progress(c->job, 0, 0, "sitemaps", message);
	if (c->only_count)
		job_host(c->job, c->o->site.name, (long)known, false);
}

/*
 * sitemaps_process: what a sitemap said goes into the frontier, in its turn, as
 * far as there is time.  E_STOPPED, or what job_fail said.
 */
static enum rc
sitemaps_process(struct sitemaps *ms, struct sitemap_visit *m)
{
	size_t n = 0;
	enum rc rc;

	for (struct sitemap_item *i = m->first; i != NULL; i = i->next) {
		uint32_t page;

		if (++n % LOOK_EACH == 0 && job_stopping(ms->c->job))
			return E_STOPPED;
		if ((rc = crawl_check_cost(ms->c)) != OK)
			return rc;
		if (crawl_time_is_up(ms->c))
			break;
		if (i->is_index) {
			(void)sitemaps_add(ms, i->text, m);
			continue;
		}
		page = frontier_add(ms->c->frontier, i->text, FROM_SITEMAP, 1);
		ms->pages += page != FRONTIER_NONE && page != 0;
		if (page != FRONTIER_NONE && *i->lastmod != '\0')
			frontier_at(ms->c->frontier, page)->lastmod =
			    arena_strdup(ms->c->a, i->lastmod);
		if (page != FRONTIER_NONE && i->lang[0] != '\0')
			visits_note_hreflang(ms->c->visits, i->lang, i->text);
	}
	ms->c->facts.urls_beyond += m->counted;
	sitemap_visit_release(m);
	return OK;
}

/*
 * sitemaps_start_some: the one whose turn it is, and some of those after it.
 * They wait in memory, so a slow one must not let all the others pile up behind
 * it.
 */
static void
sitemaps_start_some(struct sitemaps *ms)
{
	size_t end = ms->processed + IN_FLIGHT, ahead = 0;

	for (size_t i = ms->processed; i < ms->n && i < end; i++) {
		if (i > ms->processed)
			ahead += ms->map[i]->a.used;
		if (ms->map[i]->state != SITEMAP_WAITING ||
		    (i > ms->processed && ahead >= AHEAD_BYTES))
			continue;
		ms->map[i]->only_count = frontier_beyond(ms->c->frontier) > 0;
		sitemap_visit_start(ms->c, ms->map[i]);
	}
}

static enum rc
sitemaps_read_all(struct sitemaps *ms)
{
	enum rc rc = OK;

	while (rc == OK && ms->processed < ms->n && !crawl_time_is_up(ms->c)) {
		sitemaps_start_some(ms);
		if (ms->map[ms->processed]->state == SITEMAP_DONE) {
			rc = sitemaps_process(ms, ms->map[ms->processed++]);
			sitemaps_report_progress(ms);
		} else {
			rc = crawl_poll(ms->c, 1000);
		}
	}
	return rc;
}

static enum rc
sitemaps_read_usual(struct sitemaps *ms)
{
	const struct url *home = &ms->c->home;
	int origin = (int)(strlen(home->text) - strlen(home->target));
	enum rc rc = OK;

	for (size_t i = 0; usual_paths[i] != NULL && rc == OK && ms->pages == 0;
	     i++) {
		const char *url = arena_printf(
		    ms->c->a, "%.*s%s", origin, home->text, usual_paths[i]);
		struct sitemap_visit *m;

		/* What robots.txt names is asked for; a guess obeys it. */
		if (!robots_check(ms->c->robots, url).allowed)
			continue;
		m = sitemaps_add(ms, url, NULL);
		if (m != NULL)
			m->guess = true;
		rc = sitemaps_read_all(ms);
	}
	return rc;
}

static void
sitemaps_put_facts(struct sitemaps *ms)
{
	struct crawl *c = ms->c;
	struct crawl_sitemap *out =
	    arena_array(c->a, ms->n + ms->nrefused + 1, sizeof(*out));

	c->facts.sitemaps = out;
	for (size_t i = 0; i < ms->n; i++)
		/* A guess that was wrong is no news. */
		if (!ms->map[i]->guess || ms->map[i]->result.found)
			out[c->facts.nsitemaps++] = ms->map[i]->result;
	for (size_t i = 0; i < ms->nrefused; i++)
		out[c->facts.nsitemaps++] = ms->refused[i];
	c->facts.sitemaps_beyond = ms->beyond;
}

enum rc
crawl_read_sitemaps(struct crawl *c)
{
	struct sitemaps *ms = arena_alloc(c->a, sizeof(*ms));
	const char *const *named;
	size_t n;
	enum rc rc;

	ms->c = c;
	sitemaps_report_progress(ms);
	named = robots_sitemaps(c->robots, &n);
	for (size_t i = 0; i < n; i++)
		(void)sitemaps_add(ms, named[i], NULL);
	rc = sitemaps_read_all(ms);
	if (rc == OK && ms->pages == 0)
		rc = sitemaps_read_usual(ms);
	c->facts.found_by_links = ms->pages == 0;
	sitemaps_put_facts(ms);
	for (size_t i = 0; i < ms->n; i++)
		sitemap_visit_release(ms->map[i]);
	arena_release(&ms->scratch);
	tdestroy(ms->seen, keep_node);
	return rc;
}
