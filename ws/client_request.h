/* client_request: what a client asks for, by any transport and dialect. */
#ifndef WS_CLIENT_REQUEST_H
#define WS_CLIENT_REQUEST_H

#include "core/arena.h"
#include "core/rc.h"
#include "ws/uuid.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Generations named in one request, and by one connection: the same on every
 * transport.  So many fit into an address that every front server takes.
 */
#define REQUEST_IDS_MAX 100

enum client_request_kind { CLIENT_SUBSCRIBE, CLIENT_UNSUBSCRIBE, CLIENT_PING };

struct client_request {
	enum client_request_kind kind;
	bool all;         /* of all generations: no ids were named */
	struct uuid *ids; /* in the arena, each once */
	int n;
	const char **invalid; /* named, but not UUIDs; in the arena */
	int ninvalid;
	const char *cursor; /* as given, or NULL */
};

/*
 * client_request_parse: reads a message
 * {"type":"subscribe","payload":{"generationIds":[...],"cursor":...}}; the
 * members of the payload may also stand beside "type".  E_INPUT: *why is a
 * sentence that says what is wrong with it.
 */
enum rc client_request_parse(struct arena *a, const char *text, size_t len,
    struct client_request *out, const char **why) MUST_CHECK;

/* client_request_parse_ids: "a,b" of a query string; NULL or "" is all. */
enum rc client_request_parse_ids(struct arena *a, const char *list,
    struct client_request *out, const char **why) MUST_CHECK;

#endif
