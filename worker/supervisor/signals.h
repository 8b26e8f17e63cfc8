/* signals: as a descriptor, for the supervisor's poll(). */
#ifndef WORKER_SUPERVISOR_SIGNALS_H
#define WORKER_SUPERVISOR_SIGNALS_H

#include <signal.h>

/*
 * signals_open: SIGTERM, SIGINT and SIGCHLD come through the descriptor from
 * now on; SIGHUP and SIGPIPE are ignored.  The children must unblock them.
 */
int signals_open(void);

/* signals_next: the next that came; 0: none. */
int signals_next(int fd);

#endif
