/*
 * http_head: the request line and the headers of an HTTP request (RFC 9112).
 *
 * We parse them ourselves because libwebsockets closes the connection on what
 * it cannot read, and a front server takes that for an outage.  Here every
 * request gets an answer.
 */
#ifndef WS_HTTP_HEAD_H
#define WS_HTTP_HEAD_H

#include "core/arena.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Request line and headers together, bytes; more is not read.  Over what
 * lighttpd takes (server.max-request-field-size) and adds.
 */
#define HTTP_HEAD_MAX 36864
#define HTTP_HEAD_FIELDS_MAX 128
#define HTTP_HEAD_ARGS_MAX 16

struct http_head_field {
	const char *name;
	const char *value;
};

/* All strings are in the arena of the call. */
struct http_head {
	const char *method; /* "" when there is none to be read */
	const char *path;   /* decoded; "" the same */
	int minor;          /* of HTTP/1.x */
	struct http_head_field fields[HTTP_HEAD_FIELDS_MAX];
	int nfields;
	struct http_head_field
	    args[HTTP_HEAD_ARGS_MAX]; /* of the query, decoded */
	int nargs;
	bool too_many_args;
};

/*
 * http_head_length: how many of the bytes are the head, its empty line
 * included; 0 while that has not come.
 */
size_t http_head_length(const char *p, size_t len);

/*
 * http_head_parse: 0, or the status to refuse it with: then *why is a sentence,
 * and method and path are there as far as they could be read.
 */
int http_head_parse(struct arena *a, const char *p, size_t len,
    struct http_head *out, const char **why);

/*
 * http_head_field: by its name in lower case; several of them as one list.
 * NULL: there is none.
 */
const char *http_head_field(
    struct arena *a, const struct http_head *h, const char *name);

/* http_head_has_token: in a list divided by commas, in any case. */
bool http_head_has_token(const char *list, const char *token);

/* http_head_first_token: the first token (RFC 9110, 5.6.2), or NULL. */
const char *http_head_first_token(struct arena *a, const char *list);

#endif
