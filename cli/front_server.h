/* front_server: lighttpd as a service of `platen run`. */
#ifndef CLI_FRONT_SERVER_H
#define CLI_FRONT_SERVER_H

#include "cli/users.h"
#include "cli/service_group.h"
#include "core/conf.h"

/*
 * front_server_listen: the socket of run.bind and run.port, which stays ours
 * while lighttpd comes and goes; exits with a sentence when it cannot be had.
 */
int front_server_listen(const struct conf *c);

/*
 * front_server_add: lighttpd with ROOT/lighttpd.conf and the variables it uses;
 * its spec.input_fd is to be that socket.  It starts no platen-web (cli/web.h),
 * holds no secret, and reaches what it needs through descriptors.
 */
struct service *front_server_add(struct service_group *w, const struct conf *c,
    const struct users *u, const char *root);

/* front_server_ready: GET /readyz answers 200; waits for up to half a second.
 */
bool front_server_ready(const struct conf *c);

/* front_server_url: where a browser on this machine finds it. */
const char *front_server_url(struct arena *a, const struct conf *c);

#endif
