/* maps: sitemaps, those that robots.txt names or else the usual ones. */
#include "core/log.h"
#include "worker/crawl/crawl_int.h"
#include "worker/crawl/language.h"
#include "worker/crawl/remember.h"
#include "worker/crawl/robots.h"
#include "worker/crawl/visits.h"
#include "worker/frame.h"

#include <poll.h>
#include <search.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define IN_FLIGHT 4
/* A sitemap that was lost with another's crash is asked for again. */
#define TRIES 2
/* While more than this waits for a parser, bytes, no more is read. */
#define BACKLOG_BYTES (1 << 20)
/* A sitemap of more entries, in bytes, is read anew each time. */
#define KEPT_BYTES (32 << 20)
/* Sitemaps found by guessing are small in number: the first good one ends
 * the search. */
static const char *const usual[] = {"/sitemap.xml", "/sitemap_index.xml",
    "/sitemap.xml.gz", "/sitemap-index.xml", "/sitemap.txt", "/wp-sitemap.xml",
    "/sitemap/sitemap.xml", "/sitemaps/sitemap.xml", "/sitemap/index.xml",
    NULL};

/* Sitemaps that were not read, told each; the rest is counted. */
#define REFUSED 50

enum map_state { MAP_WAITING, MAP_READING, MAP_DONE };

/* A string of a list. */
struct item {
	struct item *next;
	bool is_index;
	char lang[12]; /* of the page, as declared; "" */
	char text[];
};

struct map {
	struct errand e; /* first */
	enum map_state state;
	const char *url;
	const char *host;
	bool guess; /* nobody named it */
	unsigned depth;
	unsigned tries;
	struct parser *parser; /* that reads it */
	unsigned order;        /* parser_open's id */
	bool opened;
	bool bare;  /* asked for without a condition */
	bool whole; /* all of it came, under this mark */
	const char *mark_url;
	struct cache_mark mark;
	struct buf kept; /* its entries, for the next run */
	uint32_t nkept;
	/* What was read, until it is this one's turn. */
	struct arena a;
	struct item *first, **last;
	/* How it ended. */
	struct crawl_map result;
};

struct maps {
	struct crawl *c;
	struct map *map[CRAWL_MAPS];
	size_t n;
	size_t taken; /* those before are in the frontier */
	size_t beyond;
	struct crawl_map refused[REFUSED];
	size_t nrefused;
	size_t pages; /* entries that are pages of the site, not its home */
	void *seen;   /* tsearch tree of URLs */
};

static int
compare(const void *x, const void *y)
{
	return strcmp(x, y);
}

static void
keep(void *node)
{
	(void)node; /* the arena's */
}

/* ---- one sitemap ---- */

static void
end_map(struct map *m, const char *why)
{
	m->state = MAP_DONE;
	if (m->result.why == NULL)
		m->result.why = why;
}

static void
keep_item(struct map *m, const char *text, const char *lang, bool is_index)
{
	size_t n = strlen(text) + 1;
	struct item *item = arena_alloc(&m->a, sizeof(*item) + n);

	memcpy(item->text, text, n);
	if (strlen(lang) < sizeof(item->lang))
		memcpy(item->lang, lang, strlen(lang) + 1);
	item->is_index = is_index;
	*m->last = item;
	m->last = &item->next;
}

/*
 * map_entry: a page with its own language, and its translation where the
 * order wants that: a sitemap may list the original alone.
 */
static void
map_entry(struct crawl *c, struct map *m, const struct sitemap_entry *s)
{
	const struct languages *l = c->visits->languages;
	const char *lang = "";

	for (size_t i = 0; i < s->alternate_n; i++)
		if (strcmp(s->alternates[i].href, s->loc) == 0 &&
		    strcasecmp(s->alternates[i].lang, "x-default") != 0)
			lang = s->alternates[i].lang;
	keep_item(m, s->loc, lang, s->is_index);
	for (size_t i = 0; i < s->alternate_n; i++)
		if (languages_wants(l, s->alternates[i].lang) &&
		    strcmp(s->alternates[i].href, s->loc) != 0)
			keep_item(m, s->alternates[i].href,
			    s->alternates[i].lang, false);
}

