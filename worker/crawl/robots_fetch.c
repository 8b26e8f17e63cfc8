/* start: the scheme that answers, and what robots.txt says. */
#include "core/log.h"
#include "worker/crawl/crawl_state.h"
#include "worker/crawl/revalidation.h"
#include "worker/fetch/robots.h"

#include <string.h>

/* A site that does not answer for so long is told so, ms. */
#define ROBOTS_TIMEOUT_MS 10000

struct probe {
	struct crawl_request e; /* first */
	struct crawl *c;
	bool done;
	bool again;         /* to be asked once more, without a condition */
	bool unconditional; /* that is the present one */
	enum fetch_error error;
	int status;
	size_t hops;
	const char *why;
	const char *final_url;
	struct robots *robots;
};

static void
robots_fetch_parse(
    struct crawl *c, struct probe *p, const char *text, size_t len)
{
	p->robots =
	    robots_parse(c->a, text, len, c->o->agent_token, ROBOTS_BYTES);
}

/* robots_fetch_reuse: it did not change since an earlier run. */
static void
robots_fetch_reuse(
    struct crawl *c, struct probe *p, const struct fetch_result *r)
{
	struct cache_validators mark;
	size_t len = 0;
	char *text = revalidation_recall(c, CACHE_ROBOTS, r, c->a, &mark, &len);

	if (text == NULL) {
		p->again = !p->unconditional;
		return;
	}
	p->status = 200;
	robots_fetch_parse(c, p, text, len);
}

static void
robots_fetch_store(struct crawl *c, const struct fetch_result *r)
{
	struct cache_validators mark;

	revalidation_mark(c->a, r, &mark);
	cache_put(c->cache, CACHE_ROBOTS, r->final_url, &mark, r->body->data,
	    r->body->len);
}

static void
robots_fetch_done(
    struct crawl *c, struct crawl_request *e, struct fetch_result *r)
{
	struct probe *p = (struct probe *)e;

	p->done = true;
	p->error = r->error;
	p->status = r->status;
	p->hops = r->hop_n;
	p->why = r->why == NULL ? "" : arena_strdup(c->a, r->why);
	p->final_url =
	    arena_strdup(c->a, r->final_url == NULL ? r->url : r->final_url);
	/* The first 500 KiB of a longer file count. */
	if (r->status == 200 &&
	    (r->error == FETCH_OK || r->error == FETCH_TOO_BIG))
		robots_fetch_parse(c, p, r->body->data, r->body->len);
	if (c->cache == NULL || r->error != FETCH_OK)
		return;
	if (r->status == 304)
		robots_fetch_reuse(c, p, r);
	else if (r->status == 200)
		robots_fetch_store(c, r);
}

static void
robots_fetch_validators(struct crawl *c, struct crawl_request *e,
    const struct url *at, struct fetch_known *out)
{
	if (!((const struct probe *)e)->unconditional)
		revalidation_validators(c, CACHE_ROBOTS, at->text, out);
}

static const struct crawl_request_kind robots_request_kind = {
    .fetched = robots_fetch_done, .validators = robots_fetch_validators};

static enum rc
robots_fetch(struct crawl *c, struct probe *p, const char *url)
{
	struct fetch_opts opts = {.max_bytes = ROBOTS_BYTES,
	    .total_ms = c->o->timeout_ms < ROBOTS_TIMEOUT_MS
			    ? c->o->timeout_ms
			    : ROBOTS_TIMEOUT_MS};
	enum rc rc = OK;

	*p = (struct probe){.e.kind = &robots_request_kind, .c = c};
	do {
		p->unconditional = p->again;
		p->again = p->done = false;
		crawl_fetch(c, &p->e, url, &opts);
		while (!p->done && rc == OK)
			rc = crawl_poll(c, ROBOTS_TIMEOUT_MS);
	} while (rc == OK && p->again);
	return rc;
}

/* is_no_answer: nothing on the host itself answered in HTTP. */
static bool
is_no_answer(const struct probe *p)
{
	if (p->hops > 0 || p->status != 0)
		return false;
	switch (p->error) {
	case FETCH_NO_HOST:
	case FETCH_PRIVATE:
	case FETCH_PORT:
	case FETCH_REFUSED:
	case FETCH_UNREACHABLE:
	case FETCH_TIMEOUT:
	case FETCH_TLS:
	case FETCH_BROKEN:
		return true;
	default:
		return false;
	}
}

/* Trying again changes neither a name nor a certificate nor a rule. */
static bool
is_permanent_error(enum fetch_error e)
{
	return e == FETCH_NO_HOST || e == FETCH_PRIVATE || e == FETCH_TLS ||
	       e == FETCH_PORT || e == FETCH_BAD_URL;
}

/* crawl_fail_silent: of two failures the one that tells more. */
static enum rc
crawl_fail_silent(
    struct crawl *c, const struct probe *first, const struct probe *last)
{
	const struct probe *p = last;

	if (first->error == FETCH_TLS || first->error == FETCH_PRIVATE ||
	    first->error == FETCH_PORT || last->error == FETCH_NO_HOST)
		p = first;
	return job_fail(c->job, is_permanent_error(p->error), "%s", p->why);
}

