#include "core/text.h"
#include "worker/crawl/sitemap_visit.h"

#include "core/log.h"
#include "worker/crawl/rules/language.h"
#include "worker/crawl/revalidation.h"
#include "worker/crawl/visits.h"
#include "worker/extract/page_codec.h"

#include <poll.h>
#include <string.h>
#include <strings.h>

/* A sitemap that was lost with another's crash is asked for again. */
#define MAX_TRIES 2
/* While more than this waits for a parser, bytes, no more is read. */
#define BACKLOG_BYTES (1 << 20)
/* A sitemap of more entries, in bytes, is read anew each time. */
#define MAX_KEPT_BYTES (32 << 20)

static void
sitemap_visit_end(struct sitemap_visit *m, const char *why)
{
	m->state = SITEMAP_DONE;
	if (m->result.why == NULL)
		m->result.why = why;
}

/* sitemap_visit_keep_item: lastmod may be NULL. */
static void
sitemap_visit_keep_item(struct sitemap_visit *m, const char *text,
    const char *lang, const char *lastmod, bool is_index)
{
	size_t n = strlen(text) + 1, k;
	struct sitemap_item *item;

	if (m->only_count && !is_index) {
		m->counted++;
		return;
	}
	if (lastmod == NULL || !text_is_printable_ascii(lastmod))
		lastmod = "";
	k = strlen(lastmod) + 1;
	item = arena_alloc(&m->a, sizeof(*item) + n + k);
	memcpy(item->text, text, n);
	item->lastmod = memcpy(item->text + n, lastmod, k);
	if (strlen(lang) < sizeof(item->lang))
		memcpy(item->lang, lang, strlen(lang) + 1);
	item->is_index = is_index;
	*m->last = item;
	m->last = &item->next;
}

/*
 * sitemap_visit_add_entry: a page with its own language, and its translation
 * where the order wants that: a sitemap may list the original alone.
 */
static void
sitemap_visit_add_entry(
    struct crawl *c, struct sitemap_visit *m, const struct sitemap_entry *s)
{
	const struct languages *l = c->visits->languages;
	const char *lang = "";

	for (size_t i = 0; i < s->alternate_n; i++)
		if (strcmp(s->alternates[i].href, s->loc) == 0 &&
		    strcasecmp(s->alternates[i].lang, "x-default") != 0)
			lang = s->alternates[i].lang;
	sitemap_visit_keep_item(m, s->loc, lang, s->lastmod, s->is_index);
	for (size_t i = 0; i < s->alternate_n; i++)
		if (languages_wants(l, s->alternates[i].lang) &&
		    strcmp(s->alternates[i].href, s->loc) != 0)
			sitemap_visit_keep_item(m, s->alternates[i].href,
			    s->alternates[i].lang, NULL, false);
}

/* ---- what the next run gets ---- */

static void
sitemap_visit_keep_entries(
    struct sitemap_visit *m, const struct parser_result *r)
{
	if (m->kept.len == 0)
		codec_put32(&m->kept, 0); /* their number, at the end */
	for (size_t i = 0; i < r->nentries; i++)
		codec_put_entry(&m->kept, &r->entries[i]);
	m->nkept += (uint32_t)r->nentries;
}

/*
 * sitemap_visit_store: the length of its entries, the entries, what they sum up
 * to.
 */
static void
sitemap_visit_store(
    struct crawl *c, struct sitemap_visit *m, const struct parser_result *r)
{
	uint32_t len = (uint32_t)m->kept.len;
	struct buf b;

	if (m->is_complete && r->failure == PARSER_FINE && buf_ok(&m->kept)) {
		memcpy(m->kept.data, &m->nkept, sizeof(m->nkept));
		buf_init(&b, CODEC_MAX);
		codec_put32(&b, len);
		buf_add(&b, m->kept.data, len);
		codec_put_report(&b, r->report);
		if (buf_ok(&b))
			cache_put(c->cache, CACHE_SITEMAP, m->mark_url,
			    &m->mark, b.data, b.len);
		buf_release(&b);
	}
	buf_release(&m->kept);
	m->nkept = 0;
}

/* sitemap_visit_restart: what was read of a sitemap comes again. */
static void
sitemap_visit_restart(struct sitemap_visit *m)
{
	arena_reset(&m->a);
	m->first = NULL;
	m->last = &m->first;
	m->counted = 0;
	m->is_complete = false;
	m->state = m->asked ? SITEMAP_LOST : SITEMAP_WAITING;
}

static void
sitemap_visit_parsed(
    struct crawl *c, struct crawl_request *e, const struct parser_result *r)
{
	struct sitemap_visit *m = (struct sitemap_visit *)e;

	/* The time was over before it. */
	if (m->state != SITEMAP_READING)
		return;
	for (size_t i = 0; i < r->nentries; i++)
		sitemap_visit_add_entry(c, m, &r->entries[i]);
	if (c->cache != NULL && m->opened)
		sitemap_visit_keep_entries(m, r);
	if (!r->last)
		return;
	if (c->cache != NULL && m->opened)
		sitemap_visit_store(c, m, r);
	m->opened = false;
	if (r->failure == PARSER_LOST && m->tries < MAX_TRIES) {
		sitemap_visit_restart(m);
		return;
	}
	if (r->failure != PARSER_FINE) {
		sitemap_visit_end(m, arena_strdup(c->a, r->message));
		return;
	}
	m->result.kind = r->report->kind;
	m->result.urls = r->report->urls;
	m->result.found = r->report->kind != SITEMAP_NONE &&
			  r->report->kind != SITEMAP_UNKNOWN;
	sitemap_visit_end(m, r->report->note == NULL
				 ? NULL
				 : arena_strdup(c->a, r->report->note));
}

