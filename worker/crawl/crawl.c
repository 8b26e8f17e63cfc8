#include "worker/crawl/crawl.h"

#include "core/clock.h"
#include "core/log.h"
#include "worker/crawl/crawl_state.h"
#include "worker/fetch/guard.h"
#include "worker/crawl/visits.h"

#include <curl/curl.h>
#include <poll.h>

/* How often a stop is looked for, ms. */
#define POLL_MS 100
/* Bytes of pages on their way to the parsers; see room(). */
#define MAX_BYTES_IN_FLIGHT (16U << 20)

static void
request_fetched(void *ctx, void *user, struct fetch_result *r)
{
	struct crawl_request *e = user;

	e->kind->fetched(ctx, e, r);
}

static bool
request_follows(
    void *ctx, void *user, const struct url *from, const struct url *to)
{
	struct crawl_request *e = user;

	(void)from;
	return e->kind->follow == NULL || e->kind->follow(ctx, e, to);
}

static bool
request_accepts_body(void *ctx, void *user, int status, const char *type)
{
	struct crawl_request *e = user;

	return e->kind->accept == NULL || e->kind->accept(ctx, status, type);
}

static void
request_validators(
    void *ctx, void *user, const struct url *at, struct fetch_known *out)
{
	struct crawl *c = ctx;
	struct crawl_request *e = user;

	if (c->cache == NULL || e->kind->validators == NULL)
		return;
	arena_reset(&c->validators);
	e->kind->validators(c, e, at, out);
}

static void
request_parsed(void *ctx, void *user, const struct parser_result *r)
{
	struct crawl_request *e = user;

	e->kind->parsed(ctx, e, r);
}

/* crawl_has_room: large pages are fetched no faster than they are parsed. */
static bool
crawl_has_room(void *ctx, size_t bytes)
{
	struct crawl *c = ctx;

	return bytes + crawl_backlog(c) < MAX_BYTES_IN_FLIGHT;
}

static void
crawl_ask_permit(void *ctx, const struct permit_ask *q)
{
	struct crawl *c = ctx;

	c->job->sink->permit(c->job, q);
}

static void
crawl_receive_permit(void *ctx, const char *host, const struct permit *p)
{
	struct crawl *c = ctx;

	fetcher_permit(c->fetcher, host, p);
}

static enum rc
crawl_open_fetcher(struct crawl *c)
{
	const char *why = "";
	struct fetch_policy p;

	crawl_fetch_policy(c->o, &p);
	p.guard = c->guard;
	p.done = request_fetched;
	p.follow = request_follows;
	p.accept_body = request_accepts_body;
	p.known = request_validators;
	p.room = crawl_has_room;
	if (c->job->sink->permit != NULL)
		p.permit = crawl_ask_permit;
	p.ctx = c;
	if (fetcher_new(&p, &c->fetcher, &why) != OK)
		return job_fail(c->job, true, "crawl.connect_to: %s", why);
	return OK;
}

static enum rc
crawl_open_parsers(struct crawl *c)
{
	struct parser_limits l;

	crawl_parser_limits(c->o, &l);
	l.server = c->job->server;
	c->sink = (struct parser_sink){.result = request_parsed, .ctx = c};
	for (int i = 0; i < c->o->parsers && i < CRAWL_PARSERS; i++) {
		c->parser[i] = parser_start(&l, &c->sink);
		if (c->parser[i] == NULL)
			break;
		c->nparsers++;
	}
	if (c->nparsers == 0)
		return job_fail(c->job, false,
		    "The worker cannot start a process to read pages with.");
	return OK;
}

static void
crawl_close_deferred(void *arg)
{
	crawl_close(arg);
}

enum rc
crawl_open(
    struct job *job, const struct crawl_options *options, struct crawl **out)
{
	struct crawl *c = arena_alloc(job->arena, sizeof(*c));
	const char *why = "";
	enum rc rc;

	c->job = job;
	c->a = job->arena;
	c->o = options;
	c->deadline = clock_ms() + options->seconds * 1000;
	arena_defer(c->a, crawl_close_deferred, c);
	*out = c;
	if ((rc = crawl_open_parsers(c)) != OK)
		return rc;
	if (guard_new(c->a, options->allow, options->ports, &c->guard, &why) !=
	    OK)
		return job_fail(job, true, "%s", why);
	return crawl_open_fetcher(c);
}

void
crawl_use_cache(struct crawl *c, struct cache *cache)
{
	c->cache = cache;
}