static const char *
robots_url(struct crawl *c, const struct url *home)
{
	return arena_printf(c->a, "%.*s/robots.txt",
	    (int)(strlen(home->text) - strlen(home->target)), home->text);
}

/* is_robots_of: the URL is that of u's own robots.txt. */
static bool
is_robots_of(const char *url, const struct url *u)
{
	size_t n = strlen(u->text) - strlen(u->target);

	return url != NULL && strncmp(url, u->text, n) == 0 &&
	       strcmp(url + n, "/robots.txt") == 0;
}

bool
crawl_has_rules(const struct crawl *c, const struct url *u)
{
	return is_robots_of(c->robots_at[0], u) ||
	       is_robots_of(c->robots_at[1], u);
}

/* is_dead_redirect: it redirects without end, or to no address at all. */
static bool
is_dead_redirect(const struct probe *p)
{
	return p->error == FETCH_LOOP || p->error == FETCH_TOO_MANY_HOPS ||
	       p->error == FETCH_BAD_REDIRECT;
}

/*
 * is_robots_unknown: there may be rules, and they did not come.  A redirect
 * that leads nowhere is as good as no file (RFC 9309, 2.3.1.2); so is 4xx,
 * whether its body came or not (2.3.1.3).
 */
static bool
is_robots_unknown(const struct probe *p)
{
	if (p->status >= 400 && p->status < 500)
		return false;
	return p->error != FETCH_OK && !is_dead_redirect(p);
}

/* RFC 9309, section 2.3.1. */
static enum rc
robots_fetch_judge(struct crawl *c, const struct probe *p)
{
	const char *host = c->home.host;

	if (p->robots != NULL) {
		c->robots = p->robots;
		c->facts.robots = "It was read.";
		return OK;
	}
	if (robots_status_forbids_all(p->status))
		return job_fail(c->job, false,
		    "%s returned %d for robots.txt, so it must not be crawled "
		    "right now. Please try again later.",
		    host, p->status);
	if (is_no_answer(p) && c->facts.moved_from != NULL)
		return job_fail(c->job, is_permanent_error(p->error),
		    "%s redirects to another host. %s", c->facts.moved_from,
		    p->why);
	if (is_no_answer(p))
		return job_fail(
		    c->job, is_permanent_error(p->error), "%s", p->why);
	if (is_robots_unknown(p))
		return job_fail(c->job, is_permanent_error(p->error),
		    "The robots.txt of %s could not be read, so the site must "
		    "not be crawled right now: %s Please try again later.",
		    host, p->why);
	c->robots = robots_uniform(c->a, true);
	c->facts.robots = is_dead_redirect(p)
			      ? "It leads nowhere, so everything is allowed."
			      : "There is none, so everything is allowed.";
	return OK;
}

static void
crawl_obey_delay(struct crawl *c)
{
	long ms = robots_delay_ms(c->robots);

	if (ms > c->o->max_delay_ms)
		ms = c->o->max_delay_ms;
	c->facts.delay_ms = ms > 0 ? ms : 0;
	if (ms <= 0)
		return;
	/* The home page may lead to the host that has the file. */
	for (int i = 0; i < 2; i++) {
		struct url u;

		if (c->robots_at[i] != NULL &&
		    url_parse(c->a, c->robots_at[i], &u) == OK)
			fetcher_delay(c->fetcher, &u, ms);
	}
}

/* crawl_try_schemes: the first one that answers; c->home is set by it. */
static enum rc
crawl_try_schemes(struct crawl *c, struct probe *p)
{
	const struct site_input *in = &c->o->site;
	const char *given = in->scheme == NULL ? "https" : in->scheme;
	const char *scheme[] = {
	    given, strcmp(given, "https") == 0 ? "http" : "https"};
	struct probe first;
	enum rc rc;

	for (unsigned i = 0; i < 2; i++) {
		if (url_parse(c->a, site_input_url(c->a, in, scheme[i]),
			&c->home) != OK)
			return job_fail(c->job, true,
			    "'%s' is not a hostname that can be visited.",
			    in->name);
		rc = robots_fetch(c, p, robots_url(c, &c->home));
		if (rc != OK || !is_no_answer(p))
			return rc;
		if (i == 0)
			first = *p;
		/* A port belongs to one scheme, and it was said which. */
		if (in->port != 0 && in->scheme != NULL)
			break;
	}
	return crawl_fail_silent(c, &first, p);
}

enum rc
crawl_read_robots(struct crawl *c)
{
	struct probe p;
	enum rc rc;

	job_progress(c->job, 0, 0, "robots",
	    arena_printf(c->a, "Asking %s what may be read",
		c->home.host == NULL ? c->o->site.name : c->home.host));
	/* The home page of the host that was typed leads to c->home. */
	if (c->home.text != NULL)
		rc = robots_fetch(c, &p, robots_url(c, &c->home));
	else
		rc = crawl_try_schemes(c, &p);
	if (rc == OK)
		rc = robots_fetch_judge(c, &p);
	if (rc != OK)
		return rc;
	c->robots_at[0] = robots_url(c, &c->home);
	c->robots_at[1] = p.final_url;
	crawl_obey_delay(c);
	return OK;
}
