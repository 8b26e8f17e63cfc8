/*
 * The three transports.  ws/server.c opens a connection here; from then on it
 * calls the members of struct transport (ws/client.h).
 */
#ifndef WS_TRANSPORT_TRANSPORT_H
#define WS_TRANSPORT_TRANSPORT_H

#include "ws/client.h"
#include "ws/conn.h"

extern const struct transport transport_ws;
extern const struct transport transport_sse;
extern const struct transport transport_poll;

/* ws_is_upgrade: whether the request asks for a WebSocket. */
bool ws_is_upgrade(struct live_request *rq);

/* ws_open: upgrades, or answers a problem; -1: close the connection. */
int ws_open(struct live_request *rq);

/* held_response_open: GET /events or /poll; answers problems by itself. */
void held_response_open(struct live_request *rq, const struct transport *t);

#endif
