/*
 * permit: when requests may be sent to a host, for all jobs together.
 *
 * Each fetcher of a host asks for a share of the requests that may be in
 * flight there, and for times to start some.  A fetcher that has not asked for
 * a while loses its share.  The window of a host is halved when the host is
 * overloaded, and grows by one with each round of good answers after that.
 * Between two starts lies the gap of the rate limit or the Crawl-delay; with a
 * delay one request is in flight at a time.  When more fetchers ask than may be
 * in flight, they take turns, the one that has waited longest first.
 *
 * The rules are written twice: here for one process, and in
 * sql/redis/host_permit.lua for all workers together.
 */
#ifndef CORE_PERMIT_H
#define CORE_PERMIT_H

#include <stdbool.h>
#include <stdint.h>

/* No delay, pause or rest is longer, ms. */
#define PERMIT_MS_MAX 86400000L

/* Longest name of a host, "host:port", bytes. */
#define PERMIT_HOST_BYTES 300

/* A host whose limit is its window lets so many start: as many as fit. */
#define PERMIT_ANY 1000000

struct permit_ask {
	const char *host; /* "example.org", with a port if unusual */
	int in_flight;    /* requests of this asker there now */
	int want;         /* that it could start; 0 and none in flight: it
			     leaves */
	int window;       /* most in flight, all askers together */
	long gap_us;      /* between two starts at least; 0: none */
	long delay_ms;    /* the same, as the host or the operator asks */
	bool knows_delay; /* robots.txt was read, so others need not tell */
	/* Since it asked last: */
	int good;       /* answers */
	bool bad;       /* the host was overloaded ... */
	long pause_ms;  /* ... and is to be left alone for so long */
	long refused_s; /* it wants a longer rest (Retry-After); 0: no */
	int refusals;   /* after so many of those in a row it gets it */
};

struct permit {
	int share;     /* most in flight for this asker */
	int starts;    /* that it may start, ... */
	long wait_ms;  /* ... the first after this; with none: ask again then */
	long gap_us;   /* between two of them */
	long renew_ms; /* ask again after this, whatever happens */
	long gave_up_s; /* the host wants no visits for so long; 0: it does */
};

struct permits;

struct permits *permits_new(void);
void permits_free(struct permits *p); /* NULL is fine */

/*
 * permits_ask: what the asker (any word that is its own) may do at now_us, a
 * monotonic time.  It is bounded: of many hosts the one that was asked for
 * longest ago is forgotten.
 */
void permits_ask(struct permits *p, const char *asker,
    const struct permit_ask *q, int64_t now_us, struct permit *out);

#endif
