#include "core/text.h"
#include "worker/crawl/options.h"

#include "core/user_agent.h"
#include "core/arena.h"
#include "core/conf.h"
#include "core/json.h"
#include "core/user_agent.h"
#include "worker/fetch/fetch.h"
#include "worker/fetch/guard.h"
#include "worker/job/job.h"
#include "worker/parser/parser.h"

#include <string.h>

/* An order with more patterns is a mistake. */
#define PATTERNS_MAX 1000
#define PATTERN_BYTES 4096
/* Room for what llms-full.txt has beside the texts, bytes. */
#define TEXT_MARGIN 65536
#define LANGUAGE_BYTES 200
#define RETRIES 2
/* Of sitemaps: sitemaps.org, and more translations than a page has. */
#define SITEMAP_URL_BYTES 2048
#define SITEMAP_ALTERNATES 50
#define RETRY_MS 500
#define RETRY_AFTER_MS 30000
#define REFUSALS 3
/* A page that comes slower than this for so long is given up. */
#define LOW_SPEED_BYTES 100
#define LOW_SPEED_SECONDS 15

static enum rc
globs_add(struct job *job, struct crawl_globs *g, const char *s, size_t n)
{
	while (n > 0 && strchr(" \t\r", s[n - 1]) != NULL)
		n--;
	while (n > 0 && strchr(" \t\r", *s) != NULL)
		s++, n--;
	if (n == 0)
		return OK;
	if (g->n == PATTERNS_MAX || n > PATTERN_BYTES)
		return job_fail(job, true,
		    "There are too many path patterns, or they are too long. "
		    "The maximum is %d patterns of %d characters.",
		    PATTERNS_MAX, PATTERN_BYTES);
	g->pattern[g->n++] = arena_strndup(job->arena, s, n);
	return OK;
}

static enum rc
globs_split(struct job *job, struct crawl_globs *g, const char *s)
{
	enum rc rc = OK;

	while (rc == OK && *s != '\0') {
		size_t n = strcspn(s, ",\n");

		rc = globs_add(job, g, s, n);
		s += n + (s[n] != '\0');
	}
	return rc;
}

static void
globs_init(struct job *job, struct crawl_globs *g)
{
	g->pattern = arena_array(job->arena, PATTERNS_MAX, sizeof(*g->pattern));
	g->n = 0;
}

static enum rc
globs_read(struct job *job, const char *key, struct crawl_globs *g)
{
	struct json_object *v = NULL;
	enum rc rc = OK;

	if (!json_object_object_get_ex(job->input, key, &v) || v == NULL)
		return OK;
	if (json_object_is_type(v, json_type_string))
		return globs_split(job, g, json_object_get_string(v));
	if (!json_object_is_type(v, json_type_array))
		return job_fail(
		    job, true, "'%s' must be a list of path patterns.", key);
	for (size_t i = 0; i < json_object_array_length(v) && rc == OK; i++) {
		struct json_object *o = json_object_array_get_idx(v, i);

		if (!json_object_is_type(o, json_type_string))
			return job_fail(job, true,
			    "'%s' must be a list of path patterns.", key);
		/* One pattern each: a path may have a comma in it. */
		rc = globs_add(job, g, json_object_get_string(o),
		    (size_t)json_object_get_string_len(o));
	}
	return rc;
}

static long
gap_us(int per_second)
{
	return per_second == 0 ? 0 : 1000000 / per_second;
}

void
crawl_options_conf(
    struct arena *a, const struct conf *c, struct crawl_options *o)
{
	memset(o, 0, sizeof(*o));
	o->limit = (size_t)c->crawl_pages;
	o->user_agent = user_agent_text(a, c);
	o->agent_token = c->crawl_agent_token;
	o->allow = c->crawl_allow;
	o->ports = c->crawl_ports;
	o->connect_to =
	    *c->crawl_connect_to != '\0' ? c->crawl_connect_to : NULL;
	o->in_flight = c->crawl_in_flight;
	o->parsers = c->worker_parsers;
	o->delay_ms = c->crawl_delay_ms;
	o->gap_us = gap_us(c->crawl_host_per_second);
	o->own_gap_us = gap_us(c->crawl_allow_per_second);
	o->max_delay_ms = c->crawl_max_delay_seconds * 1000L;
	o->connect_ms = c->crawl_connect_ms;
	o->timeout_ms = c->crawl_timeout_ms;
	o->redirects = c->crawl_redirects;
	o->page_bytes = (size_t)c->crawl_page_bytes;
	o->sitemap_bytes = (size_t)c->crawl_sitemap_bytes;
	o->sitemap = (struct sitemap_limits){
	    .bytes = o->sitemap_bytes,
	    .urls = (size_t)c->crawl_sitemap_urls,
	    .url_bytes = SITEMAP_URL_BYTES,
	    .alternates = SITEMAP_ALTERNATES,
	};
	o->accept_language = "en,*;q=0.5";
	o->depth = (unsigned)c->crawl_depth;
	o->seconds = c->crawl_seconds;
	o->parse_bytes = (size_t)c->crawl_parse_bytes;
	o->parse_cpu_ms = (unsigned)c->crawl_parse_cpu_seconds * 1000;
	o->text_bytes = (size_t)c->worker_artifact_bytes > 2 * TEXT_MARGIN
			    ? (size_t)c->worker_artifact_bytes - TEXT_MARGIN
			    : TEXT_MARGIN;
}