static void
sitemap_visit_open_parser(
    struct crawl *c, struct sitemap_visit *m, const char *type)
{
	struct parser_request rq = {
	    .kind = PARSER_SITEMAP, .url = m->url, .content_type = type};

	m->parser = crawl_parser(c);
	m->order = parser_open(m->parser, &rq, m);
	m->opened = true;
}

static bool
sitemap_visit_bytes(void *ctx, void *user, const char *p, size_t n)
{
	struct crawl *c = ctx;
	struct sitemap_visit *m = user;

	if (m->state != SITEMAP_READING)
		return false;
	if (!m->opened)
		sitemap_visit_open_parser(c, m, NULL);
	parser_feed(m->parser, m->order, p, n);
	/* The parser sets the pace, or the file would pile up here. */
	while (parser_backlog(m->parser) > BACKLOG_BYTES) {
		struct pollfd fd = {.fd = parser_fd(m->parser),
		    .events = parser_events(m->parser)};

		(void)poll(&fd, 1, parser_timeout(m->parser));
		if (parser_step(m->parser) != OK) {
			c->parsers_failed = true;
			return false;
		}
	}
	return true;
}

/*
 * sitemap_visit_reuse: it did not change; what an earlier run read of it comes
 * again.
 */
static bool
sitemap_visit_reuse(
    struct crawl *c, struct sitemap_visit *m, const struct fetch_result *r)
{
	struct parser_result parsed = {.kind = PARSER_SITEMAP, .last = true};
	struct sitemap_report report;
	struct codec_reader in, all;
	struct cache_validators mark;
	struct arena a;
	size_t len = 0;
	uint32_t n;

	arena_init(&a);
	all.p = revalidation_recall(c, CACHE_SITEMAP, r, &a, &mark, &len);
	all.end = all.p == NULL ? NULL : all.p + len;
	all.failed = all.p == NULL;
	n = codec_get32(&all);
	if (!all.failed && n <= (size_t)(all.end - all.p)) {
		in = (struct codec_reader){.p = all.p, .end = all.p + n};
		all.p += n;
		parsed.entries = codec_get_entries(&in, &a, &parsed.nentries);
		if (!in.failed && codec_get_report(&all, &report))
			parsed.report = &report;
	}
	if (parsed.report != NULL)
		sitemap_visit_parsed(c, &m->e, &parsed);
	arena_release(&a);
	return parsed.report != NULL;
}

static void
sitemap_visit_fetched(
    struct crawl *c, struct crawl_request *e, struct fetch_result *r)
{
	struct sitemap_visit *m = (struct sitemap_visit *)e;

	m->asked = false;
	if (m->state == SITEMAP_LOST) {
		m->state = SITEMAP_WAITING;
		return;
	}
	if (c->cache != NULL && r->error == FETCH_OK && r->status == 304) {
		if (sitemap_visit_reuse(c, m, r))
			return;
		if (!m->unconditional) {
			m->unconditional = true;
			m->state = SITEMAP_WAITING;
			return;
		}
	}
	if (c->cache != NULL && r->error == FETCH_OK && r->status == 200) {
		m->is_complete = true;
		m->mark_url = arena_strdup(c->a, r->final_url);
		revalidation_mark(c->a, r, &m->mark);
	}
	if (r->status == 200 && !m->opened && m->state == SITEMAP_READING)
		sitemap_visit_open_parser(c, m, NULL);
	if (m->result.why == NULL && (r->error != FETCH_OK || r->status != 200))
		m->result.why = arena_strdup(
		    c->a, r->why == NULL ? "It could not be read." : r->why);
	/* What came before an error counts. */
	if (m->opened)
		parser_close(m->parser, m->order);
	else
		sitemap_visit_end(m, "It is not there.");
}

static void
sitemap_visit_validators(struct crawl *c, struct crawl_request *e,
    const struct url *at, struct fetch_known *out)
{
	if (!((const struct sitemap_visit *)e)->unconditional)
		revalidation_validators(c, CACHE_SITEMAP, at->text, out);
}

static const struct crawl_request_kind sitemap_request_kind = {
    .fetched = sitemap_visit_fetched,
    .parsed = sitemap_visit_parsed,
    .validators = sitemap_visit_validators};

struct sitemap_visit *
sitemap_visit_new(
    struct arena *a, const struct url *u, const struct sitemap_visit *from)
{
	struct sitemap_visit *m = arena_alloc(a, sizeof(*m));

	m->e.kind = &sitemap_request_kind;
	m->url = arena_strdup(a, u->text);
	m->host = arena_strdup(a, u->host);
	m->depth = from == NULL ? 0 : from->depth + 1;
	m->last = &m->first;
	m->result.url = m->url;
	arena_init(&m->a);
	buf_init(&m->kept, MAX_KEPT_BYTES);
	return m;
}

void
sitemap_visit_start(struct crawl *c, struct sitemap_visit *m)
{
	struct fetch_opts opts = {
	    .max_bytes = c->o->sitemap_bytes, .sink = sitemap_visit_bytes};

	m->state = SITEMAP_READING;
	m->asked = true;
	m->tries++;
	crawl_fetch(c, &m->e, m->url, &opts);
}

void
sitemap_visit_release(struct sitemap_visit *m)
{
	m->state = SITEMAP_DONE;
	arena_release(&m->a);
	m->first = NULL;
	buf_release(&m->kept);
}
