/* ask: what a client asks for, whatever its transport and dialect. */
#ifndef WS_CLIENT_REQUEST_H
#define WS_CLIENT_REQUEST_H

#include "core/arena.h"
#include "core/rc.h"
#include "ws/uid.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Generations named in one request, and by one connection: the same on every
 * transport.  So many fit into an address that every front server takes.
 */
#define ASK_IDS_MAX 100

enum client_request_kind { CLIENT_SUBSCRIBE, CLIENT_UNSUBSCRIBE, CLIENT_PING };

struct ask {
	enum client_request_kind kind;
	bool all;        /* no ids were named */
	struct uid *ids; /* in the arena, each once */
	int n;
	const char **wrong; /* named, but no ids; in the arena */
	int nwrong;
	const char *cursor; /* as given, or NULL */
};

/*
 * client_request_generations: reads
 * {"type":"subscribe","payload":{"generationIds":
 * [...],"cursor":...}}; the fields of the payload may stand beside "type" as
 * well.  E_INPUT: *why says what is wrong with it.
 */
enum rc client_request_generations(struct arena *a, const char *text,
    size_t len, struct ask *out, const char **why) MUST_CHECK;

/* client_request_list: "a,b" of a query string as ids; NULL or "" is all. */
enum rc client_request_list(struct arena *a, const char *list, struct ask *out,
    const char **why) MUST_CHECK;

#endif
