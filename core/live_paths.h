/*
 * live_paths: the paths that platen-live answers, because it holds the request
 * until there is something to say.
 *
 * platen-web must know them, too: what a front server refuses comes to it.
 * lighttpd.conf and etc/apache.conf route them.
 */
#ifndef CORE_LIVE_PATHS_H
#define CORE_LIVE_PATHS_H

#define LIVE_PATH_WS "/ws" /* and what is below it */
#define LIVE_PATH_WS_STATUS "/ws/status"
#define LIVE_PATH_SOCKET_IO "/socket.io" /* and what is below it */
#define LIVE_PATH_EVENTS "/events"
#define LIVE_PATH_POLL "/poll"
#define LIVE_PATH_HOST "/api/v1/stats/host"
#define LIVE_PATH_HOST_SHORT "/api/stats/host"

#endif
