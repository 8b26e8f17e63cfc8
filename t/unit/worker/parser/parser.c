/* parser: a hostile page costs itself and nothing else. */
#include "t/tap.h"

#include "core/buf.h"
#include "core/sanitized.h"
#include "worker/extract/sitemap.h"
#include "worker/extract/page_codec.h"
#include "worker/parser/parser.h"

#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* What came of one order. */
struct answer {
	bool done;
	enum parser_failure failure;
	char message[200];
	char title[100];
	bool is_html;
	unsigned flags;
	size_t markdown_len;
	size_t links;
	size_t entries;
	char first[200];
	enum sitemap_kind kind;
	bool doctype;
};

static void
on_result(void *ctx, void *user, const struct parser_result *r)
{
	struct answer *w = user;

	(void)ctx;
	if (r->nentries > 0) {
		if (w->entries == 0)
			snprintf(w->first, sizeof(w->first), "%s",
			    r->entries[0].loc);
		w->entries += r->nentries;
	}
	if (!r->last)
		return;
	w->done = true;
	w->failure = r->failure;
	snprintf(w->message, sizeof(w->message), "%s",
	    r->message == NULL ? "" : r->message);
	if (r->doc != NULL) {
		snprintf(w->title, sizeof(w->title), "%s", r->doc->title);
		w->is_html = r->doc->is_html;
		w->flags = r->doc->flags;
		w->markdown_len = r->doc->markdown_len;
		w->links = r->doc->nlinks;
	}
	if (r->report != NULL) {
		w->kind = r->report->kind;
		w->doctype = r->report->doctype;
	}
}

static struct parser *
start(unsigned cpu_ms, size_t memory)
{
	struct parser_sink sink = {.result = on_result};
	struct parser_limits l;
	struct parser *p;

	parser_limits_default(&l);
	if (cpu_ms > 0)
		l.cpu_ms = cpu_ms;
	if (memory > 0)
		l.memory = memory;
	l.agent = "platen";
	p = parser_start(&l, &sink);
	if (p == NULL) {
		puts("Bail out! parser_start failed");
		exit(1);
	}
	return p;
}

static void
send_page(struct parser *p, struct answer *w, const char *bytes, size_t len)
{
	struct parser_request rq = {.kind = PARSER_PAGE,
	    .url = "https://example.org/a",
	    .content_type = "text/html",
	    .bytes = bytes,
	    .len = len};

	memset(w, 0, sizeof(*w));
	parser_send(p, &rq, w);
}

/* turn: one round of a poll loop. */
static enum rc
turn(struct parser *p, int most_ms)
{
	struct pollfd pfd = {.fd = parser_fd(p), .events = parser_events(p)};
	int ms = parser_timeout(p);

	if (ms < 0 || ms > most_ms)
		ms = most_ms;
	poll(&pfd, 1, ms);
	return parser_step(p);
}

/* finish: until the answer is there, or a minute has passed. */
static bool
finish(struct parser *p, const struct answer *w)
{
	time_t end = time(NULL) + 60;

	while (!w->done && time(NULL) < end)
		if (turn(p, 1000) != OK)
			break;
	return w->done;
}

