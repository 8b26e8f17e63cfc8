/*
 * users: the user that each part runs as when root starts Platen.
 *
 * No user is created: as systemd does for its dynamic users, we take ids that
 * nobody has, a block of them for each folder (run.var), so that two Platens
 * on one machine cannot reach each other either.
 */
#ifndef CLI_USERS_H
#define CLI_USERS_H

#include "cli/var_dir.h"

#include <stdbool.h>
#include <sys/types.h>

struct users {
	bool apart; /* false: we are not root, so all run as our user */
	uid_t front, web, live, redis, slot; /* groups of the same numbers */
};

/* users_choose: the block that this folder has, or a free one. */
void users_choose(struct users *u, const struct var_dir *v);

/*
 * users_chown: the folder var/NAME belongs to uid and to group gid, with all
 * that is in it; mode is the folder's own.  Does nothing unless apart.
 */
void users_chown(const struct users *u, const struct var_dir *v,
    const char *name, uid_t uid, gid_t gid, mode_t mode);

#endif
