/*
 * join: answering one request to listen.
 *
 * The room is subscribed before anything is read, so nothing can fall between
 * what is read and what is heard.  Ownership and present states come from
 * PostgreSQL.  With a cursor that can be resumed, the events after it follow;
 * else the present state of each generation, as of one moment of the stream.
 * While Redis is away the present state comes from PostgreSQL alone, without
 * a cursor, and again once Redis is back.
 */
#ifndef WS_JOIN_H
#define WS_JOIN_H

#include "ws/client_request.h"

struct client;
struct join;
struct update;

/*
 * join_start: c->join must be NULL.  again: the client listens already and
 * gets the present state anew.
 */
void join_start(struct client *c, const struct ask *ask, bool again);

/* join_step: something it may wait for has happened. */
void join_step(struct join *j);

/* join_restart: what it has read is void. */
void join_restart(struct join *j);

/* join_free: also clears c->join. */
void join_free(struct join *j);

#endif
