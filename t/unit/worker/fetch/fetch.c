/* fetch: every way a site can fail ends soon, and is told in a sentence. */
#include "t/tap.h"

#include "t/lib/fetch_bed.c"

#include <fcntl.h>

static void
fails(
    const char *url, enum fetch_error error, const char *part, const char *what)
{
	struct fetch_policy p = policy();
	struct got g;

	/* Only what is to time out is short of time. */
	if (error != FETCH_TIMEOUT)
		p.total_ms = 10000;
	g = fetch_with(&p, url, NULL);
	is(fetch_error_name(g.r.error), fetch_error_name(error), what);
	if (!ok(g.r.why != NULL && strstr(g.r.why, part) != NULL,
		"and it is said"))
		printf("# %s\n", g.r.why ? g.r.why : "nothing");
}

static int asked;

/* Everything is known from before but what leads elsewhere. */
static void
knows(void *ctx, void *user, const struct url *at, struct fetch_known *out)
{
	(void)ctx, (void)user, asked++;
	if (strncmp(at->target, "/redirect/", 10) != 0)
		*out = (struct fetch_known){"\"v1\"", "then"};
}

static void
fetches(void)
{
	struct fetch_policy p = policy();
	struct got g = fetch(local("/x?a=1#top"));
	clock_t t0;

	is(fetch_error_name(g.r.error), "ok", "a page is fetched");
	is_int(g.r.status, 200, "its status");
	is(g.body, "/x?a=1", "its body");
	is(g.r.type, "text/html", "its type");
	is(g.r.charset, "", "no charset");
	is(g.r.final_url, local("/x?a=1"), "its URL");
	ok(g.r.why == NULL, "nothing to say");
	g = fetch(local("/etag"));
	is(g.r.type, "text/html", "a type in lower case");
	is(g.r.charset, "iso-8859-1", "a quoted charset");
	is(g.r.etag, "\"v1\"", "ETag");
	is(g.r.last_modified, "then", "Last-Modified");
	is(g.r.robots_tag, "noindex, noarchive", "two X-Robots-Tag");
	p.known = knows;
	g = fetch_with(&p, local("/etag"), NULL);
	is_int(g.r.status, 304, "what did not change is not sent again");
	asked = 0; /* one for what fetch_with opens with */
	g = fetch_with(&p, local("/redirect/3"), NULL);
	is_int(asked, 5, "each step of a redirect is asked for as it is known");
	g = fetch_with(&p, local("/echo"), NULL);
	ok(strstr(g.body, "User-Agent: Platen-test/1.0\r\n") &&
		strstr(g.body, "Accept: text/html\r\n") &&
		strstr(g.body, "Accept-Language: en\r\n") &&
		strstr(g.body, "If-Modified-Since: then\r\n") &&
		!strstr(g.body, "Cookie"),
	    "the request says who asks for what");
	g = fetch(local("/gzip"));
	is_int((long long)g.r.bytes, 1000, "gzip is decoded");
	g = fetch(local("/mislabelled"));
	is(g.body, "plain", "what is not gzip though it says so is read");
	is_int(g.r.tries, 2, "at the second request");
	t0 = clock();
	g = fetch(local("/headers"));
	is_int(g.r.status, 200, "an answer of 15,000 headers");
	within((double)(clock() - t0) / CLOCKS_PER_SEC, 1,
	    "an answer of 15,000 headers costs little CPU");
	g = fetch(local("/missing"));
	is(fetch_error_name(g.r.error), "ok", "404 is an answer");
	ok(strstr(g.r.why, "answered 404 Not Found") != NULL, "%s", g.r.why);
}

static void
redirects(void)
{
	struct got g = fetch(local("/redirect/3"));

	is(g.body, "/redirect/0", "three redirects are followed");
	is_int((long long)g.r.hop_n, 3, "each is in the chain");
	is(g.r.hops[1].url, local("/redirect/2"), "by its canonical URL");
	is(g.r.final_url, local("/redirect/0"), "and the last URL is known");
	fails(local("/redirect/9"), FETCH_TOO_MANY_HOPS, "more than 5 times",
	    "redirects without end");
	fails(local("/a"), FETCH_LOOP, "in a circle", "a circle of two");
	fails(local("/self"), FETCH_LOOP, "in a circle", "a page on itself");
	fails(local("/nowhere"), FETCH_BAD_REDIRECT, "invalid web address",
	    "no Location");
	fails(local("/to?file:///etc/passwd"), FETCH_BAD_REDIRECT,
	    "invalid web address", "to a file");
	fails(local("/to?gopher://127.0.0.1/"), FETCH_BAD_REDIRECT,
	    "invalid web address", "to gopher");
	fails(local("/to?http://u:p@127.0.0.1/"), FETCH_BAD_REDIRECT,
	    "invalid web address", "with a password");
	fails(local("/to?http://127.0.0.2/"), FETCH_PRIVATE,
	    "private or internal", "to an internal address");
	fails(local("/to6"), FETCH_PRIVATE, "private or internal",
	    "to an internal IPv6 address");
}

