#include "cli/process.h"

#include "core/clock.h"
#include "core/log.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define FIRST_FD 3
#define SPARE_FD 64
#define LOOK_US 5000

/* ---- in the child, between fork and exec --------------------------------- */

static void __attribute__((noreturn, format(printf, 1, 2)))
child_die(const char *fmt, ...)
{
	__builtin_va_list ap;

	__builtin_va_start(ap, fmt);
	vdprintf(STDERR_FILENO, fmt, ap);
	__builtin_va_end(ap);
	_exit(127);
}

static void
reset_signals(void)
{
	sigset_t none;
	int i;

	for (i = 1; i < NSIG; i++)
		signal(i, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static int
open_input(const struct process_spec *s)
{
	const char *text = s->input;
	int p[2];

	if (s->input_fd > 0)
		return s->input_fd;
	if (text == NULL)
		return open("/dev/null", O_RDONLY);
	/* Short: it fits a pipe. */
	if (pipe(p) < 0 ||
	    write(p[1], text, strlen(text)) != (ssize_t)strlen(text))
		return -1;
	close(p[1]);
	return p[0];
}

/* 0, 1, 2 and what is passed on as 3...; everything else is closed. */
static void
arrange_fds(const struct process_spec *s, int log)
{
	int i, fd, input;

	/* Out of the way first: a number we need may be one we hold. */
	log = fcntl(log, F_DUPFD, SPARE_FD);
	input = fcntl(open_input(s), F_DUPFD, SPARE_FD);
	if (log < 0 || dup2(log, STDERR_FILENO) < 0 ||
	    dup2(log, STDOUT_FILENO) < 0 || dup2(input, STDIN_FILENO) < 0)
		_exit(127);
	int held[PROCESS_FDS];
	for (i = 0; i < PROCESS_FDS; i++)
		held[i] =
		    s->fds[i] <= 0 ? -1 : fcntl(s->fds[i], F_DUPFD, SPARE_FD);
	for (i = 0, fd = FIRST_FD; i < PROCESS_FDS; i++)
		if (held[i] >= 0 && dup2(held[i], fd++) < 0)
			child_die("dup2: %s\n", strerror(errno));
	if (close_range((unsigned)fd, ~0U, 0) < 0)
		child_die("close_range: %s\n", strerror(errno));
}

static void
become_user(const struct process_spec *s)
{
	if (s->user == NULL && !s->drop)
		return;
	if ((s->user != NULL ? initgroups(s->user, s->gid)
			     : setgroups(0, NULL)) < 0 ||
	    setresgid(s->gid, s->gid, s->gid) < 0 ||
	    setresuid(s->uid, s->uid, s->uid) < 0)
		child_die("cannot become user %d: %s\n", (int)s->uid,
		    strerror(errno));
}

static void __attribute__((noreturn))
child_run(const struct process_spec *s, int log, pid_t parent)
{
	const char *const *e;

	setsid();
	reset_signals();
	arrange_fds(s, log);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	/* Its user may not reach what lies below a closed folder. */
	if (s->cwd != NULL && chdir(s->cwd) < 0)
		child_die("%s: %s\n", s->cwd, strerror(errno));
	become_user(s);
	/* A change of user clears it, so it comes after that. */
	if (s->death_signal != 0)
		prctl(PR_SET_PDEATHSIG, s->death_signal);
	if (getppid() != parent)
		_exit(127);
	if (s->only_env)
		clearenv();
	for (e = s->env; e != NULL && *e != NULL; e++)
		putenv((char *)(uintptr_t)*e);
	execvp(s->argv[0], (char *const *)(uintptr_t)s->argv);
	child_die("cannot execute %s: %s\n", s->argv[0], strerror(errno));
}

/* ---- in the parent ------------------------------------------------------- */

pid_t
process_spawn(const struct process_spec *s, int log)
{
	pid_t parent = getpid(), pid;

	pid = fork();
	if (pid < 0)
		fatal("fork: %s", strerror(errno));
	if (pid == 0)
		child_run(s, log, parent);
	return pid;
}

int
process_run(const struct process_spec *s, int log)
{
	pid_t pid = process_spawn(s, log);
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			fatal("waitpid: %s", strerror(errno));
	return status;
}

/* The 22nd field of /proc/PID/stat; the second, a name, may hold anything. */
uint64_t
process_started(pid_t pid)
{
	char path[64], text[1024], *p;
	uint64_t ticks = 0;
	ssize_t n;
	int fd, field;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (n <= 0)
		return 0;
	text[n] = '\0';
	p = strrchr(text, ')');
	/* A zombie has ended already. */
	if (p == NULL || strlen(p) < 3 || p[2] == 'Z')
		return 0;
	for (field = 2; p != NULL && field < 22; field++)
		p = strchr(p + 1, ' ');
	if (p == NULL || sscanf(p, "%" SCNu64, &ticks) != 1)
		return 0;
	return ticks;
}

static void
boot_id(char out[40])
{
	FILE *f;

	if ((f = fopen("/proc/sys/kernel/random/boot_id", "re")) == NULL ||
	    fscanf(f, "%39s", out) != 1)
		memcpy(out, "-", 2);
	if (f != NULL)
		fclose(f);
}

enum rc
process_record(const char *file, pid_t pid)
{
	char boot[40], temporary[4096];
	bool bad;
	FILE *f;

	if (snprintf(temporary, sizeof(temporary), "%s.new", file) >=
	    (int)sizeof(temporary))
		return E_INTERNAL;
	f = fopen(temporary, "we");
	if (f == NULL)
		return E_INTERNAL;
	boot_id(boot);
	fprintf(f, "%d %" PRIu64 " %s\n", (int)pid, process_started(pid), boot);
	bad = ferror(f) != 0;
	if (fclose(f) != 0 || bad || rename(temporary, file) < 0)
		return E_INTERNAL;
	return OK;
}

pid_t
process_recorded(const char *file)
{
	char boot[40], was_boot[40];
	uint64_t started;
	int pid, n;
	FILE *f;

	f = fopen(file, "re");
	if (f == NULL)
		return 0;
	n = fscanf(f, "%d %" SCNu64 " %39s", &pid, &started, was_boot);
	fclose(f);
	boot_id(boot);
	if (n != 3 || pid <= 1 || started == 0 || strcmp(boot, was_boot) != 0)
		return 0;
	return process_started(pid) == started ? pid : 0;
}

static bool
gone_within(pid_t pid, uint64_t started, int wait_ms)
{
	int64_t until = clock_ms() + wait_ms;

	while (process_started(pid) == started) {
		if (clock_ms() > until)
			return false;
		usleep(LOOK_US);
	}
	return true;
}

void
process_end(pid_t pid, uint64_t started, int signal, int wait_ms)
{
	if (started == 0 || process_started(pid) != started)
		return;
	kill(pid, signal);
	if (gone_within(pid, started, wait_ms))
		return;
	kill(pid, SIGKILL);
	if (!gone_within(pid, started, 5000))
		log_warn("process_stays", "pid", log_num(pid));
}

const char *
process_exit_text(char buf[64], int status)
{
	if (WIFSIGNALED(status))
		snprintf(buf, 64, "signal %d (%s)", WTERMSIG(status),
		    strsignal(WTERMSIG(status)));
	else
		snprintf(buf, 64, "exit %d", WEXITSTATUS(status));
	return buf;
}
