/*
 * own: our own programs as members of the watch: platen-live, platen-worker,
 * platen-web.
 *
 * Each gets its settings by descriptor, with those secrets that it uses, and
 * the folder run.var as another.  Started by root, all but the worker become
 * users of their own once they listen; the worker's slots do.
 */
#ifndef CLI_OWN_H
#define CLI_OWN_H

#include "cli/users.h"
#include "cli/watch.h"
#include "core/conf.h"

/* own_live: the sidecar. */
struct member *own_live(
    struct watch *w, const struct conf *c, const struct users *u);

/* own_worker: the supervisor. */
struct member *own_worker(
    struct watch *w, const struct conf *c, const struct users *u);

/*
 * own_web: web.processes of platen-web on one socket, run/web.sock, which is
 * ours, so that none is refused while one is started again; and, where
 * lighttpd is another user, the one that looks after its request bodies.
 */
void own_web(struct watch *w, const struct conf *c, const struct users *u);

#endif
