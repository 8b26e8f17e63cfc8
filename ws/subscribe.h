/*
 * subscribe: the answer to one subscribe request.
 *
 * The room's channel is subscribed before anything is read, so no event falls
 * between what is read and what is heard.  PostgreSQL says which generations
 * are the account's, and has their states.  With a cursor that can be resumed
 * the events after it follow; else the snapshot of each generation, as of one
 * moment of the stream.  While Redis is down the snapshots come from PostgreSQL
 * alone, without a cursor, and again once Redis is back.
 */
#ifndef WS_SUBSCRIBE_H
#define WS_SUBSCRIBE_H

#include "ws/client_request.h"

struct client;
struct subscribe_call;
struct update;

/*
 * subscribe_start: c->subscribing must be NULL.  refresh: the client listens
 * already and gets the snapshots again.
 */
void subscribe_start(
    struct client *c, const struct client_request *rq, bool refresh);

/* subscribe_step: continues, if what it waits for has happened. */
void subscribe_step(struct subscribe_call *j);

/* subscribe_restart: what it has read is void; begins again. */
void subscribe_restart(struct subscribe_call *j);

/* subscribe_free: also clears c->subscribing. */
void subscribe_free(struct subscribe_call *j);

#endif
