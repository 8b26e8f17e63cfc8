/* parser: who hears that a child died may send the next page at once. */
#include "t/tap.h"

#include "worker/parser/parser.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <time.h>

static const char page[] = "<title>Hi</title><p>Hello there, this is a page.";

/* One that is sent again when it failed. */
struct errand {
	struct parser *p;
	int failed, fine;
};

static void
send_it(struct errand *e)
{
	struct parser_request rq = {.kind = PARSER_PAGE,
	    .url = "https://example.org/a",
	    .content_type = "text/html",
	    .bytes = page,
	    .len = sizeof(page) - 1};

	parser_send(e->p, &rq, e);
}

static void
on_result(void *ctx, void *user, const struct parser_result *r)
{
	struct errand *e = user;

	(void)ctx;
	if (!r->last)
		return;
	if (r->failure == PARSER_FINE) {
		e->fine++;
		return;
	}
	/* Not for ever, if it is not mended. */
	if (++e->failed < 3)
		send_it(e);
}

static void
finish(struct errand *e, int fine)
{
	time_t end = time(NULL) + 60;

	while (e->fine < fine && e->failed < 3 && time(NULL) < end) {
		struct pollfd pfd = {
		    .fd = parser_fd(e->p), .events = parser_events(e->p)};

		poll(&pfd, 1, 100);
		if (parser_step(e->p) != OK)
			return;
	}
}

int
main(void)
{
	struct parser_sink sink = {.result = on_result};
	struct parser_limits l;
	struct errand e = {NULL, 0, 0};
	struct timespec before, after;

	parser_limits_default(&l);
	l.agent = "platen";
	e.p = parser_start(&l, &sink);
	if (e.p == NULL)
		return 1;
	send_it(&e);
	finish(&e, 1);
	is_int(e.fine, 1, "a page is read");
	kill(parser_pid(e.p), SIGSTOP);
	send_it(&e);
	/* The order is on its way before the child dies of it. */
	is_int(parser_step(e.p), OK,
	    "a page is sent to a child that stands still");
	kill(parser_pid(e.p), SIGSEGV);
	kill(parser_pid(e.p), SIGCONT);
	clock_gettime(CLOCK_MONOTONIC, &before);
	finish(&e, 2);
	clock_gettime(CLOCK_MONOTONIC, &after);
	is_int(e.failed, 1, "the next one dies with its child");
	is_int(
	    e.fine, 2, "and is read when it is sent again from the callback");
	within((double)(after.tv_sec - before.tv_sec), 8,
	    "a parser that died is replaced by one new one, soon");
	parser_stop(e.p);
	return done();
}
