/*
 * fetch_host: one host as a fetcher sees it: what waits for it, what may be
 * started there (permit.h), and what is to be told at the next question.
 *
 * Times are milliseconds of the monotonic clock and given by the caller, so
 * nothing here waits.
 */
#ifndef WORKER_FETCH_FETCH_HOST_H
#define WORKER_FETCH_FETCH_HOST_H

#include "worker/fetch/fetch.h"

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
	int in_flight;
	/* What it was permitted. */
	struct permit permit;
	int64_t next_us; /* the next start, microseconds */
	int64_t ask;     /* ask again then */
	int64_t asked;   /* then; the answer is still to come; 0: it is not */
	bool full;       /* at the last one no more were to be in flight */
	int64_t idle;    /* nothing to do since then; 0: there is */
	/* What is to be told. */
	struct permit_ask told;
	int64_t paused; /* not before, by Retry-After or back-off */
	bool own;       /* an address of the operator's list */
	bool answered;  /* it has given an HTTP answer */
	bool given_up;  /* nothing more is asked */
	enum fetch_tls tls;
	int resets; /* connections that were kept and then broke off */
};

/* fetch_host_init: the state of a host not asked yet; name is not copied. */
void fetch_host_init(
    struct fetch_host *h, const struct fetch_policy *p, const char *name);

/*
 * fetch_host_ready: 0 when one more request may start now, else the time to
 * ask again; INT64_MAX when only a permit or an end of one in flight can
 * change it.
 */
int64_t fetch_host_ready(const struct fetch_host *h, int64_t now);

/*
 * fetch_host_asks: true: the permit is to be asked for now, with what is in
 * told; want is how many could start.  Else *wake is lowered to when it will
 * be.
 */
bool fetch_host_asks(struct fetch_host *h, const struct fetch_policy *p,
    int want, int64_t now, int64_t *wake);

/* fetch_host_permit: the answer. */
void fetch_host_permit(
    struct fetch_host *h, const struct permit *p, int64_t now);

/* fetch_host_started, fetch_host_ended: one more, one less in flight. */
void fetch_host_started(struct fetch_host *h, int64_t now);
void fetch_host_ended(struct fetch_host *h, int64_t now);

/* fetch_host_good: it answered, and is well. */
void fetch_host_good(struct fetch_host *h);

/* fetch_host_bad: it is overloaded; nothing starts for wait_ms. */
void fetch_host_bad(struct fetch_host *h, int64_t now, long wait_ms);

/*
 * fetch_host_refused: it asks for a pause of so many seconds, longer than is
 * waited for.  Answers that come while it is paused belong to one refusal; too
 * many in a row end it, for all jobs until the pause is over.
 */
void fetch_host_refused(struct fetch_host *h, const struct fetch_policy *p,
    int64_t now, int64_t seconds);

#endif
