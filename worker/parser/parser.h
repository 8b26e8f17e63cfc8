/*
 * parser: a child without network, files or keys that reads hostile bytes.
 *
 * parser_start gets a small fork server from the zygote, a program of its own
 * that never held a secret (worker/parser/zygote.h).  It forks the child
 * that reads when there is a first order, and another one when that dies.  The
 * child is confined by seccomp, RLIMIT_AS and a CPU timer.  A page that kills
 * it fails alone; the rest of the queue is read by the next. Its answers are
 * checked as hostile: a taken-over child can lie about a page, but cannot reach
 * past it.
 *
 * Use from a poll loop: send, poll parser_fd for parser_events (at most
 * parser_timeout ms), then parser_step, which calls back with results.
 */
#ifndef WORKER_PARSER_PARSER_H
#define WORKER_PARSER_PARSER_H

#include "core/rc.h"
#include "worker/extract/page_reader.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct parser;
struct sitemap_entry; /* worker/extract/sitemap.h */
struct sitemap_report;
struct sitemap_limits;
struct zygote;

struct parser_limits {
	size_t memory;    /* bytes of address space of the child */
	unsigned cpu_ms;  /* CPU time for one page, and for each piece
			     of a sitemap (frame.h) */
	unsigned wall_ms; /* silence after which it counts as hung */
	struct page_reader_limits doc;        /* per page */
	const struct sitemap_limits *sitemap; /* NULL: the protocol's */
	const char *agent; /* our product token, for robots metas */
	/* Where its children come from; NULL: it starts one of its own. */
	const struct zygote *server;
};

/* parser_limits_default: 256 MB, 2 s of CPU, 30 s of silence. */
void parser_limits_default(struct parser_limits *l);

enum parser_kind { PARSER_PAGE, PARSER_SITEMAP, PARSER_KIND_MAX };

/* One order.  All is copied; unset strings may be NULL. */
struct parser_request {
	enum parser_kind kind;
	const char *url;          /* where the bytes are from */
	const char *content_type; /* HTTP header */
	const char *robots_tag;   /* HTTP header, pages only */
	const void *bytes;
	size_t len;
};

enum parser_failure {
	PARSER_FINE,
	PARSER_SLOW,    /* more CPU time than cpu_ms, or hung */
	PARSER_MEMORY,  /* more memory than allowed */
	PARSER_CRASHED, /* died of a signal or broke the protocol */
	PARSER_LOST,    /* a fed sitemap, lost with another's crash: again */
	PARSER_FAILURE_MAX
};

/* What came of one order; valid until the callback returns. */
struct parser_result {
	enum parser_kind kind;
	bool last; /* no more results follow for this order */
	enum parser_failure failure;
	const char *message; /* with a failure: a sentence for a person */
	const struct html_page *doc; /* a page that was read */

	/* A sitemap: entries come in portions, what they sum up to at last. */
	const struct sitemap_entry *entries;
	size_t nentries;
	const struct sitemap_report *report; /* set on its last result */
};

/* Called by parser_step for each result; may send more. */
struct parser_sink {
	void (*result)(void *ctx, void *user, const struct parser_result *r);
	void *ctx;
};

/*
 * parser_start: a new parser; NULL with errno when processes or descriptors
 * run out.  limits are copied.  Free with parser_stop.
 */
struct parser *parser_start(
    const struct parser_limits *limits, const struct parser_sink *sink);

/* parser_stop: kills the child; orders still queued get no result. */
void parser_stop(struct parser *p);

/* parser_send: queues an order; user comes back with its results. */
void parser_send(struct parser *p, const struct parser_request *rq, void *user);

/*
 * parser_open: like parser_send, for a sitemap whose bytes come in pieces as
 * they arrive: feed them under the id it returns, then close.  Bytes are let
 * go once read, so memory does not grow with the file.  After a failure was
 * reported, feed and close do nothing.
 */
unsigned parser_open(
    struct parser *p, const struct parser_request *rq, void *user);
void parser_feed(struct parser *p, unsigned id, const void *bytes, size_t n);
void parser_close(struct parser *p, unsigned id);

/* parser_fd: what to poll; it changes with the child; -1 while there is none.
 */
int parser_fd(const struct parser *p);

/* parser_events: POLLIN, and POLLOUT while there is something to write. */
short parser_events(const struct parser *p);

/* parser_timeout: ms until parser_step must be called anyway; -1 never. */
int parser_timeout(const struct parser *p);

/*
 * parser_step: writes and reads what it can without waiting, delivers
 * results, replaces a dead child.  E_UNAVAILABLE: no child can be made any
 * more (the fork server is gone); every order has been failed.
 */
MUST_CHECK enum rc parser_step(struct parser *p);

/* parser_load: orders not yet answered, to choose the least busy parser. */
size_t parser_load(const struct parser *p);

/* parser_backlog: bytes not yet written: slow down a feed when large. */
size_t parser_backlog(const struct parser *p);

/* parser_pid: the present child, for logs and tests; 0 while there is none. */
pid_t parser_pid(const struct parser *p);

#endif
