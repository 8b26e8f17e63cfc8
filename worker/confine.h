/*
 * confine: what a slot gives up for good before its first job.
 *
 * It visits sites and runs no program: so seccomp refuses to start one, to
 * look into other processes, to mount or to load anything, and to open a unix
 * socket, behind which PostgreSQL, Redis and the like listen even where they
 * know it as a friend.  Landlock, where the kernel has it, leaves it the
 * current folder to write and what the resolver and TLS read; it matters where
 * the slot has the user of its supervisor.
 */
#ifndef WORKER_CONFINE_H
#define WORKER_CONFINE_H

#include "core/rc.h"

/*
 * confine_calls: seccomp; E_UNAVAILABLE where the kernel refuses that.  Needs
 * no_new_privs.  A name service that is asked by a socket (nscd,
 * systemd-resolved) is passed over; DNS is asked itself.
 */
MUST_CHECK enum rc confine_calls(void);

/*
 * confine_files: Landlock for the current folder; E_NOTFOUND where the kernel
 * has none, E_UNAVAILABLE where it refuses.
 */
MUST_CHECK enum rc confine_files(void);

#endif
