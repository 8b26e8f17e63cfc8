/*
 * crawl_state: struct crawl, which the files of this folder share; for all
 * others it is opaque (crawl.h).
 */
#ifndef WORKER_CRAWL_CRAWL_STATE_H
#define WORKER_CRAWL_CRAWL_STATE_H

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

/* What a request does with its answers. */
struct crawl_request_kind {
	void (*fetched)(
	    struct crawl *c, struct crawl_request *e, struct fetch_result *r);
	void (*parsed)(struct crawl *c, struct crawl_request *e,
	    const struct parser_result *r);
	/* NULL: follow every redirect, read every body. */
	bool (*follow)(
	    struct crawl *c, struct crawl_request *e, const struct url *to);
	bool (*accept)(struct crawl *c, int status, const char *type);
	/* The validators of an earlier run; NULL: there are none. */
	void (*validators)(struct crawl *c, struct crawl_request *e,
	    const struct url *at, struct fetch_known *out);
};

/*
 * One fetch, and the parsing of what came; the first member of the struct that
 * needs one.
 */
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
	bool parsers_failed;     /* no parser can be started any more */
	int64_t deadline;        /* monotonic ms */
	bool only_count;         /* only the number of pages is wanted */
	struct cache *cache;     /* NULL: nothing is kept */
	struct arena validators; /* of the request that is being started */

	struct url home; /* the site's home page, as far as known */
	/* A page that the home page of another origin led to; NULL. */
	const char *start_page;
	struct robots *robots;
	/* Where robots was asked for, and where it was found; NULL. */
	const char *robots_at[2];
	struct frontier *frontier;
	struct visits *visits; /* NULL until pages are visited */
};

/*
 * crawl_poll: lets fetches and parsers go on, for at most wait_ms.
 * E_STOPPED, or E_UNAVAILABLE by job_fail.
 */
MUST_CHECK enum rc crawl_poll(struct crawl *c, long wait_ms);

/* crawl_fetch: starts the fetch of a request, which must outlive it. */
void crawl_fetch(struct crawl *c, struct crawl_request *e, const char *url,
    const struct fetch_opts *opts);

/* crawl_parser: the parser with the least to do. */
struct parser *crawl_parser(struct crawl *c);

/* crawl_backlog: bytes that wait for the parsers. */
size_t crawl_backlog(const struct crawl *c);

/*
 * crawl_read_robots: finds the scheme that answers and reads robots.txt
 * (robots_fetch.c); sets home and robots.
 */
MUST_CHECK enum rc crawl_read_robots(struct crawl *c);

/*
 * crawl_has_rules: c->robots are the rules for the scheme, host and port of u;
 * each host has its own (RFC 9309, 2.3).
 */
bool crawl_has_rules(const struct crawl *c, const struct url *u);

/* crawl_read_sitemaps: adds what they list to the frontier (sitemaps.c). */
MUST_CHECK enum rc crawl_read_sitemaps(struct crawl *c);

/*
 * crawl_visit_home: visits the home page and makes the frontier (home.c).
 * E_CONFLICT: it leads to an address that has a robots.txt of its own; that
 * address is in c->home now, so start again.
 */
MUST_CHECK enum rc crawl_visit_home(struct crawl *c);

/*
 * crawl_check_cost: fails the job (job_fail) once comparing addresses with
 * patterns and robots.txt has cost too much time; call it in every loop over
 * addresses.
 */
MUST_CHECK enum rc crawl_check_cost(struct crawl *c);

/* crawl_time_is_up: the deadline has passed. */
bool crawl_time_is_up(const struct crawl *c);

#endif