/* ---- what the next run gets ---- */

static void
keep_entries(struct map *m, const struct parser_result *r)
{
	if (m->kept.len == 0)
		frame_put32(&m->kept, 0); /* their number, at the end */
	for (size_t i = 0; i < r->nentries; i++)
		frame_put_entry(&m->kept, &r->entries[i]);
	m->nkept += (uint32_t)r->nentries;
}

/* keep_map: the length of its entries, the entries, what they sum up to. */
static void
keep_map(struct crawl *c, struct map *m, const struct parser_result *r)
{
	uint32_t len = (uint32_t)m->kept.len;
	struct buf b;

	if (m->whole && r->failure == PARSER_FINE && buf_ok(&m->kept)) {
		memcpy(m->kept.data, &m->nkept, sizeof(m->nkept));
		buf_init(&b, FRAME_MAX);
		frame_put32(&b, len);
		buf_add(&b, m->kept.data, len);
		frame_put_report(&b, r->report);
		if (buf_ok(&b))
			cache_put(c->cache, CACHE_MAP, m->mark_url, &m->mark,
			    b.data, b.len);
		buf_release(&b);
	}
	buf_release(&m->kept);
	m->nkept = 0;
}

static void
map_parsed(struct crawl *c, struct errand *e, const struct parser_result *r)
{
	struct map *m = (struct map *)e;

	for (size_t i = 0; i < r->nentries; i++)
		map_entry(c, m, &r->entries[i]);
	if (c->cache != NULL && m->opened)
		keep_entries(m, r);
	if (!r->last)
		return;
	if (c->cache != NULL && m->opened)
		keep_map(c, m, r);
	m->opened = false;
	if (r->failure == PARSER_LOST && m->tries < TRIES) {
		/* What was read of it comes again. */
		arena_reset(&m->a);
		m->first = NULL;
		m->last = &m->first;
		m->state = MAP_WAITING;
		return;
	}
	if (r->failure != PARSER_FINE) {
		end_map(m, arena_strdup(c->a, r->message));
		return;
	}
	m->result.kind = r->report->kind;
	m->result.urls = r->report->urls;
	m->result.found = r->report->kind != SITEMAP_NONE &&
			  r->report->kind != SITEMAP_UNKNOWN;
	end_map(m, r->report->note == NULL
		       ? NULL
		       : arena_strdup(c->a, r->report->note));
}

static void
open_map(struct crawl *c, struct map *m, const char *type)
{
	struct parser_request rq = {
	    .kind = PARSER_SITEMAP, .url = m->url, .content_type = type};

	m->parser = crawl_parser(c);
	m->order = parser_open(m->parser, &rq, m);
	m->opened = true;
}

static bool
map_bytes(void *ctx, void *user, const char *p, size_t n)
{
	struct crawl *c = ctx;
	struct map *m = user;

	if (m->state == MAP_DONE)
		return false;
	if (!m->opened)
		open_map(c, m, NULL);
	parser_feed(m->parser, m->order, p, n);
	/* The parser sets the pace, or the file would pile up here. */
	while (parser_backlog(m->parser) > BACKLOG_BYTES) {
		struct pollfd fd = {.fd = parser_fd(m->parser),
		    .events = parser_events(m->parser)};

		(void)poll(&fd, 1, parser_timeout(m->parser));
		if (parser_step(m->parser) != OK) {
			c->broken = true;
			return false;
		}
	}
	return true;
}

