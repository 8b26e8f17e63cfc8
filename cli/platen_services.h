/*
 * platen_services: our own programs as services of `platen run`: platen-live,
 * platen-worker, platen-web.
 *
 * Each gets one descriptor with its settings and the secrets it uses, and one
 * of the folder run.var.  Under root each becomes a user of its own once it
 * listens; of the worker only the slots do.
 */
#ifndef CLI_PLATEN_SERVICES_H
#define CLI_PLATEN_SERVICES_H

#include "cli/users.h"
#include "cli/service_group.h"
#include "core/conf.h"

/* platen_services_add_live: the sidecar. */
struct service *platen_services_add_live(
    struct service_group *w, const struct conf *c, const struct users *u);

/* platen_services_add_worker: the supervisor. */
struct service *platen_services_add_worker(
    struct service_group *w, const struct conf *c, const struct users *u);

/*
 * platen_services_add_web: web.processes of platen-web on one socket,
 * run/web.sock, which is ours, so that no request is refused while a process
 * restarts; and, where lighttpd is another user, the process that trims its
 * request bodies.
 */
void platen_services_add_web(
    struct service_group *w, const struct conf *c, const struct users *u);

#endif
