#include "worker/parser/sandbox.h"

#include "core/sanitized.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

extern char **environ;

/* close_others: all descriptors but 0. */
static void
close_others(void)
{
	long max;

	if (syscall(SYS_close_range, 1u, ~0u, 0u) == 0)
		return;
	max = sysconf(_SC_OPEN_MAX);
	for (int fd = 1; fd < (max > 0 ? max : 1024); fd++)
		close(fd);
}

/* wipe_environment: secrets may be there, and the page must not find them. */
static void
wipe_environment(void)
{
	for (char **e = environ; e != NULL && *e != NULL; e++)
		explicit_bzero(*e, strlen(*e));
	environ = NULL;
}

static void
reset_signals(void)
{
	struct sigaction sa = {.sa_handler = SIG_DFL};
	sigset_t none;

	for (int s = 1; s < NSIG; s++)
		if (s != SIGKILL && s != SIGSTOP)
			sigaction(s, &sa, NULL);
	/* Who stops the parent stops us through it, in its own time. */
	sa.sa_handler = SIG_IGN;
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGHUP, &sa, NULL);
	sigaction(SIGPIPE, &sa, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

enum rc
sandbox_isolate(int fd, pid_t parent)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    prctl(PR_SET_DUMPABLE, 0) != 0)
		return E_UNAVAILABLE;
	/* The parent may have died before the first prctl. */
	if (getppid() != parent)
		return E_UNAVAILABLE;
	if (fd != 0 && dup2(fd, 0) < 0)
		return E_UNAVAILABLE;
	if (fcntl(0, F_SETFD, 0) < 0)
		return E_UNAVAILABLE;
	close_others();
	reset_signals();
	wipe_environment();
	return OK;
}

static enum rc
set_limit(int what, rlim_t n)
{
	struct rlimit rl = {.rlim_cur = n, .rlim_max = n}, now;

	/* A hard limit that is lower already is better still. */
	if (getrlimit(what, &now) == 0 && now.rlim_max < n)
		rl.rlim_cur = rl.rlim_max = now.rlim_max;
	return setrlimit(what, &rl) == 0 ? OK : E_UNAVAILABLE;
}

/* mapped_bytes: bytes of address space this process has. */
static size_t
mapped_bytes(void)
{
	unsigned long pages = 0;
	char line[128];
	ssize_t n;
	int fd;

	fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 64u << 20;
	n = read(fd, line, sizeof(line) - 1);
	close(fd);
	if (n > 0) {
		line[n] = '\0';
		pages = strtoul(line, NULL, 10);
	}
	return pages * (size_t)sysconf(_SC_PAGESIZE);
}

enum rc
sandbox_limit(size_t memory)
{
	/* A sanitizer maps terabytes. */
	if (!SANITIZED && set_limit(RLIMIT_AS, mapped_bytes() + memory) != OK)
		return E_UNAVAILABLE;
	/* Descriptor 0 is all there is; poll() wants it below the limit. */
	if (set_limit(RLIMIT_CORE, 0) != OK ||
	    set_limit(RLIMIT_FSIZE, 0) != OK ||
	    (!SANITIZED && set_limit(RLIMIT_NOFILE, 1) != OK) ||
	    set_limit(RLIMIT_NPROC, 0) != OK)
		return E_UNAVAILABLE;
	return OK;
}

static bool
add_rules(scmp_filter_ctx ctx)
{
	int bad = 0;

#define CALL(action, name) \
	bad |= seccomp_rule_add(ctx, action, SCMP_SYS(name), 0);
#include "worker/parser/sandbox_calls.def"
#undef CALL
	bad |= seccomp_rule_add(
	    ctx, SCMP_ACT_ALLOW, SCMP_SYS(read), 1, SCMP_A0(SCMP_CMP_EQ, 0, 0));
	bad |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(write), 1,
	    SCMP_A0(SCMP_CMP_EQ, 0, 0));
	/* Memory, but none that can be run. */
	bad |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
	    SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	bad |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
	    SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	return bad == 0;
}

enum rc
sandbox_close(void)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	bool good;

	if (ctx == NULL)
		return E_UNAVAILABLE;
	good = add_rules(ctx) && seccomp_load(ctx) == 0;
	seccomp_release(ctx);
	return good ? OK : E_UNAVAILABLE;
}