static bool
never(void *ctx, void *user, const struct url *from, const struct url *to)
{
	(void)ctx, (void)user;
	return url_same_site(from, to);
}

static bool
html_only(void *ctx, void *user, int status, const char *type)
{
	(void)ctx, (void)user;
	return status != 200 || strcmp(type, "text/html") == 0;
}

static bool
sink(void *ctx, void *user, const char *p, size_t n)
{
	struct got *g = user;

	(void)ctx, (void)p;
	g->sunk += n;
	return g->sunk < 100000;
}

static void
asks_the_caller(void)
{
	struct fetch_opts opts = {.sink = sink, .max_bytes = 1 << 30};
	struct fetch_policy p = policy();
	struct got g;

	p.follow = never;
	p.accept_body = html_only;
	g = fetch_with(&p, local("/to?http://elsewhere.example/x"), NULL);
	is(fetch_error_name(g.r.error), "redirect_refused",
	    "a redirect the caller does not want");
	is(g.r.final_url, "http://elsewhere.example/x", "says where it led");
	g = fetch_with(&p, local("/image"), NULL);
	is(fetch_error_name(g.r.error), "unwanted_type", "an image");
	is(g.r.type, "image/png", "whose type is known");
	ok(strstr(g.r.why, "image/png") != NULL, "%s", g.r.why);
	g = fetch_with(&p, local("/x"), &(struct fetch_opts){.sink = sink});
	is_int((long long)g.sunk, 2, "a sink takes the body");
	is(g.body, "", "which is not kept");
	p.accept_body = NULL;
	g = fetch_with(&p, local("/big"), &opts);
	is(fetch_error_name(g.r.error), "aborted", "a sink stops the body");
}

static void
explains_failures(void)
{
	int s, port = any_port(&s);

	fails("no such url", FETCH_BAD_URL, "not a web address", "no URL");
	fails("http://nowhere.invalid/", FETCH_NO_HOST,
	    "find nowhere.invalid (no DNS record)", "an unknown name");
	fails(arena_printf(&a, "http://127.0.0.1:%d/", port), FETCH_REFUSED,
	    "refused the connection", "nobody listens");
	close(s);
	fails(local("/hang"), FETCH_TIMEOUT, "did not respond within 1 second",
	    "no answer");
	fails(local("/slow"), FETCH_TIMEOUT, "too slow", "a drip");
	fails(local("/reset"), FETCH_BROKEN, "closed the connection",
	    "a closed door");
	fails(local("/short"), FETCH_BROKEN, "closed the connection",
	    "half an answer");
	fails(local("/junk"), FETCH_BROKEN, "invalid HTTP", "junk");
	fails(local("/big"), FETCH_TOO_BIG, "more than 10 MB", "no end");
	fails(local("/bomb"), FETCH_TOO_BIG, "more than 10 MB", "a gzip bomb");
	fails(arena_printf(&a, "https://127.0.0.1:%d/", server_port), FETCH_TLS,
	    "does not speak TLS", "https on a http port");
}

static void
guards(void)
{
	static const char *const t[] = {"http://127.0.0.2/", "http://0/",
	    "http://2130706434/", "http://0x7f.2/", "http://0177.0.0.2/",
	    "http://[::1]/", "http://[::ffff:127.0.0.2]/",
	    "http://[::ffff:7f00:2]/", "http://169.254.169.254/",
	    "http://10.0.0.1/", "http://[fe80::1]/", "http://[fd00:ec2::254]/"};

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		fails(t[i], FETCH_PRIVATE, "is a private or internal address",
		    t[i]);
	/* A name that leads inside is no way round. */
	{
		struct fetch_policy p = policy();
		struct got g;

		p.connect_to = arena_printf(&a,
		    "inside.example:80:127.0.0.2:"
		    "%d,[2001:db8::1]:80:127.0.0.1:%d",
		    server_port, server_port);
		g = fetch_with(&p, "http://inside.example/", NULL);
		is(g.r.why,
		    "inside.example has a private or internal address, and "
		    "those are not fetched.",
		    "where a name of an internal address leads is not said");
		g = fetch_with(&p, local("/to?http://inside.example/"), NULL);
		ok(strstr(g.r.why, "127.0.0.2") == NULL &&
			strstr(g.r.why, "loopback") == NULL,
		    "nor after a redirect: %s", g.r.why);
		g = fetch_with(&p, "http://[2001:db8::1]/x", NULL);
		is(g.body, "/x", "connect_to leads to an allowed address");
	}
}

