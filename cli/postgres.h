/*
 * postgres: the private PostgreSQL under run.var, as a service of `platen run`.
 *
 * It listens on a unix socket only (run/pg/), and each of our processes has a
 * role and a password of its own (cli/role_passwords.h): the user it runs as
 * does not matter.  It refuses root, so for root it runs as the owner of pg/,
 * which is "postgres" when it is made.  It is given its folders as descriptors:
 * no folder above them has to be open to its user, and their paths may be
 * longer than a socket's.
 */
#ifndef CLI_POSTGRES_H
#define CLI_POSTGRES_H

#include "cli/role_passwords.h"
#include "cli/service_group.h"

struct postgres {
	const struct var_dir *var; /* borrowed */
	const char *programs;      /* folder of postgres and initdb */
	struct process_spec as;    /* who it runs as */
	int data, sockets;         /* descriptors of pg/ and run/pg/ */
	struct service *service;
};

/*
 * postgres_add: finds its programs and its user, and adds it to the group; p
 * must outlive that.  Exits with a sentence when there is neither.
 */
void postgres_add(struct postgres *p, struct service_group *w);

/*
 * postgres_make: makes the cluster and its database where there is none,
 * which takes a second or two, and readies them for the start; fresh keys
 * become the passwords of the roles.  Exits with a sentence when it cannot.
 */
void postgres_make(struct postgres *p, const struct role_passwords *k);

/* postgres_ready: it takes connections. */
bool postgres_ready(const struct postgres *p);

#endif
