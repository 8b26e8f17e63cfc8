/*
 * explain_url: every decision about one page of a site, and whether it would be
 * in the site's llms.txt.
 */
#include "worker/crawl/explain.h"

#include "core/arena.h"
#include "core/conf.h"
#include "core/json.h"
#include "worker/crawl/visits.h"
#include "worker/job/gentype.h"
#include "worker/job/job.h"
#include "worker/llms/describe.h"
#include "worker/llms/described_site.h"
#include "worker/llms/group.h"
#include "worker/tool/tool.h"

#include <getopt.h>
#include <stdarg.h>
#include <unistd.h>

const struct tool tool_explain;

enum { OPT_LIMIT = 256, OPT_INCLUDE, OPT_EXCLUDE, OPT_LANGUAGE, OPT_SECTION };

static const struct option options[] = {
    {"limit", required_argument, NULL, OPT_LIMIT},
    {"include", required_argument, NULL, OPT_INCLUDE},
    {"exclude", required_argument, NULL, OPT_EXCLUDE},
    {"language", required_argument, NULL, OPT_LANGUAGE},
    {"section", no_argument, NULL, OPT_SECTION},
    {NULL, 0, NULL, 0},
};

/* ---- the sink ---- */

static void
show_progress(struct job *job, const char *stage, const char *message)
{
	(void)job;
	(void)stage;
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\r\033[K%.78s", message);
}

static bool
is_stopping(struct job *job)
{
	return explain_is_decided(job->sink_arg);
}

static const struct job_sink sink = {
    .progress = show_progress,
    .stopping = is_stopping,
};

/* ---- what is said ---- */

static void __attribute__((format(printf, 2, 3)))
print_line(const char *key, const char *fmt, ...)
{
	struct arena a;
	va_list ap;

	arena_init(&a);
	va_start(ap, fmt);
	printf("%s: ", key);
	tool_print(stdout, arena_vprintf(&a, fmt, ap));
	putchar('\n');
	va_end(ap);
	arena_release(&a);
}

static void
print_robots(const struct explain *e, const struct crawl_facts *facts)
{
	const struct robots_verdict *v = &e->robots;
	const char *word = v->allowed ? "allowed" : "not allowed";

	if (v->unsure)
		print_line("robots.txt", "%s, %s", word, v->rule);
	else if (v->rule != NULL)
		print_line("robots.txt", "%s by \"%s\" (line %d, group %s)",
		    word, v->rule, v->line, v->agent);
	else if (v->agent != NULL)
		print_line("robots.txt", "%s, no rule fits (group %s)", word,
		    v->agent);
	else
		print_line("robots.txt", "%s. %s", word, facts->robots);
}

static void
print_rules(const struct explain *e)
{
	if (e->rules == DISPOSITION_PENDING || e->rules == DISPOSITION_ROBOTS)
		print_line("patterns", "none keeps it out");
	else
		print_line("patterns", "%s (%s)",
		    disposition_sentence(e->rules),
		    e->rules_detail == NULL ? "none" : e->rules_detail);
}

static void
print_sitemap(const struct explain *e, const struct crawl_facts *facts)
{
	if (facts->nsitemaps == 0)
		print_line(
		    "sitemap", "the site has none, so links are followed");
	else
		print_line(
		    "sitemap", "%s", e->in_sitemap ? "listed" : "not listed");
	for (size_t i = 0; i < facts->nsitemaps; i++)
		if (facts->sitemaps[i].why != NULL)
			print_line("sitemap", "%s: %s", facts->sitemaps[i].url,
			    facts->sitemaps[i].why);
}

static void
print_page(const struct html_page *d)
{
	print_line("title", "%s", d->title);
	print_line("language", "%s", *d->lang == '\0' ? "not said" : d->lang);
	print_line("words", "%u", (unsigned)d->words);
	print_line("noindex", "%s", d->noindex ? "yes" : "no");
	print_line(
	    "canonical", "%s", *d->canonical == '\0' ? "none" : d->canonical);
	if (*d->refresh != '\0')
		print_line("refresh", "%s", d->refresh);
}

static void
print_visit(const struct page_visit *v)
{
	char status[48];

	if (v == NULL) {
		print_line("fetch", "not asked for");
		return;
	}
	for (size_t i = 0; i < v->nhops; i++)
		print_line("fetch", "%s %s",
		    fetch_status_text(v->hops[i].status, status),
		    v->hops[i].url);
	if (v->error != FETCH_OK)
		print_line("fetch", "%s", v->why);
	else
		print_line("fetch", "%s %s, %s",
		    fetch_status_text(v->status, status), v->final_url,
		    *v->type == '\0' ? "no type" : v->type);
	if (v->parse_why != NULL)
		print_line("content", "%s", v->parse_why);
	else if (v->read && v->doc.is_html)
		print_page(&v->doc);
	else if (v->read)
		print_line("content", "it is not HTML");
}

/* ---- the answer ---- */

static int
print_unknown(const struct explain *e, const struct crawl_facts *facts)
{
	if (!e->same_site)
		print_line("listed", "no. It is not of %s", facts->origin);
	else if (!facts->found_by_links)
		print_line("listed",
		    "no. No sitemap lists it, and a site that has "
		    "sitemaps is read by those");
	else
		print_line("listed", "no. No page that was read links to it");
	return 1;
}

static int
print_reason(const struct explain *e)
{
	if (e->disposition == DISPOSITION_LISTED) {
		print_line("listed", "yes, as %s", e->address);
		return 0;
	}
	print_line("listed", "no. %s%s%s%s",
	    disposition_sentence(e->disposition), e->detail == NULL ? "" : " (",
	    e->detail == NULL ? "" : e->detail, e->detail == NULL ? "" : ")");
	if (e->other != NULL)
		print_line("instead", "%s", e->other);
	/* Another time it may be. */
	return e->disposition == DISPOSITION_OUT_OF_TIME ||
		       e->disposition == DISPOSITION_SITE_GONE ||
		       e->disposition == DISPOSITION_PENDING
		   ? 2
		   : 1;
}

static void
print_section(struct explain *e)
{
	struct described_site site;

	described_site_init(&site, e->site.arena, &e->site);
	describe_site(&site);
	group_site(&site);
	for (size_t i = 0; i < e->site.npages; i++)
		if (e->site.pages[i].entry == e->entry)
			print_line("section", "%s",
			    site.sections[site.pages[i].section].name);
}

static int
print_disposition(struct explain *e, const struct crawl_facts *facts)
{
	print_line("page", "%s", e->url.text);
	print_line(
	    "site", "%s%s", e->same_site ? "" : "another, not ", facts->origin);
	if (!e->same_site)
		return print_unknown(e, facts);
	print_robots(e, facts);
	print_rules(e);
	print_sitemap(e, facts);
	print_visit(e->visit);
	if (e->rules == DISPOSITION_PENDING && !e->known)
		return print_unknown(e, facts);
	if (e->read_whole_site && e->disposition == DISPOSITION_LISTED)
		print_section(e);
	return print_reason(e);
}

/* ---- the command line ---- */

static int
read_arguments(
    int argc, char **argv, struct json_object *order, struct explain *e)
{
	int c;

	opterr = 0;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == OPT_INCLUDE)
			tool_glob(order, "include", optarg);
		else if (c == OPT_EXCLUDE)
			tool_glob(order, "exclude", optarg);
		else if (c == OPT_LANGUAGE)
			json_put_str(order, "language", optarg);
		else if (c == OPT_SECTION)
			e->read_whole_site = true;
		else if (c != OPT_LIMIT)
			return tool_misused(&tool_explain,
			    "unknown option '%s', or its value is missing",
			    argv[optind - 1]);
		else if (!tool_limit(order, optarg))
			return tool_misused(&tool_explain,
			    "--limit needs a whole number, not '%s'", optarg);
	}
	if (optind != argc - 2)
		return tool_misused(
		    &tool_explain, "expected two arguments: HOST and URL");
	json_put_str(order, "hostname", argv[optind]);
	e->text = argv[optind + 1];
	return 0;
}

