/*
 * confine: what a slot gives up for good before its first job.
 *
 * A slot visits sites and runs no program.  So seccomp forbids it to start
 * programs, to look into other processes, to mount or load anything, and to
 * open a unix socket: PostgreSQL, Redis and the like listen on those, and may
 * trust its user.  Landlock, where the kernel has it, leaves the slot the
 * current folder to write and what the resolver and TLS read; this matters
 * when the slot runs as the same user as its supervisor.
 */
#ifndef WORKER_SLOT_CONFINE_H
#define WORKER_SLOT_CONFINE_H

#include "core/rc.h"

/*
 * confine_calls: seccomp; E_UNAVAILABLE where the kernel refuses that.  Needs
 * no_new_privs.  A name service behind a unix socket (nscd,
 * systemd-resolved) is skipped; DNS is asked directly.
 */
MUST_CHECK enum rc confine_calls(void);

/*
 * confine_files: Landlock for the current folder; E_NOTFOUND where the kernel
 * has none, E_UNAVAILABLE where it refuses.
 */
MUST_CHECK enum rc confine_files(void);

#endif