/* No socket is opened for these, so no packet leaves the machine. */
static void
visits_web_ports_alone(void)
{
	struct fetch_policy p = policy();
	struct got g;

	fails("http://8.8.8.8:22/", FETCH_PORT,
	    "only the ports 80, 443 and 8088 are visited, and 8.8.8.8:22",
	    "another port of a public host");
	fails("https://[2606:4700::1111]:6379/", FETCH_PORT, "uses another",
	    "of an IPv6 address");
	fails(local("/to?http://1.1.1.1:25/"), FETCH_PORT,
	    "redirects to 1.1.1.1:25", "by a redirect");
	p.connect_to = arena_printf(&a,
	    "odd.example:81:127.0.0.1:%d,[2606:4700::1]::127.0.0.1:%d",
	    server_port, server_port);
	g = fetch_with(&p, "http://odd.example:81/x", NULL);
	is(g.body, "/x", "but the port that connect_to names");
	g = fetch_with(&p, "http://[2606:4700::1]:82/x", NULL);
	is(g.body, "/x", "and any where it names none");
}

static void
bad_connect_to(void)
{
	static const char *const t[] = {
	    "a:b", "a:80:b", "a:x:b:80", "a:80:b:80:c", "[a:80:b:80"};
	struct fetch_policy p = policy();
	struct fetcher *f;
	const char *why;

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		p.connect_to = t[i];
		why = NULL;
		ok(fetcher_new(&p, &f, &why) == E_INPUT && why != NULL,
		    "connect_to '%s' is refused", t[i]);
	}
}

static void
tries_again(void)
{
	struct fetch_policy p = policy();
	struct got g;
	int64_t t0;

	flaky = 0;
	g = fetch(local("/flaky"));
	is(g.body, "/flaky", "what broke off once is fetched again");
	flaky = 0;
	t0 = clock_ms();
	g = fetch(local("/busy"));
	is_int(g.r.status, 200, "a busy host is asked again");
	ok(clock_ms() - t0 >= 990, "after Retry-After");
	t0 = clock_ms();
	g = fetch(local("/busy-for-long"));
	is_int(g.r.status, 429, "a long Retry-After is not waited for");
	within((double)(clock_ms() - t0) / 1000, 0.9,
	    "a long Retry-After is told at once: %s", g.r.why);
	g = fetch(local("/always-503"));
	is_int(g.r.tries, 3, "a host that stays busy is asked three times");
	ok(strstr(g.r.why, "503 Service Unavailable") != NULL, "%s", g.r.why);
	g = fetch(local("/reset"));
	is_int(g.r.tries, 3, "and so is one that breaks off");
	p.max_retries = 0;
	g = fetch_with(&p, local("/reset"), NULL);
	is_int(g.r.tries, 1, "unless the caller says no");
}

/* A host that asks for an hour of peace is not asked for its other pages. */
static void
gives_up(void)
{
	struct fetch_policy p = policy();
	struct got g[40] = {0};
	struct fetcher *f;
	int gave_up = 0, before = served;
	int64_t t0 = clock_ms();

	p.max_refusals = 3;
	p.max_retry_after_ms = 200;
	f = fetcher(&p);
	for (int i = 0; i < 40; i++)
		fetcher_add(f, local("/busy-for-long"), &g[i], NULL);
	drain(f);
	for (int i = 0; i < 40; i++)
		gave_up += g[i].r.error == FETCH_GAVE_UP;
	ok(served - before >= 3 && served - before <= 12,
	    "a host that wants no more is asked a few times: %d",
	    served - before);
	is_int(gave_up, 40 - (served - before), "the rest is given up");
	ok(strstr(g[39].r.why, "a pause of 60 minutes") != NULL, "%s",
	    g[39].r.why);
	ok(clock_ms() - t0 >= 400, "with pauses between");
	fetcher_free(f);
}

static void
is_polite(void)
{
	struct fetch_policy p = policy();
	struct got g[24] = {0};
	struct fetcher *f;
	struct url u;
	int64_t t0;

	p.max_in_flight = 20;
	p.max_per_host = 4;
	most = 0;
	f = fetcher(&p);
	for (int i = 0; i < 24; i++)
		fetcher_add(f, local("/nap"), &g[i], NULL);
	drain(f);
	/* The server needs a moment to see that one is over. */
	ok(most >= 3 && most <= 5, "at most 4 at once on a host: %d", most);
	fetcher_free(f);
	most = 0;
	f = fetcher(&p);
	if (url_parse(&a, local("/"), &u) != OK)
		abort();
	fetcher_delay(f, &u, 250);
	t0 = clock_ms();
	for (int i = 0; i < 4; i++)
		fetcher_add(f, local("/x"), &g[i], NULL);
	drain(f);
	ok(clock_ms() - t0 >= 750, "Crawl-delay lies between the requests");
	is_int(most, 1, "which come one by one");
	fetcher_free(f);
}

