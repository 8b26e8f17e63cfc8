/*
 * sitemap: the locations of a sitemap, one a line.
 *
 * With --follow the sitemaps that an index names are read too, by the rules
 * of worker/crawl/sitemaps.c: each once, of the same host, so many and so deep.
 */
#include "worker/extract/sitemap.h"

#include "core/arena.h"
#include "core/conf.h"
#include "core/url.h"
#include "worker/crawl/crawl.h"
#include "worker/parser/parse_once.h"
#include "worker/tool/input_source.h"
#include "worker/tool/tool.h"

#include <getopt.h>
#include <string.h>

const struct tool tool_sitemap;

static const struct option options[] = {
    {"follow", no_argument, NULL, 'f'},
    {NULL, 0, NULL, 0},
};

struct sitemap_file {
	const char *name; /* canonical, or as typed */
	struct url url;   /* when follow is set */
	unsigned depth;
};

struct sitemap_reading {
	struct arena *a;
	const struct conf *conf;
	struct parser_limits limits;
	size_t bytes; /* read of one sitemap */
	bool follow;
	struct sitemap_file map[CRAWL_SITEMAPS];
	size_t n;
	const struct sitemap_file *at; /* the one that is read */
	int code;                      /* of it */
};

static void
note_problem(const struct sitemap_reading *r, const char *what)
{
	tool_print(stderr, r->at->name);
	fprintf(stderr, ": %s\n", what);
}

/* ---- which ones ---- */

static bool
is_known(const struct sitemap_reading *r, const char *url)
{
	for (size_t i = 0; i < r->n; i++)
		if (strcmp(r->map[i].url.text, url) == 0)
			return true;
	return false;
}

/* add_sitemap: a sitemap that an index names. */
static void
add_sitemap(struct sitemap_reading *r, const char *loc)
{
	struct sitemap_file *m = &r->map[r->n];
	const char *why = NULL;
	struct url u;

	if (url_parse(r->a, loc, &u) != OK)
		why = "it is not a web address";
	else if (!url_same_host(u.host, r->at->url.host))
		why = "it is of another host";
	else if (is_known(r, u.text))
		why = "it was named before";
	else if (r->n == CRAWL_SITEMAPS || r->at->depth >= CRAWL_SITEMAP_DEPTH)
		why = "it is one too many, or nested too deep";
	if (why != NULL) {
		note_problem(
		    r, arena_printf(r->a, "not followed, %s: %s", why, loc));
		return;
	}
	m->name = u.text;
	m->url = u;
	m->depth = r->at->depth + 1;
	r->n++;
}

/* ---- one ---- */

static void
report_sitemap(struct sitemap_reading *r, const struct sitemap_report *s)
{
	bool none =
	    s->kind == SITEMAP_NONE || s->kind == SITEMAP_UNKNOWN || s->doctype;

	if (s->note != NULL)
		note_problem(r, s->note);
	r->code = none ? 1 : 0;
	if (none)
		return;
	note_problem(r,
	    arena_printf(r->a, "%s%s, %zu locations",
		sitemap_kind_name(s->kind), s->gzip ? ", gzip" : "", s->urls));
}

static void
sitemap_parsed(void *ctx, const struct parser_result *p)
{
	struct sitemap_reading *r = ctx;

	for (size_t i = 0; i < p->nentries; i++) {
		const struct sitemap_entry *e = &p->entries[i];

		if (e->is_index && r->follow) {
			add_sitemap(r, e->loc);
			continue;
		}
		tool_print(stdout, e->loc);
		putchar('\n');
	}
	if (p->failure != PARSER_FINE) {
		note_problem(r, p->message);
		r->code = 2;
	} else if (p->report != NULL) {
		report_sitemap(r, p->report);
	}
}

/* read_map: what came before an error counts. */
static void
read_map(struct sitemap_reading *r)
{
	struct parser_request rq = {.kind = PARSER_SITEMAP, .url = r->at->name};
	struct input_source s;
	enum rc rc;

	rc = input_source_read(r->a, r->conf, r->at->name, r->bytes, &s);
	if (rc != OK && input_source_is_url(r->at->name))
		note_problem(r, s.why);
	else if (rc != OK)
		(void)tool_fails("%s", s.why);
	r->code = 2;
	if (rc == E_NOTFOUND || (rc != OK && s.bytes->len == 0))
		return;
	rq.bytes = s.bytes->data;
	rq.len = s.bytes->len;
	if (parse_once(&r->limits, &rq, sitemap_parsed, r) != OK)
		note_problem(r, "a process to read it in cannot be started");
	buf_release(s.bytes);
}

/* ---- all ---- */

static int
read_all(struct sitemap_reading *r, const char *name)
{
	struct crawl_options o;
	int worst = 0;

	crawl_options_conf(r->a, r->conf, &o);
	crawl_parser_limits(&o, &r->limits);
	r->bytes = o.sitemap_bytes;
	r->map[0].name = name;
	if (r->follow && url_parse(r->a, name, &r->map[0].url) != OK)
		return tool_misused(&tool_sitemap,
		    "--follow needs the URL of a sitemap, not %s", name);
	r->n = 1;
	for (size_t i = 0; i < r->n; i++) {
		r->at = &r->map[i];
		read_map(r);
		if (r->code > worst)
			worst = r->code;
	}
	return worst;
}

static int
run(int argc, char **argv)
{
	struct arena a;
	struct sitemap_reading *r;
	struct conf conf;
	bool follow = false;
	int c, code;

	opterr = 0;
	while ((c = getopt_long(argc, argv, "f", options, NULL)) != -1) {
		if (c != 'f')
			return tool_misused(&tool_sitemap,
			    "unknown option '%s'", argv[optind - 1]);
		follow = true;
	}
	if (optind != argc - 1)
		return tool_misused(&tool_sitemap, "one sitemap, please");
	conf_load(&conf);
	arena_init(&a);
	r = arena_alloc(&a, sizeof(*r));
	r->a = &a;
	r->conf = &conf;
	r->follow = follow;
	code = read_all(r, argv[optind]);
	arena_release(&a);
	conf_release(&conf);
	return code;
}

const struct tool tool_sitemap = {
    .name = "sitemap",
    .usage = "sitemap FILE|URL [--follow]",
    .run = run,
};