/* recall: it did not change; what an earlier run read of it comes again. */
static bool
recall(struct crawl *c, struct map *m, const struct fetch_result *r)
{
	struct parser_result parsed = {.kind = PARSER_SITEMAP, .last = true};
	struct sitemap_report report;
	struct frame_reader in, all;
	struct cache_mark mark;
	struct arena a;
	size_t len = 0;
	uint32_t n;

	arena_init(&a);
	all.p = remember_again(c, CACHE_MAP, r, &a, &mark, &len);
	all.end = all.p == NULL ? NULL : all.p + len;
	all.failed = all.p == NULL;
	n = frame_get32(&all);
	if (!all.failed && n <= (size_t)(all.end - all.p)) {
		in = (struct frame_reader){.p = all.p, .end = all.p + n};
		all.p += n;
		parsed.entries = frame_get_entries(&in, &a, &parsed.nentries);
		if (!in.failed && frame_get_report(&all, &report))
			parsed.report = &report;
	}
	if (parsed.report != NULL)
		map_parsed(c, &m->e, &parsed);
	arena_release(&a);
	return parsed.report != NULL;
}

static void
map_fetched(struct crawl *c, struct errand *e, struct fetch_result *r)
{
	struct map *m = (struct map *)e;

	if (c->cache != NULL && r->error == FETCH_OK && r->status == 304) {
		if (recall(c, m, r))
			return;
		if (!m->bare) {
			m->bare = true;
			m->state = MAP_WAITING;
			return;
		}
	}
	if (c->cache != NULL && r->error == FETCH_OK && r->status == 200) {
		m->whole = true;
		m->mark_url = arena_strdup(c->a, r->final_url);
		remember_mark(c->a, r, &m->mark);
	}
	if (r->status == 200 && !m->opened && m->state == MAP_READING)
		open_map(c, m, NULL);
	if (r->error != FETCH_OK || r->status != 200)
		m->result.why = arena_strdup(
		    c->a, r->why == NULL ? "It could not be read." : r->why);
	/* What came before an error counts. */
	if (m->opened)
		parser_close(m->parser, m->order);
	else
		end_map(m, "It is not there.");
}

static void
map_known(struct crawl *c, struct errand *e, const struct url *at,
    struct fetch_known *out)
{
	if (!((const struct map *)e)->bare)
		remember_known(c, CACHE_MAP, at->text, out);
}

static const struct errand_kind map_kind = {
    .fetched = map_fetched, .parsed = map_parsed, .known = map_known};

/* ---- all of them ---- */

/* refuse: a sitemap that is named and not read, for the report. */
static struct map *
refuse(struct maps *ms, const char *text, const char *why)
{
	if (ms->nrefused == REFUSED)
		ms->beyond++;
	else
		ms->refused[ms->nrefused++] = (struct crawl_map){
		    .url = arena_strdup(ms->c->a, text), .why = why};
	return NULL;
}

static struct map *
add_map(struct maps *ms, const char *text, const struct map *from)
{
	struct arena *a = ms->c->a;
	struct map *m;
	struct url u;
	const char **known;

	if (url_parse(a, text, &u) != OK)
		return refuse(ms, text, "It is no complete web address.");
	/* An index speaks for its own host (sitemaps.org). */
	if (from != NULL && !url_same_host(from->host, u.host))
		return refuse(ms, u.text,
		    "It is of another host than the index that names it, so "
		    "it was not read.");
	known = tsearch(u.text, &ms->seen, compare);
	if (known == NULL || *known != u.text)
		return NULL;
	if (ms->n == CRAWL_MAPS ||
	    (from != NULL && from->depth >= CRAWL_MAPS_DEPTH)) {
		ms->beyond++;
		return NULL;
	}
	m = arena_alloc(a, sizeof(*m));
	m->e.kind = &map_kind;
	m->url = u.text;
	m->host = u.host;
	m->depth = from == NULL ? 0 : from->depth + 1;
	m->last = &m->first;
	m->result.url = u.text;
	arena_init(&m->a);
	buf_init(&m->kept, KEPT_BYTES);
	return ms->map[ms->n++] = m;
}

static void
start_map(struct maps *ms, struct map *m)
{
	struct fetch_opts opts = {
	    .max_bytes = ms->c->o->sitemap_bytes, .sink = map_bytes};

	m->state = MAP_READING;
	m->tries++;
	crawl_fetch(ms->c, &m->e, m->url, &opts);
}

