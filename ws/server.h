/*
 * server: libwebsockets on our loop: paths, callbacks, and who gets them.
 *
 * live.socket is a unix socket ("/path"), or host:port for a sidecar on
 * another machine than its front server.
 */
#ifndef WS_SERVER_H
#define WS_SERVER_H

struct live;

/* server_open: listens; fatal when it cannot. */
void server_open(struct live *l);

/* server_close: ends all connections and frees what they had. */
void server_close(struct live *l);

#endif
