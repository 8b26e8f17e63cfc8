/* privileges: what a process gives up once it has opened what it needs. */
#ifndef CORE_PRIVILEGES_H
#define CORE_PRIVILEGES_H

#include <sys/types.h>

/*
 * privileges_drop: root becomes uid, with the group of the same number and no
 * other; anyone else, and uid 0, stays who it is.  Then, for all: a program it
 * executes gains nothing (no_new_privs), and processes of the same user can
 * read neither its memory nor its environment.  Exits by fatal() when
 * refused.
 */
void privileges_drop(uid_t uid);

#endif