/* A server that closes each connection is no reason to ask one by one. */
static void
closes_each_connection(void)
{
	struct fetch_policy p = policy();
	struct got g[48] = {0};
	struct fetcher *f;
	int64_t t0 = clock_ms(), latest = 0;
	int fine = 0, late = 0;

	/* 100 ms each, 8 at once: those in a queue do not time out there. */
	p.total_ms = 500;
	f = fetcher(&p);
	for (int i = 0; i < 48; i++)
		fetcher_add(f, local("/closing"), &g[i], NULL);
	drain(f);
	for (int i = 0; i < 48; i++) {
		fine += g[i].r.status == 200;
		/* Eight may change places with one another. */
		late += g[i].at + 250 < latest;
		if (g[i].at > latest)
			latest = g[i].at;
	}
	is_int(fine, 48, "pages of a server that closes each connection");
	within((double)(clock_ms() - t0) / 1000, 2.4,
	    "a server that closes each connection is asked several at once");
	is_int(late, 0, "in the order added");
	fetcher_free(f);
}

/* A connection that was kept may be dead: that is no failure of the page. */
static void
resets_kept_connections(void)
{
	struct fetch_policy p = policy();
	struct got g[40] = {0};
	struct fetcher *f;
	int fine = 0;

	p.max_retries = 0;
	f = fetcher(&p);
	for (int i = 0; i < 40; i++)
		fetcher_add(f, local("/once"), &g[i], NULL);
	drain(f);
	for (int i = 0; i < 40; i++)
		fine += g[i].r.status == 200;
	is_int(fine, 40, "pages of a server that resets kept connections");
	fetcher_free(f);
}

static void
keeps_order(void)
{
	struct fetch_policy p = policy();
	struct got g[4] = {0};
	struct fetcher *f;

	p.max_per_host = 1;
	f = fetcher(&p);
	for (int i = 0; i < 4; i++)
		fetcher_add(f, local("/nap"), &g[i], NULL);
	drain(f);
	ok(g[0].at <= g[1].at && g[1].at <= g[2].at && g[2].at <= g[3].at,
	    "in the order added");
	fetcher_free(f);
}

static void
add_more(void *ctx, void *user, struct fetch_result *r)
{
	struct fetcher **f = ctx;
	int *left = user;

	(void)r;
	if (--*left > 0)
		fetcher_add(*f, local("/x"), user, NULL);
}

static void
stops(void)
{
	static volatile sig_atomic_t flag;
	struct curl_waitfd fd = {.events = CURL_WAIT_POLLIN};
	struct fetch_policy p = policy();
	struct got g = {0};
	struct fetcher *f;
	int pipes[2], left = 5;
	int64_t t0;

	p.total_ms = 60000;
	p.stop = &flag;
	f = fetcher(&p);
	fetcher_add(f, local("/hang"), &g, NULL);
	fetcher_add(f, "http://nowhere.invalid/", &g, NULL);
	is_int(fetcher_poll(f, NULL, 0, 10), OK, "a hanging fetch goes on");
	if (pipe2(pipes, O_CLOEXEC) != 0 || write(pipes[1], "x", 1) != 1)
		abort();
	fd.fd = pipes[0];
	t0 = clock_ms();
	is_int(fetcher_poll(f, &fd, 1, 5000), OK, "and is waited for");
	ok(fd.revents == CURL_WAIT_POLLIN,
	    "the fetcher waits for other descriptors, too");
	within((double)(clock_ms() - t0) / 1000, 1,
	    "a descriptor that can be read ends the fetcher's wait");
	flag = 1;
	t0 = clock_ms();
	is_int(fetcher_poll(f, NULL, 0, 5000), E_STOPPED, "a signal ends it");
	fetcher_free(f);
	within((double)(clock_ms() - t0) / 1000, 0.5,
	    "a signal ends the fetcher's wait at once");
	flag = 0;
	p.done = add_more;
	p.ctx = &f;
	f = fetcher(&p);
	fetcher_add(f, local("/x"), &left, NULL);
	drain(f);
	is_int(left, 0, "pages found on the way are fetched too");
	fetcher_free(f);
	close(pipes[0]);
	close(pipes[1]);
}

int
main(void)
{
	const char *why;

	if (guard_new(&a, "127.0.0.1", "8088", &loopback, &why) != OK)
		abort();
	start_server();
	fetches();
	redirects();
	asks_the_caller();
	explains_failures();
	guards();
	visits_web_ports_alone();
	bad_connect_to();
	tries_again();
	gives_up();
	is_polite();
	closes_each_connection();
	resets_kept_connections();
	keeps_order();
	stops();
	arena_release(&a);
	return done();
}
