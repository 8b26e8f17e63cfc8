/*
 * watch: a table of processes that are kept running.
 *
 * Invariants: a member that ends is started again, at once the first time,
 * then after 0.2, 0.4 ... 5 s, until it has lived for 10 s.  Whatever a dead
 * member leaves behind becomes our child (a subreaper) and is killed, so
 * nothing outlives the watch.  SIGINT, SIGTERM and SIGHUP ask for the end; a
 * second one hurries.
 */
#ifndef CLI_SERVICE_GROUP_H
#define CLI_SERVICE_GROUP_H

#include "cli/process.h"
#include "cli/var_dir.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define WATCH_MAX 80 /* web.processes, and the others */

struct member {
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
	const struct var *var; /* borrowed */
	struct member members[WATCH_MAX];
	int n;
	int signals; /* signalfd */
	int asked;   /* how often the end was asked for */
	int64_t trimmed_ms;
};

enum service_event { WATCH_TIME, WATCH_END, WATCH_DIED };

/* watch_init: takes over the signals.  Call it before the first start. */
void watch_init(struct service_group *w, const struct var *v);

/* watch_add: one more member, not yet running; m is copied. */
struct member *watch_add(struct service_group *w, const struct member *m);

/*
 * watch_evict: ends what an earlier watch of the same var left running, as
 * when it was killed itself; the last added first.
 */
void watch_evict(struct service_group *w);

void watch_start(struct service_group *w, struct member *m);

/*
 * watch_wait: waits for up to ms (below 0: for ever).  WATCH_END: the end was
 * asked for; WATCH_DIED: *died (may be NULL) is a member that just ended and
 * has a time to start again; WATCH_TIME: neither.
 */
enum service_event watch_wait(
    struct service_group *w, int ms, struct member **died);

/* watch_run: keeps all members running until the end is asked for. */
void watch_run(struct service_group *w);

/* watch_stop: ends all members, the last added first, and their leftovers. */
void watch_stop(struct service_group *w);

#endif
