/* crawl_internal: what the files of the crawl (crawl, start, sitemaps, visits)
 * share. */
#ifndef WORKER_CRAWL_CRAWL_INTERNAL_H
#define WORKER_CRAWL_CRAWL_INTERNAL_H

#include "core/arena.h"
#include "core/url.h"
#include "worker/crawl/crawl.h"
#include "worker/fetch/fetch.h"
#include "worker/crawl/frontier.h"
#include "worker/crawl/options.h"
#include "worker/job/job.h"
#include "worker/parser/parser.h"

#include <stdint.h>

/* URLs kept of one site, and their bytes; more are only counted. */
#define CRAWL_URLS 200000
#define CRAWL_URL_BYTES (64 << 20)
#define CRAWL_PARSERS 16

struct cache;
struct crawl_request;

/* What an crawl_request does with its answers. */
struct crawl_request_kind {
	void (*fetched)(
	    struct crawl *c, struct crawl_request *e, struct fetch_result *r);
	void (*parsed)(struct crawl *c, struct crawl_request *e,
	    const struct parser_result *r);
	/* NULL: follow every redirect, read every body. */
	bool (*follow)(
	    struct crawl *c, struct crawl_request *e, const struct url *to);
	bool (*accept)(struct crawl *c, int status, const char *type);
	/* NULL: nothing is known of it from an earlier run. */
	void (*known)(struct crawl *c, struct crawl_request *e,
	    const struct url *at, struct fetch_known *out);
};

/* One fetch, and the parse after it; the first member of what needs one. */
struct crawl_request {
	const struct crawl_request_kind *kind;
};

struct crawl {
	struct job *job;
	struct arena *a; /* the job's */
	const struct crawl_options *o;
	struct crawl_facts facts;
	const struct guard *guard;
	struct fetcher *fetcher;
	struct parser *parser[CRAWL_PARSERS];
	unsigned nparsers;
	struct parser_sink sink;
	bool broken;         /* no parser can be made any more */
	int64_t deadline;    /* monotonic ms */
	bool count;          /* only the number of pages is wanted */
	struct cache *cache; /* NULL: nothing is kept */
	struct arena known;  /* validators of the request under way */

	struct url home; /* the site's home page, as far as known */
	/* A page that the home page of another origin led to; NULL. */
	const char *start_page;
	struct robots *robots;
	/* Where robots was asked for, and where it was found; NULL. */
	const char *robots_at[2];
	struct frontier *frontier;
	struct visits *visits; /* NULL until pages are visited */
	const char *home_why;  /* why the home page failed; NULL */
};

/*
 * crawl_poll: lets fetches and parsers go on, for at most wait_ms.
 * E_STOPPED, or E_UNAVAILABLE by job_fail.
 */
MUST_CHECK enum rc crawl_poll(struct crawl *c, long wait_ms);

/* crawl_fetch: starts an crawl_request's fetch. */
void crawl_fetch(struct crawl *c, struct crawl_request *e, const char *url,
    const struct fetch_opts *opts);

/* crawl_parser: the least busy one. */
struct parser *crawl_parser(struct crawl *c);

/* crawl_backlog: bytes that wait for parsers. */
size_t crawl_backlog(const struct crawl *c);

/* crawl_read_robots: robots.txt of the start, by start.c; sets scheme and home.
 */
MUST_CHECK enum rc crawl_read_robots(struct crawl *c);

/*
 * crawl_has_rules: c->robots is of the scheme, host and port of u, the rules of
 * another host are not (RFC 9309, 2.3).
 */
bool crawl_has_rules(const struct crawl *c, const struct url *u);

/* crawl_read_sitemaps: reads the sitemaps into the frontier, by sitemaps.c. */
MUST_CHECK enum rc crawl_read_sitemaps(struct crawl *c);

/*
 * crawl_visit_home: visits the home page, by home.c.  E_CONFLICT: it leads to
 * another host, or to the site's under an address that has rules of its own;
 * that is in c->home now.
 */
MUST_CHECK enum rc crawl_visit_home(struct crawl *c);

/*
 * crawl_check_cost: fails the job (job_fail) once comparing addresses with
 * patterns and robots.txt has taken too long; call it in every loop over
 * addresses.
 */
MUST_CHECK enum rc crawl_check_cost(struct crawl *c);

/* crawl_time_is_up: the crawl's time is over. */
bool crawl_time_is_up(const struct crawl *c);

#endif
