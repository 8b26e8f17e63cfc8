/*
 * supervisor: the process platen-worker, one thread and one poll() loop.
 *
 * It claims jobs, gives them to the slots, keeps what they report, renews
 * the leases and watches the other workers.  It outlives restarts of Redis
 * and of PostgreSQL: what ends meanwhile is kept and written afterwards.
 */
#ifndef WORKER_SUPERVISOR_SUPERVISOR_H
#define WORKER_SUPERVISOR_SUPERVISOR_H

#include "core/conf.h"

/*
 * supervisor_run: serves the lanes of these names (those of the providers,
 * ended by NULL) until SIGTERM or SIGINT (jobs may finish within
 * worker.stop_seconds, the rest is handed back; a second signal hands back
 * at once).  Returns the exit code.
 */
int supervisor_run(struct conf *conf, const char *const *lanes);

#endif
