/*
 * model_http: one request to a model provider's server, its answer as a stream.
 *
 * The address is the operator's, from the configuration, so the address
 * guard of crawling does not apply; redirects are not followed, so a key
 * goes nowhere else.  Four clocks run apart: to connect, to the first byte
 * of the answer, between two pieces, and in all.
 */
#ifndef WORKER_MODEL_HTTP_H
#define WORKER_MODEL_HTTP_H

#include "core/arena.h"

#include <stdbool.h>
#include <stddef.h>

enum model_http_error {
	MODEL_HTTP_OK,         /* the whole answer came */
	MODEL_HTTP_DNS,        /* the host does not resolve */
	MODEL_HTTP_REFUSED,    /* nothing listens there */
	MODEL_HTTP_CONNECT,    /* not connected in time */
	MODEL_HTTP_TLS,        /* certificate or handshake */
	MODEL_HTTP_FIRST_BYTE, /* connected, but no answer in time */
	MODEL_HTTP_SILENCE,    /* stopped in the middle */
	MODEL_HTTP_TOTAL,      /* took too long in all */
	MODEL_HTTP_BROKEN,     /* closed early, or not HTTP */
	MODEL_HTTP_BAD_URL,    /* the configured address is no URL */
	MODEL_HTTP_SINK,       /* the sink had enough */
	MODEL_HTTP_STOPPED,    /* stopping() said so */
	MODEL_HTTP_MAX
};

struct model_http {
	/* In. */
	const char *url;
	const char *const *headers; /* "name: value", ended by NULL; may be
				       NULL */
	const char *body;           /* NULL: GET; else POST of JSON */
	int connect_ms, first_byte_ms, silence_ms, total_ms;
	/* Bytes of an answer of status 200; false: enough. */
	bool (*sink)(void *ctx, const char *p, size_t n);
	bool (*stopping)(void *ctx); /* may be NULL */
	void *ctx;                   /* for both */

	/* Out; strings in the arena. */
	int status; /* 0: no answer */
	enum model_http_error error;
	const char *error_text; /* libcurl's words, for logs */
	const char *error_body; /* of another status, at most 64 KiB */
	size_t error_len;
	const char *content_type; /* header values, or NULL */
	const char *retry_after;
	const char *retry_after_ms;
	const char *should_retry; /* x-should-retry */
	const char *request_id;   /* x-request-id */
};

/* model_http_run: does it; blocks until it ended. */
void model_http_run(struct model_http *h, struct arena *a);

/*
 * model_http_why: the error as a sentence: what happened to what server and
 * what to do.  name is the provider's label ("Ollama").
 */
const char *model_http_why(
    const struct model_http *h, struct arena *a, const char *name);

/*
 * model_retry_ms: what Retry-After (seconds or a date) or retry-after-ms ask
 * for, in ms from now; 0 when they ask for nothing one can read.
 */
long model_retry_ms(const struct model_http *h);

#endif