void
crawl_close(struct crawl *c)
{
	if (c->fetcher != NULL)
		fetcher_free(c->fetcher);
	c->fetcher = NULL;
	while (c->nparsers > 0)
		parser_stop(c->parser[--c->nparsers]);
	if (c->visits != NULL)
		visits_free(c->visits);
	arena_release(&c->validators);
}

/* ---- turning ---- */

static unsigned
crawl_fill_pollfds(struct crawl *c, struct curl_waitfd *fd, long *wait_ms)
{
	for (unsigned i = 0; i < c->nparsers; i++) {
		short events = parser_events(c->parser[i]);
		int most = parser_timeout(c->parser[i]);

		fd[i].fd = parser_fd(c->parser[i]);
		fd[i].events =
		    (short)(((events & POLLIN) != 0 ? CURL_WAIT_POLLIN : 0) |
			    ((events & POLLOUT) != 0 ? CURL_WAIT_POLLOUT : 0));
		fd[i].revents = 0;
		if (most >= 0 && most < *wait_ms)
			*wait_ms = most;
	}
	if (c->job->sink->permit == NULL)
		return c->nparsers;
	fd[c->nparsers] = (struct curl_waitfd){
	    .fd = c->job->sink->permit_fd(c->job), .events = CURL_WAIT_POLLIN};
	return c->nparsers + 1;
}

enum rc
crawl_poll(struct crawl *c, long wait_ms)
{
	struct curl_waitfd fd[CRAWL_PARSERS + 1];
	unsigned n;

	if (job_stopping(c->job))
		return E_STOPPED;
	if (wait_ms > POLL_MS)
		wait_ms = POLL_MS;
	n = crawl_fill_pollfds(c, fd, &wait_ms);
	if (fetcher_poll(c->fetcher, fd, n, wait_ms) != OK)
		return E_STOPPED;
	if (c->job->sink->permit != NULL)
		c->job->sink->permits(c->job, crawl_receive_permit, c);
	for (unsigned i = 0; i < c->nparsers; i++)
		if (parser_step(c->parser[i]) != OK)
			c->parsers_failed = true;
	if (c->parsers_failed)
		return job_fail(c->job, false,
		    "The worker cannot start a process to read pages with.");
	return OK;
}

void
crawl_fetch(struct crawl *c, struct crawl_request *e, const char *url,
    const struct fetch_opts *opts)
{
	fetcher_add(c->fetcher, url, e, opts);
}

struct parser *
crawl_parser(struct crawl *c)
{
	unsigned best = 0;

	for (unsigned i = 1; i < c->nparsers; i++)
		if (parser_load(c->parser[i]) < parser_load(c->parser[best]))
			best = i;
	return c->parser[best];
}

size_t
crawl_backlog(const struct crawl *c)
{
	size_t n = 0;

	for (unsigned i = 0; i < c->nparsers; i++)
		n += parser_backlog(c->parser[i]);
	return n;
}

enum rc
crawl_check_cost(struct crawl *c)
{
	bool patterns = c->o->include.n + c->o->exclude.n > 0;

	if (c->frontier == NULL || !frontier_is_too_costly(c->frontier))
		return OK;
	return job_fail(c->job, true,
	    "Comparing the addresses of %s with %s takes too long; please "
	    "%s.",
	    c->facts.host,
	    patterns ? "the path patterns and its robots.txt"
		     : "its robots.txt",
	    patterns ? "give fewer or simpler patterns"
		     : "name a part of the site, such as example.org/docs/");
}

bool
crawl_time_is_up(const struct crawl *c)
{
	return clock_ms() >= c->deadline;
}

const struct crawl_facts *
crawl_facts(struct crawl *c)
{
	return &c->facts;
}

/* http to https, that to "www.", and the same on another host. */
#define MAX_HOST_MOVES 5

static enum rc
crawl_find_home(struct crawl *c)
{
	enum rc rc = OK;
	struct url from;

	for (unsigned moves = 0; moves < MAX_HOST_MOVES; moves++) {
		rc = crawl_read_robots(c);
		from = c->home;
		if (rc == OK)
			rc = crawl_visit_home(c);
		if (rc != E_CONFLICT)
			return rc;
		if (c->facts.moved_from == NULL &&
		    !url_same_site(&from, &c->home))
			c->facts.moved_from = c->o->site.name;
	}
	return job_fail(c->job, true,
	    "%s redirects endlessly between hosts. Enter the hostname where "
	    "its pages actually are.",
	    c->o->site.name);
}

enum rc
crawl_start(struct crawl *c, bool count)
{
	enum rc rc;

	c->only_count = count;
	rc = crawl_find_home(c);
	return rc == OK ? crawl_read_sitemaps(c) : rc;
}
