/*
 * The three transports, as ws/server.c calls them.  What they share by HTTP
 * (query, session, the wait for the room) is in held.c.
 */
#ifndef WS_TRANSPORT_TRANSPORT_H
#define WS_TRANSPORT_TRANSPORT_H

#include "ws/client.h"
#include "ws/conn.h"

extern const struct transport transport_ws;
extern const struct transport transport_sse;
extern const struct transport transport_poll;

/* ---- WebSocket: 0, or -1 to close, as libwebsockets wants it ---------- */

/* ws_wanted: whether the request asks for an upgrade. */
bool ws_wanted(struct live_request *rq);

/* ws_admit: whether it gets it; false when the answer is under way. */
bool ws_admit(struct live_request *rq);

/* ws_open: upgrades. */
int ws_open(struct live_request *rq);
int ws_receive(struct client *c, const char *p, size_t len);
int ws_write(struct client *c);
void ws_closed(struct client *c);

/* ---- held responses --------------------------------------------------- */

/* held_open: GET /events or /poll; answers problems by itself. */
void held_open(struct live_request *rq, const struct transport *t);
void held_closed(struct client *c);

int sse_write(struct client *c);
int poll_write(struct client *c);

#endif
