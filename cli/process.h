/*
 * process: starting one child, and knowing it again later.
 *
 * A process is known by its pid and the moment it started, so that a pid the
 * system has given to someone else is never taken for ours.
 */
#ifndef CLI_PROCESS_H
#define CLI_PROCESS_H

#include "core/rc.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define PROCESS_FDS 4

struct process_spec {
	const char *const *argv; /* ended by NULL; [0] is looked for in PATH */
	const char *const *env;  /* "NAME=value" besides ours; NULL: none */
	bool only_env;           /* env is all it gets of variables */
	const char *cwd;         /* NULL: ours */
	const char *input;       /* text on its stdin; NULL: /dev/null */
	int input_fd;            /* instead of a text; 0: none */
	int fds[PROCESS_FDS];    /* become 3, 4 ... in order; 0 or less: none */
	const char *user;        /* with uid and gid; NULL: stay who we are */
	bool drop;               /* uid and gid without a name */
	uid_t uid;
	gid_t gid;
	int death_signal; /* it gets when we die */
};

/*
 * process_spawn: a new process in a session of its own, with default signals,
 * its output in log (a descriptor).  Never fails by itself: what cannot be
 * executed says so in the log and exits 127.
 */
pid_t process_spawn(const struct process_spec *s, int log);

/* process_run: the same to its end; its wait status. */
int process_run(const struct process_spec *s, int log);

/* process_started: when pid started, in clock ticks since boot; 0: no such. */
uint64_t process_started(pid_t pid);

/* process_record: writes who pid is to a file (by way of a new one). */
enum rc process_record(const char *file, pid_t pid) MUST_CHECK;

/* process_recorded: the process of such a file while it lives, else 0. */
pid_t process_recorded(const char *file);

/*
 * process_end: ends someone who is not our child: the signal, and SIGKILL
 * when it is still there after wait_ms.  started tells it from a successor.
 */
void process_end(pid_t pid, uint64_t started, int signal, int wait_ms);

/* process_exit_text: "exit 1" or "signal 9 (Killed)", of a wait status. */
const char *process_exit_text(char buf[64], int status);

#endif
