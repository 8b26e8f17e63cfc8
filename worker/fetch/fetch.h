/*
 * fetch: fetches the URLs of one job, several at a time, politely.
 *
 * Invariants: one fetcher has one guard and one connection cache, so a reused
 * connection was judged by the same rules.  Redirects are followed here step
 * by step: each hop is normalised, judged by the caller and by the guard.  No
 * cookies, no proxy, http and https only.  Every URL added ends in exactly
 * one call of done, unless the fetcher is freed before.  Single-threaded.
 */
#ifndef WORKER_FETCH_FETCH_H
#define WORKER_FETCH_FETCH_H

#include "core/buf.h"
#include "core/rc.h"
#include "core/url.h"
#include "worker/fetch/fetch_error.h"
#include "worker/fetch/guard.h"
#include "core/permit.h"

#include <signal.h>
#include <stdbool.h>

struct fetch_hop {
	const char *url; /* that redirected */
	int status;      /* 301, 302, 303, 307, 308 */
};

/* Valid during the callback only. */
struct fetch_result {
	const char *url;       /* canonical, as added */
	const char *final_url; /* after redirects */
	const struct fetch_hop *hops;
	size_t hop_n;
	enum fetch_error error;
	const char *why;     /* a sentence: any error, status >= 400; NULL */
	int status;          /* 0: no answer */
	long pause_s;        /* it asks for so long a rest that it is not asked
				again, seconds; 0: it does not */
	const char *type;    /* "text/html", lower case; "" */
	const char *charset; /* "utf-8", lower case; "" */
	struct buf *body;    /* decoded; after an error what came before it */
	size_t bytes;        /* decoded bytes received, sink included */
	const char *etag;    /* "" when there is none, as below */
	const char *last_modified;
	const char *robots_tag; /* X-Robots-Tag values, ", " between */
	int tries;              /* requests made, redirects included */
	long ms;                /* from the first request to the end */
};

typedef void fetch_done_fn(void *ctx, void *user, struct fetch_result *r);

/* Whether to follow a redirect; whether to read a final answer's body. */
typedef bool fetch_follow_fn(
    void *ctx, void *user, const struct url *from, const struct url *to);
typedef bool fetch_accept_fn(
    void *ctx, void *user, int status, const char *type);

/* What an earlier answer of a URL is known by; NULL or "": nothing. */
struct fetch_known {
	const char *etag;
	const char *last_modified;
};

/*
 * Fills in out for the URL that is asked next, redirects included; it lives
 * until the callback's next call.  The request is conditional then, and its
 * answer may be a 304.
 */
typedef void fetch_known_fn(
    void *ctx, void *user, const struct url *at, struct fetch_known *out);

/* Takes the body of a 200 as it arrives; false stops. */
typedef bool fetch_sink_fn(void *ctx, void *user, const char *p, size_t n);

/*
 * May one more request begin while bodies of so many bytes are being read?
 * Asked again at every turn.
 */
typedef bool fetch_room_fn(void *ctx, size_t bytes);

/*
 * Asks when the host may be asked; the answer comes by fetcher_permit, now or
 * later.
 */
typedef void fetch_permit_fn(void *ctx, const struct permit_ask *q);

struct fetch_policy {
	const char *user_agent;
	const char *accept;          /* Accept; NULL: any */
	const char *accept_language; /* NULL: none sent */
	const struct guard *guard;   /* NULL: none (operator's own URLs) */
	const char *connect_to; /* "host:port:address:port", commas; NULL */
	const char *ca_file;    /* PEM authorities; NULL: the system's */
	int max_in_flight;      /* all hosts together */
	int max_per_host;       /* all jobs together; adapts below it */
	long delay_ms;          /* between starts on one host; 0: none */
	long gap_us;            /* the same, as a ceiling; 0: none */
	long own_gap_us;        /* for addresses of the guard's list */
	size_t max_bytes;       /* decoded, per fetch */
	long connect_ms;        /* name, connection and TLS */
	long total_ms;          /* one request */
	long low_speed_bytes;   /* per second, averaged ... */
	long low_speed_s;       /* ... over so long is too slow; 0: off */
	int max_redirects;
	int max_retries;    /* per fetch, transient failures only */
	long retry_base_ms; /* doubles with each retry */
	/*
	 * A page is not fetched again after a longer Retry-After, but the host
	 * is left alone for so long.  After max_refusals of that in a row the
	 * rest of its pages is not tried; 0: they are.
	 */
	long max_retry_after_ms;
	int max_refusals;
	const volatile sig_atomic_t *stop; /* set by a signal; NULL */
	fetch_done_fn *done;
	fetch_follow_fn *follow;      /* NULL: every redirect */
	fetch_accept_fn *accept_body; /* NULL: every type */
	fetch_known_fn *known;        /* NULL: nothing is known */
	fetch_room_fn *room;          /* NULL: there always is */
	fetch_permit_fn *permit;      /* NULL: this fetcher is the only one */
	void *ctx;                    /* for the callbacks */
};

struct fetch_opts {
	size_t max_bytes;    /* 0: the policy's */
	long total_ms;       /* 0: the policy's */
	fetch_sink_fn *sink; /* NULL: buffered */
};

struct fetcher;

/* fetcher_new: copies the policy's strings.  E_INPUT: a bad connect_to. */
enum rc fetcher_new(const struct fetch_policy *p, struct fetcher **out,
    const char **why) MUST_CHECK;

/* fetcher_free: stops everything at once, without a callback. */
void fetcher_free(struct fetcher *f);

/*
 * fetcher_add: queues a URL; opts is copied, may be NULL.  A bad URL ends in
 * done like any other failure.  May be called from done.
 */
void fetcher_add(struct fetcher *f, const char *url, void *user,
    const struct fetch_opts *opts);

/*
 * fetcher_poll: moves transfers on and calls back; waits at most timeout_ms
 * for that or for extra (n of them, revents is filled in).  E_STOPPED when
 * the policy's stop flag is set.
 */
enum rc fetcher_poll(struct fetcher *f, struct curl_waitfd *extra, unsigned n,
    long timeout_ms) MUST_CHECK;

size_t fetcher_pending(const struct fetcher *f); /* added, not done */

/* fetcher_permit: what permit was asked for the host; unknown ones pass. */
void fetcher_permit(
    struct fetcher *f, const char *host, const struct permit *p);

/* fetcher_delay: Crawl-delay of the URL's host, at least the policy's. */
void fetcher_delay(struct fetcher *f, const struct url *u, long delay_ms);

#endif
