/*
 * fetch_transfer: one request with curl, and what its answer means.  The
 * fetcher (fetch.c) queues, starts and ends them; fetch_error.c says what
 * went wrong.
 */
#ifndef WORKER_FETCH_FETCH_TRANSFER_H
#define WORKER_FETCH_FETCH_TRANSFER_H

#include "core/arena.h"
#include "worker/fetch/fetch.h"
#include "worker/fetch/fetch_host.h"

#include <stdint.h>

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

/* fetch_transfer_read: the answer's headers into the task's result. */
void fetch_transfer_read(struct fetch_transfer *t);

enum fetch_next {
	NEXT_END,   /* the result is complete */
	NEXT_RETRY, /* the same hop again, not before task->not_before */
	NEXT_HOP,   /* task->at is another URL now */
};

/* fetch_transfer_decide: what to do after a request that ended with code. */
enum fetch_next fetch_transfer_decide(
    struct fetch_transfer *t, CURLcode code, int64_t now);

/* fetch_host_of: the host of u, made when it is new. */
struct fetch_host *fetch_host_of(struct fetcher *f, const struct url *u);

/* fetch_host_label: host (and port, if odd) of a URL as sentences name it. */
const char *fetch_host_label(struct arena *a, const struct url *u);

/* fetch_explain: sets error and its sentence. */
void fetch_explain(struct fetcher *f, struct fetch_task *k,
    enum fetch_error error, const struct fetch_transfer *t);

/* fetch_explain_status: the sentence for an answer of 400 and over. */
void fetch_explain_status(struct fetch_task *k);

/* fetch_is_routed: an entry of connect_to says where u's host leads. */
bool fetch_is_routed(const struct fetcher *f, const struct url *u);

#endif