static enum rc
options_read_limit(struct job *job, struct crawl_options *o)
{
	int64_t limit = json_num(job->input, "limit", (int64_t)o->limit);
	int64_t most = job->conf->crawl_most_pages;

	if (limit < 1)
		return job_fail(job, true,
		    "The page limit must be at least 1 (you entered %lld).",
		    (long long)limit);
	o->limit = (size_t)(limit < most ? limit : most);
	return OK;
}

static enum rc
options_read_language(struct job *job, struct crawl_options *o)
{
	const char *s = json_str(job->input, "language", "");
	size_t n = strlen(s);

	if (*s == '\0')
		return OK;
	if (n > LANGUAGE_BYTES ||
	    strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		      "0123456789-, ") != n)
		return job_fail(job, true,
		    "The language must be a tag such as \"de\", or a few of "
		    "them with commas between.");
	o->language = arena_strdup(job->arena, s);
	o->accept_language = arena_printf(job->arena, "%s,*;q=0.5", s);
	return OK;
}

enum rc
crawl_options_read(struct job *job, struct crawl_options *o)
{
	const char *host = json_str(job->input, "hostname", "");
	const char *why = NULL;
	enum rc rc;

	crawl_options_conf(job->arena, job->conf, o);
	if (site_input_parse(job->arena, host, &o->site, &why) != OK)
		return job_fail(job, true, "%s", why);
	globs_init(job, &o->include);
	globs_init(job, &o->exclude);
	/* A path typed with the host is the first pattern. */
	if (o->site.include != NULL)
		o->include.pattern[o->include.n++] = o->site.include;
	if ((rc = options_read_limit(job, o)) != OK ||
	    (rc = globs_read(job, "include", &o->include)) != OK ||
	    (rc = globs_read(job, "exclude", &o->exclude)) != OK ||
	    (rc = options_read_language(job, o)) != OK)
		return rc;
	return OK;
}

enum rc
crawl_conf_check(struct arena *a, const struct conf *c, const char **why)
{
	struct fetcher *fetcher;
	struct crawl_options o;
	struct fetch_policy p;
	const char *what = "";

	if (!text_is_printable_ascii(c->crawl_user_agent) ||
	    !text_is_printable_ascii(c->crawl_contact)) {
		*why = "crawl.user_agent and crawl.contact go into a header: "
		       "they must be printable ASCII.";
		return E_INPUT;
	}
	crawl_options_conf(a, c, &o);
	crawl_fetch_policy(&o, &p);
	if (guard_new(a, o.allow, o.ports, &p.guard, why) != OK)
		return E_INPUT;
	if (fetcher_new(&p, &fetcher, &what) != OK) {
		*why = arena_printf(a, "crawl.connect_to: %s", what);
		return E_INPUT;
	}
	fetcher_free(fetcher);
	return OK;
}

void
crawl_fetch_policy(const struct crawl_options *o, struct fetch_policy *p)
{
	*p = (struct fetch_policy){
	    .user_agent = o->user_agent,
	    .accept = "text/html,application/xhtml+xml,*/*;q=0.8",
	    .accept_language = o->accept_language,
	    .connect_to = o->connect_to,
	    .max_in_flight = o->in_flight,
	    .max_per_host = o->in_flight,
	    .delay_ms = o->delay_ms,
	    .gap_us = o->gap_us,
	    .own_gap_us = o->own_gap_us,
	    .max_bytes = o->page_bytes,
	    .connect_ms = o->connect_ms,
	    .total_ms = o->timeout_ms,
	    .low_speed_bytes = LOW_SPEED_BYTES,
	    .low_speed_s = LOW_SPEED_SECONDS,
	    .max_redirects = o->redirects,
	    .max_retries = RETRIES,
	    .retry_base_ms = RETRY_MS,
	    .max_retry_after_ms = RETRY_AFTER_MS,
	    .max_refusals = REFUSALS,
	};
}

void
crawl_parser_limits(const struct crawl_options *o, struct parser_limits *l)
{
	parser_limits_default(l);
	l->memory = o->parse_bytes;
	l->cpu_ms = o->parse_cpu_ms;
	l->agent = o->agent_token;
	l->doc.input = o->page_bytes;
	l->sitemap = &o->sitemap;
}
