/*
 * role_passwords: the passwords of our processes for the private PostgreSQL and
 * Redis.
 *
 * Each process has its own, as its role in PostgreSQL and as its user in
 * Redis, in a file of run.var/keys/ that only the user who runs Platen can read
 * (conf_set_identity() of core/conf.h).  keys/pgpass has those of all roles,
 * for libpq and psql: PGPASSFILE names it.
 */
#ifndef CLI_ROLE_PASSWORDS_H
#define CLI_ROLE_PASSWORDS_H

#include "cli/var_dir.h"

#include <stdbool.h>

enum keyholder { KEY_WEB, KEY_LIVE, KEY_WORKER, KEY_OPERATOR, KEY_MAX };

struct role_passwords {
	bool fresh; /* made now: the servers do not know them yet */
	char password[KEY_MAX][65];
};

extern const char *const key_names[KEY_MAX]; /* "web", of Redis and of files */
extern const char *const key_roles[KEY_MAX]; /* "platen_web" */

/* role_passwords_read: what keys/ holds; where one is missing all are made
 * anew. */
void role_passwords_read(struct role_passwords *k, const struct var_dir *v);

/* role_passwords_create: writes fresh ones to the disk; call it once PostgreSQL
 * has them.
 */
void role_passwords_create(struct role_passwords *k, const struct var_dir *v);

#endif