static double
cpu_of(pid_t pid)
{
	struct timespec ts = {0};
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) == 0)
		clock_gettime(clock, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static const char small[] =
    "<title>Hi</title><p>Hello there, <a href=x>this</a> is a page.";

/* child_of: the child, which the first page brings. */
static pid_t
child_of(struct parser *p)
{
	struct answer w;

	if (parser_pid(p) == 0) {
		send_page(p, &w, small, sizeof(small) - 1);
		ok(finish(p, &w) && w.failure == PARSER_FINE,
		    "a first page brings a child");
	}
	return parser_pid(p);
}

static char *
words(size_t len)
{
	char *b = malloc(len);

	memset(b, 'a', len);
	for (size_t i = 0; i < len; i += 7)
		b[i] = ' ';
	memcpy(b, "<p>", 3);
	return b;
}

static void
reads_pages(void)
{
	struct parser *p = start(0, 0);
	struct answer w[50];
	bool all = true;

	is_int(parser_pid(p), 0, "a parser with nothing to read has no child");
	is_int(parser_step(p), OK, "and none is missed");
	for (int i = 0; i < 50; i++)
		send_page(p, &w[i], small, sizeof(small) - 1);
	is_int((long long)parser_load(p), 50, "the load is what is queued");
	for (int i = 0; i < 50; i++)
		all &= finish(p, &w[i]) && w[i].failure == PARSER_FINE &&
		       strcmp(w[i].title, "Hi") == 0 && w[i].links == 1;
	ok(all, "fifty pages at once come back whole");
	is_int((long long)parser_load(p), 0, "and nothing is left");
	is_int(parser_timeout(p), -1, "an idle parser needs no timer");
	parser_stop(p);
}

/* The lines of the measured cases that are pages. */
static void
hostile_pages(void)
{
	struct parser *p = start(0, 0);
	struct answer w;
	struct buf b;
	pid_t pid = child_of(p);
	double cpu = cpu_of(pid);
	char *big;

	buf_init(&b, 30u << 20);
	buf_adds(&b, "<a");
	for (int i = 0; i < 80000; i++)
		buf_printf(&b, " a%d=%d", i, i);
	buf_adds(&b, ">x</a><p>The text is read all the same.</p>");
	send_page(p, &w, b.data, b.len);
	ok(finish(p, &w) && w.failure == PARSER_FINE && w.markdown_len > 0,
	    "80,000 attributes");
	buf_clear(&b);
	while (b.len < 9000000)
		buf_adds(&b, "<p>");
	send_page(p, &w, b.data, b.len);
	ok(finish(p, &w) && (w.flags & HTML_PAGE_NODES), "3,000,000 <p>");
	buf_clear(&b);
	while (b.len < 5000000)
		buf_adds(&b, "<div>");
	buf_adds(&b, "deep down");
	send_page(p, &w, b.data, b.len);
	ok(finish(p, &w) && (w.flags & HTML_PAGE_DEEP) && w.markdown_len > 0,
	    "1,000,000 nested <div>");
	big = words(20000000);
	send_page(p, &w, big, 20000000);
	ok(finish(p, &w) && (w.flags & HTML_PAGE_TEXT) &&
		w.markdown_len > 1000000,
	    "20 MB in one text");
	free(big);
	is_int(parser_pid(p), pid, "none of them costs the child");
	ok(SANITIZED || cpu_of(pid) - cpu < 5, "nor five seconds of CPU");
	buf_release(&b);
	parser_stop(p);
}

static void
hostile_sitemaps(void)
{
	static const char lol[] =
	    "<?xml version='1.0'?><!DOCTYPE l [<!ENTITY a 'lol'>"
	    "<!ENTITY b '&a;&a;'><!ENTITY x SYSTEM 'file:///etc/hostname'>]>"
	    "<urlset><url><loc>http://x/&b;&x;</loc></url></urlset>";
	struct parser_request rq = {.kind = PARSER_SITEMAP,
	    .url = "https://example.org/sitemap.xml",
	    .bytes = lol,
	    .len = sizeof(lol) - 1};
	struct parser *p = start(0, 0);
	struct answer w = {0};

	parser_send(p, &rq, &w);
	ok(finish(p, &w) && w.doctype && w.entries == 0,
	    "laughs and files in a DOCTYPE are refused");
	parser_stop(p);
}

static void
feeds(void)
{
	struct parser_request rq = {
	    .kind = PARSER_SITEMAP, .url = "https://example.org/s.xml"};
	struct parser *p = start(0, 0);
	struct answer w = {0}, page;
	size_t most = 0;
	unsigned id;

	id = parser_open(p, &rq, &w);
	send_page(p, &page, small, sizeof(small) - 1);
	parser_feed(p, id, "<urlset>", 8);
	for (int i = 0; i < 20000; i++) {
		char line[100];
		int n = snprintf(line, sizeof(line),
		    "<url><loc>https://example.org/p/%d</loc></url>\n", i);

		parser_feed(p, id, line, (size_t)n);
		if (parser_backlog(p) > most)
			most = parser_backlog(p);
		if (parser_backlog(p) > 200000 && turn(p, 100) != OK)
			break;
	}
	ok(finish(p, &page), "a page is read while a sitemap still comes");
	ok(!w.done, "which waits for its end");
	parser_feed(p, id, "</urlset>", 9);
	parser_close(p, id);
	ok(finish(p, &w) && w.kind == SITEMAP_URLSET, "then it is whole");
	is_int((long long)w.entries, 20000, "with every entry, once");
	is(w.first, "https://example.org/p/0", "from the first on");
	ok(most < 1000000, "and it never was in memory as a whole");
	parser_feed(p, id, "x", 1);
	parser_stop(p);
}

/* crash: kills the child with a signal while it reads a large page. */
static void
crash(struct parser *p, int sig)
{
	pid_t pid = parser_pid(p);
	double cpu = cpu_of(pid);

	/* It has begun when it uses the processor. */
	while (cpu_of(pid) - cpu < 0.01)
		if (turn(p, 1) != OK)
			return;
	kill(pid, sig);
}

static void
crashes(void)
{
	struct parser *p = start(0, 0);
	struct answer before, victim, after[3];
	char *big = words(20000000);
	pid_t pid = child_of(p);

	send_page(p, &before, small, sizeof(small) - 1);
	ok(finish(p, &before), "a page before");
	send_page(p, &victim, big, 20000000);
	for (int i = 0; i < 3; i++)
		send_page(p, &after[i], small, sizeof(small) - 1);
	crash(p, SIGSEGV);
	ok(finish(p, &victim) && victim.failure == PARSER_CRASHED,
	    "the page that crashes it fails");
	is(victim.message, "this page crashed the parser", "and says so");
	for (int i = 0; i < 3; i++)
		ok(finish(p, &after[i]) && after[i].failure == PARSER_FINE,
		    "those behind it are read");
	ok(parser_pid(p) != pid && parser_pid(p) > 0, "by another child");
	kill(parser_pid(p), SIGKILL);
	send_page(p, &before, small, sizeof(small) - 1);
	finish(p, &before);
	send_page(p, &before, small, sizeof(small) - 1);
	ok(finish(p, &before) && before.failure == PARSER_FINE,
	    "one killed while idle is replaced");
	free(big);
	parser_stop(p);
}

/* One that neither answers nor uses the processor. */
static void
hangs(void)
{
	struct parser_sink sink = {.result = on_result};
	struct parser_limits l;
	struct parser *p;
	struct answer w, after;

	parser_limits_default(&l);
	l.wall_ms = 300;
	p = parser_start(&l, &sink);
	ok(p != NULL && kill(child_of(p), SIGSTOP) == 0, "a child that hangs");
	send_page(p, &w, small, sizeof(small) - 1);
	send_page(p, &after, small, sizeof(small) - 1);
	ok(finish(p, &w) && w.failure == PARSER_SLOW, "costs the page it has");
	ok(finish(p, &after) && after.failure == PARSER_FINE,
	    "and the next child reads the rest");
	parser_stop(p);
}

static void
limits(void)
{
	struct parser *p = start(10, 48u << 20);
	char *big = words(20000000);
	struct answer w;

	send_page(p, &w, big, 6000000);
	ok(finish(p, &w) && w.failure == PARSER_SLOW,
	    "a page that needs too long is stopped");
	is(w.message, "this page took more than 0.01 s to parse",
	    "and the limit is named");
	parser_stop(p);
	p = start(2000, 48u << 20);
	if (SANITIZED) {
		skip(2, "a sanitizer needs all the address space");
	} else {
		send_page(p, &w, big, 20000000);
		ok(finish(p, &w) && w.failure == PARSER_MEMORY,
		    "so is one that needs too much memory");
		is(w.message, "this page needed more than 48 MB to parse",
		    "and that limit is named");
	}
	send_page(p, &w, small, sizeof(small) - 1);
	ok(finish(p, &w) && w.failure == PARSER_FINE, "the next is read");
	free(big);
	parser_stop(p);
}

/* status: the number behind key in /proc/PID/status; -1 without it. */
static long
status(pid_t pid, const char *key)
{
	char path[64], line[256];
	long n = -1;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	f = fopen(path, "r");
	while (f != NULL && fgets(line, sizeof(line), f) != NULL)
		if (strncmp(line, key, strlen(key)) == 0)
			n = strtol(line + strlen(key), NULL, 10);
	if (f != NULL)
		fclose(f);
	return n;
}

static void
confined(void)
{
	struct parser *p = start(0, 0);
	struct answer w;
	char path[64], name[96];
	int fds = 0;
	long kb;

	send_page(p, &w, small, sizeof(small) - 1);
	finish(p, &w);
	is_int(status(parser_pid(p), "Seccomp:"), 2, "a system call filter");
	is_int(status(parser_pid(p), "NoNewPrivs:"), 1, "no new privileges");
	snprintf(path, sizeof(path), "/proc/%d/fd/", (int)parser_pid(p));
	for (int fd = 0; fd < 64; fd++) {
		snprintf(name, sizeof(name), "%s%d", path, fd);
		fds += access(name, F_OK) == 0;
	}
	if (geteuid() == 0)
		is_int(fds, 1, "one descriptor: its socket");
	else
		skip(1, "only root sees its descriptors: it is not dumpable");
	kb = status(parser_pid(p), "RssAnon:");
	if (SANITIZED)
		skip(1, "a sanitizer's memory is its own");
	else
		ok(kb > 0 && kb < 4096, "an idle child holds %ld kB", kb);
	parser_stop(p);
}

/* lies: what a taken-over child might send is refused, not believed. */
static void
lies(void)
{
	struct codec_reader r;
	struct html_page d = {.title = "x",
			     .raw_title = "",
			     .h1 = "",
			     .og_title = "",
			     .site_name = "",
			     .description = "",
			     .lang = "",
			     .canonical = "",
			     .next = "",
			     .refresh = "",
			     .generator = "",
			     .published = "",
			     .modified = "",
			     .charset = "",
			     .markdown = "",
			     .refresh_after = -1},
			 got;
	struct arena a;
	struct buf b;
	bool all = true;

	arena_init(&a);
	buf_init(&b, 10000);
	codec_put_page(&b, &d);
	r = (struct codec_reader){.p = b.data, .end = b.data + b.len};
	ok(codec_get_page(&r, &a, &got) && got.refresh_after == -1,
	    "an honest frame is read");
	for (size_t n = 0; n < b.len; n++) {
		r = (struct codec_reader){.p = b.data, .end = b.data + n};
		all &= !codec_get_page(&r, &a, &got);
	}
	ok(all, "one cut anywhere is refused");
	d.canonical = "file:///etc/passwd";
	buf_clear(&b);
	codec_put_page(&b, &d);
	r = (struct codec_reader){.p = b.data, .end = b.data + b.len};
	ok(!codec_get_page(&r, &a, &got), "a URL that is none is refused");
	buf_clear(&b);
	codec_put32(&b, UINT32_MAX);
	r = (struct codec_reader){.p = b.data, .end = b.data + b.len};
	ok(codec_get_entries(&r, &a, &(size_t){0}) == NULL,
	    "four billion entries in four bytes are refused");
	buf_release(&b);
	arena_release(&a);
}

int
main(void)
{
	reads_pages();
	hostile_pages();
	hostile_sitemaps();
	feeds();
	crashes();
	hangs();
	limits();
	confined();
	lies();
	return done();
}