static int
explain_url(struct job *job, struct explain *e)
{
	struct crawl_options *o = arena_alloc(job->arena, sizeof(*o));
	struct crawl *c = NULL;
	enum rc rc = crawl_options_read(job, o);
	int code;

	if (rc == OK)
		rc = crawl_open(job, o, &c);
	if (rc == OK)
		rc = explain_crawl(c, job, e);
	if (isatty(STDERR_FILENO))
		fputs("\r\033[K", stderr);
	code = rc == OK ? print_disposition(e, crawl_facts(c))
			: tool_fails("%s", job->outcome.error != NULL
					       ? job->outcome.error
					       : rc_name(rc));
	if (c != NULL)
		crawl_close(c);
	explain_release(e);
	return code;
}

static int
run(int argc, char **argv)
{
	struct arena a;
	struct conf conf;
	struct explain e = {0};
	struct job job = {
	    .id = "00000000-0000-7000-8000-000000000000",
	    .type = gentype_llms_txt.name,
	    .provider = "builtin",
	    .attempt = 1,
	    .arena = &a,
	    .conf = &conf,
	    .sink = &sink,
	    .sink_arg = &e,
	};
	int code;

	arena_init(&a);
	job.input = json_new(&a);
	code = read_arguments(argc, argv, job.input, &e);
	if (code == 0) {
		conf_load(&conf);
		code = explain_url(&job, &e);
		conf_release(&conf);
	}
	arena_release(&a);
	return code;
}

const struct tool tool_explain = {
    .name = "explain",
    .usage = "explain HOST URL [--limit N] [--include GLOB]... "
	     "[--exclude GLOB]... [--language TAG] [--section]",
    .run = run,
};
