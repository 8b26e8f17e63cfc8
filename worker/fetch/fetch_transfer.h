/*
 * fetch_transfer: one request with curl, and what its answer means.  The
 * fetcher (fetch.c) queues, starts and ends them; fetch_error.c says what
 * went wrong.
 */
#ifndef WORKER_FETCH_FETCH_TRANSFER_H
#define WORKER_FETCH_FETCH_TRANSFER_H

#include "core/arena.h"
#include "worker/fetch/fetch.h"

#include <stdint.h>

/*
 * A host as a fetcher sees it: what waits for it, what may be started there
 * (permit.h), and what is to be told at the next question.  Times are
 * milliseconds of the monotonic clock and given by the caller, so nothing here
 * waits.
 */

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

/* ---- requests ------------------------------------------------------------ */

/* A body buffer larger than this is not kept for the next page. */
#define FETCH_KEPT_BYTES (1 << 20)

/* One URL added, through all its redirects and retries. */
struct fetch_task {
	struct fetch_task *next; /* in a queue */
	struct arena a;          /* owns the strings below */
	void *user;
	struct fetch_opts opts;
	struct url first; /* as added */
	struct url at;    /* the present hop */
	struct fetch_hop *hops;
	size_t hop_n;
	struct fetch_host *host; /* of the present hop */
	struct buf body;
	struct fetch_result result; /* filled in as it goes */
	int64_t begun;              /* 0: not yet */
	int64_t not_before;         /* of a retry */
	int retries;
	bool identity; /* ask without compression */
	bool fresh;    /* ask on a new connection */
};

/* What is read of an answer is decided at its first byte. */
enum fetch_reading {
	READING_NOT_YET,
	READING_BODY,
	READING_SINK,
	READING_NOTHING, /* of a redirect */
};

/* One request; its easy handle is used again and again. */
struct fetch_transfer {
	struct fetch_transfer *next; /* idle ones */
	struct fetcher *f;
	struct fetch_task *task; /* NULL: idle */
	CURL *easy;
	struct curl_slist *headers; /* its own; NULL: the fetcher's */
	struct guard_watch watch;
	enum fetch_reading reading;
	size_t bytes; /* decoded */
	enum fetch_error
	    refused;   /* why reading stopped; FETCH_OK: it did not */
	bool identity; /* as its handle is set */
	char detail[CURL_ERROR_SIZE];
};

struct fetcher {
	struct fetch_policy policy;
	struct arena a; /* owns the policy's strings and the hosts */
	CURLM *multi;
	struct curl_slist *headers;
	struct curl_slist *connect_to;
	struct fetch_host *hosts;
	struct permits *permits;          /* without the policy's permit */
	struct fetch_transfer *transfers; /* all: max_in_flight of them */
	struct fetch_transfer *idle;
	struct fetch_task *ended, **ended_tail; /* done is still to be called */
	struct fetch_task *spare;               /* to be used again */
	size_t in_flight;
	size_t pending;
};

/* fetch_transfer_init, _release: the handle and what never changes in it. */
void fetch_transfer_init(struct fetcher *f, struct fetch_transfer *t);
void fetch_transfer_release(struct fetch_transfer *t);

/* fetch_transfer_start: sends the request of the task's present hop. */
void fetch_transfer_start(struct fetch_transfer *t, struct fetch_task *k);

/*
 * fetch_transfer_tls: what the request that ended says of its host's https
 * connections.
 */
enum fetch_tls fetch_transfer_tls(const struct fetch_transfer *t);

enum fetch_next {
	NEXT_END,   /* the result is complete */
	NEXT_RETRY, /* the same hop again, not before task->not_before */
	NEXT_HOP,   /* task->at is another URL now */
};

/* fetch_transfer_decide: what to do after a request that ended with code. */
enum fetch_next fetch_transfer_decide(
    struct fetch_transfer *t, CURLcode code, int64_t now);

/* fetch_explain: sets error and its sentence. */
void fetch_explain(struct fetcher *f, struct fetch_task *k,
    enum fetch_error error, const struct fetch_transfer *t);

/* fetch_explain_status: the sentence for an answer of 400 and over. */
void fetch_explain_status(struct fetch_task *k);

/* fetch_is_routed: an entry of connect_to says where u's host leads. */
bool fetch_is_routed(const struct fetcher *f, const struct url *u);

#endif
