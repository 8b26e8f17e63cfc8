/*
 * service_group: a table of processes that are kept running.
 *
 * Invariants: a service that ends is started again, at once the first time,
 * then after 0.2, 0.4 ... 5 s, until it has lived for 10 s.  Whatever a dead
 * service leaves behind becomes our child (a subreaper) and is killed, so
 * nothing outlives the group.  SIGINT, SIGTERM and SIGHUP ask for the end; a
 * second one hurries.
 */
#ifndef CLI_SERVICE_GROUP_H
#define CLI_SERVICE_GROUP_H

#include "cli/process.h"
#include "cli/var_dir.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define SERVICES_MAX 80 /* web.processes, and the others */

struct service {
	const char *name; /* run/NAME.pid */
	const char *log;  /* log/LOG.log; NULL: as the name */
	struct process_spec spec;
	int stop_signal;  /* asks it to end in good order */
	int hurry_signal; /* asks it to end now */
	int stop_ms;      /* how long it may take for that; then SIGKILL */
	/* Called before each start, to clear what an earlier one left. */
	void (*prepare)(void *arg);
	void *arg;

	pid_t pid;           /* 0 while it does not run */
	int64_t started_ms;  /* when it last started */
	int64_t again_ms;    /* when to start it again; 0: not */
	int backoff_ms;      /* the next wait */
	long log_offset;     /* where its last start begins in the log */
	const char *pidfile; /* owned by the arena */
};

struct service_group {
	const struct var_dir *var; /* borrowed */
	struct service services[SERVICES_MAX];
	int n;
	int signals; /* signalfd */
	int asked;   /* how often the end was asked for */
	int64_t trimmed_ms;
};

enum service_event { SERVICE_TIMEOUT, SERVICE_END_ASKED, SERVICE_DIED };

/* service_group_init: takes over the signals.  Call it before the first start.
 */
void service_group_init(struct service_group *w, const struct var_dir *v);

/* service_group_add: one more service, not yet running; m is copied. */
struct service *service_group_add(
    struct service_group *w, const struct service *m);

/*
 * service_group_end_leftovers: ends what an earlier group of the same var left
 * running, as when it was killed itself; the last added first.
 */
void service_group_end_leftovers(struct service_group *w);

void service_group_start(struct service_group *w, struct service *m);

/*
 * service_group_wait: waits for up to ms (below 0: for ever).
 * SERVICE_END_ASKED: the end was asked for; SERVICE_DIED: *died (may be NULL)
 * is a service that just ended and has a time to start again; SERVICE_TIMEOUT:
 * neither.
 */
enum service_event service_group_wait(
    struct service_group *w, int ms, struct service **died);

/* service_group_run: keeps all services running until the end is asked for. */
void service_group_run(struct service_group *w);

/* service_group_stop: ends all services, the last added first, and their
 * leftovers. */
void service_group_stop(struct service_group *w);

#endif
