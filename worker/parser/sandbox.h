/*
 * sandbox: what a process gives up before it reads hostile bytes.
 */
#ifndef WORKER_PARSER_SANDBOX_H
#define WORKER_PARSER_SANDBOX_H

#include "core/rc.h"

#include <stddef.h>
#include <sys/types.h>

/*
 * sandbox_isolate: for a fresh fork whose only business is fd.  fd becomes
 * descriptor 0 and every other one is closed; the environment is wiped;
 * signals of the terminal and of service managers are ignored, the rest are
 * as after exec; the process dies with its parent (whose pid that is), is not
 * dumpable and gains no privileges.  E_UNAVAILABLE when the parent is gone
 * already.
 */
MUST_CHECK enum rc sandbox_isolate(int fd, pid_t parent);

/*
 * sandbox_limit: at most memory more bytes of address space than now; no core
 * file, no new descriptor, no process, no file growth.
 */
MUST_CHECK enum rc sandbox_limit(size_t memory);

/*
 * sandbox_close: from here on only memory, clocks, the CPU timer and reading
 * and writing descriptor 0.  Starting a program, tracing or opening a network
 * kills the process; every other system call fails with EPERM.
 */
MUST_CHECK enum rc sandbox_close(void);

#endif