static void
tell(struct maps *ms)
{
	struct crawl *c = ms->c;
	size_t known = frontier_queued(c->frontier);
	char message[128];

	snprintf(message, sizeof(message), "Reading sitemaps: %zu %s so far",
	    known, known == 1 ? "page" : "pages");
	job_progress(c->job, 0, 0, "sitemaps", message);
	if (c->count)
		job_host(c->job, c->o->site.name, (long)known, false);
}

/* take_map: what a sitemap said goes into the frontier, in its turn. */
static void
take_map(struct maps *ms, struct map *m)
{
	for (struct item *i = m->first; i != NULL; i = i->next) {
		uint32_t page;

		if (i->is_index) {
			(void)add_map(ms, i->text, m);
			continue;
		}
		page = frontier_add(ms->c->frontier, i->text, FROM_SITEMAP, 1);
		ms->pages += page != FRONTIER_NONE && page != 0;
		if (page != FRONTIER_NONE && i->lang[0] != '\0')
			visits_declare(ms->c->visits, i->lang, i->text);
	}
	arena_release(&m->a);
	m->first = NULL;
}

static void
start_some(struct maps *ms)
{
	unsigned busy = 0;

	for (size_t i = ms->taken; i < ms->n && busy < IN_FLIGHT; i++) {
		if (ms->map[i]->state == MAP_WAITING)
			start_map(ms, ms->map[i]);
		busy += ms->map[i]->state == MAP_READING;
	}
}

static enum rc
read_maps(struct maps *ms)
{
	enum rc rc = OK;

	while (rc == OK && ms->taken < ms->n && !crawl_time_is_up(ms->c)) {
		start_some(ms);
		if (ms->map[ms->taken]->state == MAP_DONE) {
			take_map(ms, ms->map[ms->taken++]);
			tell(ms);
		} else {
			rc = crawl_turn(ms->c, 1000);
		}
	}
	return rc;
}

static enum rc
read_usual(struct maps *ms)
{
	const struct url *home = &ms->c->home;
	int origin = (int)(strlen(home->text) - strlen(home->target));
	enum rc rc = OK;

	for (size_t i = 0; usual[i] != NULL && rc == OK && ms->pages == 0;
	     i++) {
		struct map *m = add_map(ms,
		    arena_printf(
			ms->c->a, "%.*s%s", origin, home->text, usual[i]),
		    NULL);

		if (m != NULL)
			m->guess = true;
		rc = read_maps(ms);
	}
	return rc;
}

static void
report(struct maps *ms)
{
	struct crawl *c = ms->c;
	struct crawl_map *out =
	    arena_array(c->a, ms->n + ms->nrefused + 1, sizeof(*out));

	c->facts.maps = out;
	for (size_t i = 0; i < ms->n; i++)
		/* A guess that was wrong is no news. */
		if (!ms->map[i]->guess || ms->map[i]->result.found)
			out[c->facts.nmaps++] = ms->map[i]->result;
	for (size_t i = 0; i < ms->nrefused; i++)
		out[c->facts.nmaps++] = ms->refused[i];
	c->facts.maps_beyond = ms->beyond;
}

enum rc
crawl_maps(struct crawl *c)
{
	struct maps *ms = arena_alloc(c->a, sizeof(*ms));
	const char *const *named;
	size_t n;
	enum rc rc;

	ms->c = c;
	tell(ms);
	named = robots_sitemaps(c->robots, &n);
	for (size_t i = 0; i < n; i++)
		(void)add_map(ms, named[i], NULL);
	rc = read_maps(ms);
	if (rc == OK && ms->pages == 0)
		rc = read_usual(ms);
	c->facts.by_links = ms->pages == 0;
	report(ms);
	for (size_t i = 0; i < ms->n; i++) {
		arena_release(&ms->map[i]->a);
		buf_release(&ms->map[i]->kept);
	}
	tdestroy(ms->seen, keep);
	return rc;
}
