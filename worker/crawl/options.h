/*
 * options: what one crawl may do, from the configuration and the order.
 *
 * The order (a generation's input) is an object:
 *   hostname  what a person typed: "example.org", "https://example.org/docs/"
 *   limit     most pages to list; crawl.pages when not given
 *   include   path patterns (core/url_glob.h), an array or a
 *   exclude   string with commas or line breaks between
 *   language  of a site in several: "de", or "de-AT,de,en"
 */
#ifndef WORKER_CRAWL_OPTIONS_H
#define WORKER_CRAWL_OPTIONS_H

#include "core/arena.h"
#include "core/rc.h"
#include "core/site_input.h"
#include "worker/extract/sitemap.h"

#include <stddef.h>

struct arena;
struct conf;
struct fetch_policy; /* worker/fetch/fetch.h */
struct job;
struct parser_limits; /* worker/parser/parser.h */

struct crawl_globs {
	const char **pattern;
	size_t n;
};

struct crawl_options {
	struct site_input site;
	size_t limit;               /* pages listed */
	struct crawl_globs include; /* none: everything */
	struct crawl_globs exclude;
	const char *language; /* tags, the dearest first; NULL: any */

	const char *user_agent; /* with the contact, if there is one */
	const char *accept_language;
	const char *agent_token; /* for robots.txt and robots metas */
	const char *allow;       /* for guard_new */
	const char *ports;       /* the same */
	const char *connect_to;  /* for the fetcher */
	int in_flight;
	int parsers;
	long delay_ms;     /* between requests, at least */
	long gap_us;       /* the same as a ceiling; 0: none ... */
	long own_gap_us;   /* ... of the operator's own addresses */
	long max_delay_ms; /* Crawl-delay is obeyed up to this */
	long connect_ms;
	long timeout_ms; /* one request */
	int redirects;
	size_t page_bytes;
	size_t sitemap_bytes;
	struct sitemap_limits sitemap;
	unsigned depth;     /* links from the home page, breadth-first */
	long seconds;       /* of the whole crawl */
	size_t parse_bytes; /* memory of a parser child */
	unsigned parse_cpu_ms;
	size_t text_bytes; /* all pages' Markdown together */
};

/*
 * crawl_options_read: both sources into out; strings in the job's arena.
 * What is wrong with the order is told by job_fail.
 */
MUST_CHECK enum rc crawl_options_read(
    struct job *job, struct crawl_options *out);

/* crawl_options_conf: the configuration alone, for what is not an order. */
void crawl_options_conf(
    struct arena *a, const struct conf *c, struct crawl_options *out);

/*
 * crawl_conf_check: E_INPUT, with a sentence in *why, when a crawl.* key of
 * the configuration cannot be used: for a start, before a customer meets it.
 */
enum rc crawl_conf_check(
    struct arena *a, const struct conf *c, const char **why) MUST_CHECK;

/* crawl_fetch_policy: all but the guard and the callbacks. */
void crawl_fetch_policy(
    const struct crawl_options *o, struct fetch_policy *out);

void crawl_parser_limits(
    const struct crawl_options *o, struct parser_limits *out);

#endif
