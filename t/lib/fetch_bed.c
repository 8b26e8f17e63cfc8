/*
 * fetch_bed: a fetcher, a server for it, and what one fetch gave.  Included
 * by the units of the fetcher after t/tap.h.
 */
#include "t/lib/http_server.c"

#include "core/clock.h"
#include "worker/fetch/fetch.h"

static struct arena a;
static const struct guard *loopback;

/* What one fetch gave. */
struct got {
	struct fetch_result r;
	char *body;
	int calls;
	int64_t at;
	size_t sunk;
};

static void
on_done(void *ctx, void *user, struct fetch_result *r)
{
	struct got *g = user;
	struct fetch_hop *hops;

	(void)ctx;
	g->calls++;
	g->at = clock_ms();
	g->r = *r;
	g->r.url = arena_strdup(&a, r->url);
	g->r.final_url = arena_strdup(&a, r->final_url);
	g->r.why = r->why ? arena_strdup(&a, r->why) : NULL;
	g->r.type = arena_strdup(&a, r->type);
	g->r.charset = arena_strdup(&a, r->charset);
	g->r.etag = arena_strdup(&a, r->etag);
	g->r.last_modified = arena_strdup(&a, r->last_modified);
	g->r.robots_tag = arena_strdup(&a, r->robots_tag);
	hops = arena_array(&a, r->hop_n + 1, sizeof(*hops));
	for (size_t i = 0; i < r->hop_n; i++)
		hops[i] = (struct fetch_hop){
		    arena_strdup(&a, r->hops[i].url), r->hops[i].status};
	g->r.hops = hops;
	g->body = arena_strndup(
	    &a, r->body->data, r->body->len < 20000 ? r->body->len : 20000);
}

static struct fetch_policy
policy(void)
{
	return (struct fetch_policy){
	    .user_agent = "Platen-test/1.0",
	    .accept = "text/html",
	    .accept_language = "en",
	    .guard = loopback,
	    .max_in_flight = 8,
	    .max_per_host = 8,
	    .max_bytes = 10 << 20,
	    .connect_ms = 2000,
	    .total_ms = 1000,
	    .max_redirects = 5,
	    .max_retries = 2,
	    .retry_base_ms = 20,
	    .max_retry_after_ms = 3000,
	    .done = on_done,
	};
}

static struct fetcher *
fetcher(const struct fetch_policy *p)
{
	struct fetcher *f;
	const char *why;

	if (fetcher_new(p, &f, &why) != OK)
		abort();
	return f;
}

static void
drain(struct fetcher *f)
{
	while (fetcher_pending(f) > 0)
		if (fetcher_poll(f, NULL, 0, 500) != OK)
			abort();
}

static char *
local(const char *path)
{
	return arena_printf(&a, "http://127.0.0.1:%d%s", server_port, path);
}

/* After one good answer, as in the middle of a crawl. */
static struct got
fetch_with(const struct fetch_policy *p, const char *url,
    const struct fetch_opts *opts)
{
	struct fetcher *f = fetcher(p);
	struct got first = {0}, g = {0};

	fetcher_add(f, local("/first"), &first, NULL);
	drain(f);
	fetcher_add(f, url, &g, opts);
	drain(f);
	fetcher_free(f);
	if (g.calls != 1)
		abort();
	return g;
}

static struct got
fetch(const char *url)
{
	struct fetch_policy p = policy();

	return fetch_with(&p, url, NULL);
}
