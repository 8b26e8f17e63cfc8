/*
 * redis_server: the private Redis under run.var, as a service of `platen run`.
 *
 * On a unix socket only (run/redis/redis.sock), with an append-only file that
 * is flushed every second.  Each of our processes is a user of its own
 * (cli/role_passwords.h, cli/redis_users.def), and nobody gets in without a
 * password.
 */
#ifndef CLI_REDIS_SERVER_H
#define CLI_REDIS_SERVER_H

#include "cli/role_passwords.h"
#include "cli/users.h"
#include "cli/service_group.h"

struct service *redis_server_add(struct service_group *w, const struct users *u,
    const struct role_passwords *k);

/* redis_server_ready: it answers at url and has loaded its data. */
bool redis_server_ready(const char *url);

/*
 * redis_server_set_aside: moves data that Redis refuses to load out of the
 * way; Platen loses nothing by it.  False when there was nothing to move.
 */
bool redis_server_set_aside(const struct var_dir *v, const struct users *u);

#endif
