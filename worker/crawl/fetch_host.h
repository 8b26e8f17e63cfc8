/*
 * fetch_host: how politely one host is asked.
 *
 * The number in flight adapts like a TCP window: it grows by one with each
 * round of good answers and is halved when the host is overloaded (429, 503,
 * time-outs).  Times are milliseconds of the monotonic clock and given by the
 * caller, so nothing here waits.
 */
#ifndef WORKER_CRAWL_FETCH_HOST_H
#define WORKER_CRAWL_FETCH_HOST_H

#include "worker/crawl/fetch.h"

#include <stdint.h>

struct fetch_task;

/* What is known of a host's https connections. */
enum fetch_tls {
	TLS_UNKNOWN,   /* nothing yet: the first request goes alone */
	TLS_SINGLE,    /* HTTP/1: a connection for each request under way */
	TLS_MULTIPLEX, /* HTTP/2: one connection for all of them */
};

struct fetch_host {
	struct fetch_host *next;
	const char *name;                 /* "host:port" */
	struct fetch_task *queue, **tail; /* waiting, in order */
	size_t in_flight;
	double window;   /* most in flight, as far as is known */
	int64_t started; /* the last one; 0: none yet */
	int64_t paused;  /* not before, by Retry-After or back-off */
	int64_t cut;     /* when the window was last halved */
	long delay_ms;   /* between two starts; 0: none */
	int refusals;    /* in a row */
	int64_t wants_s; /* the pause that the last one asked for */
	bool answered;   /* it has given an HTTP answer */
	bool given_up;   /* nothing more is asked */
	enum fetch_tls tls;
	int resets; /* connections that were kept and then broke off */
};

/* fetch_host_init: the state of a host not asked yet; name is not copied. */
void fetch_host_init(
    struct fetch_host *h, const struct fetch_policy *p, const char *name);

/*
 * fetch_host_ready: 0 when one more request may start now, else the time to
 * ask again; INT64_MAX when only an end of one in flight can change it.
 */
int64_t fetch_host_ready(const struct fetch_host *h, int64_t now);

/* fetch_host_started, fetch_host_ended: one more, one less in flight. */
void fetch_host_started(struct fetch_host *h, int64_t now);
void fetch_host_ended(struct fetch_host *h);

/* fetch_host_good: it answered, and is well. */
void fetch_host_good(struct fetch_host *h, const struct fetch_policy *p);

/* fetch_host_bad: it is overloaded; nothing starts for wait_ms. */
void fetch_host_bad(struct fetch_host *h, int64_t now, long wait_ms);

/*
 * fetch_host_refused: it asks for a pause of so many seconds, longer than is
 * waited for.  Answers that come while it is paused belong to one refusal; too
 * many in a row end it.
 */
void fetch_host_refused(struct fetch_host *h, const struct fetch_policy *p,
    int64_t now, int64_t seconds);

#endif
