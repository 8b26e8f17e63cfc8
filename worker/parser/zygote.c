#include "worker/parser/zygote.h"

#include "core/log.h"
#include "worker/extract/sitemap.h"
#include "worker/parser/fork_server.h"
#include "worker/parser/pass_fd.h"
#include "worker/parser/sandbox.h"

#include "extract_version.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROGRAM "platen-parser"

/* The tests' programs lie two folders below ours. */
#define FOLDERS_UP 5 /* from build/MODE/t/unit/worker/ROOM */

/* Longest product token for robots metas, with its end. */
#define AGENT_MAX 256

/* What a fork server is to know; both ends are of one build. */
struct fork_server_order {
	struct parser_limits limits; /* its pointers mean nothing here */
	struct sitemap_limits sitemap;
	char agent[AGENT_MAX];
	bool has_agent;
};

/* What a program needs to start and to read text; nothing of it is ours. */
static const char *const inherited[] = {"LANG", "LC_ALL", "LC_CTYPE",
    "LD_LIBRARY_PATH", "LD_PRELOAD", "GCONV_PATH", "ASAN_OPTIONS",
    "UBSAN_OPTIONS", "LSAN_OPTIONS", NULL};

/* ---- starting it --------------------------------------------------------- */

/* An open platen-parser beside this program or a little above; -1. */
static int
open_program(void)
{
	char path[PATH_MAX + sizeof("/" PROGRAM)], *slash;
	ssize_t n = readlink("/proc/self/exe", path, PATH_MAX);
	int fd;

	if (n <= 0)
		return -1;
	path[n] = '\0';
	for (int up = 0; up <= FOLDERS_UP; up++) {
		slash = strrchr(path, '/');
		if (slash == NULL)
			break;
		memcpy(slash, "/" PROGRAM, sizeof("/" PROGRAM));
		fd = open(path, O_PATH | O_CLOEXEC);
		if (fd >= 0)
			return fd;
		*slash = '\0';
	}
	errno = ENOENT;
	return -1;
}

static void
clean_environment(struct arena *a, char **env)
{
	int n = 0;

	for (int i = 0; inherited[i] != NULL; i++)
		if (getenv(inherited[i]) != NULL)
			env[n++] = arena_printf(
			    a, "%s=%s", inherited[i], getenv(inherited[i]));
	env[n] = NULL;
}

/* In the child: only async-signal-safe calls. */
__attribute__((noreturn)) static void
become_server(int program, int fd, char **argv, char **env)
{
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (fd == STDIN_FILENO ? fcntl(fd, F_SETFD, 0) == 0
			       : dup2(fd, STDIN_FILENO) == STDIN_FILENO)
		execveat(program, "", argv, env, AT_EMPTY_PATH);
	_exit(127);
}

bool
zygote_start(struct zygote *s, uid_t uid)
{
	char number[16], parent[16], *env[sizeof(inherited) / sizeof(char *)];
	char *argv[] = {
	    (char[]){PROGRAM}, (char[]){EXTRACT_VERSION}, parent, number, NULL};
	int program = open_program(), pair[2];
	struct arena a;

	*s = (struct zygote){0, -1};
	if (program < 0)
		return false;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) {
		close(program);
		return false;
	}
	snprintf(parent, sizeof(parent), "%d", (int)getpid());
	snprintf(number, sizeof(number), "%u", (unsigned)uid);
	arena_init(&a);
	clean_environment(&a, env);
	s->pid = fork();
	if (s->pid == 0)
		become_server(program, pair[1], argv, env);
	arena_release(&a);
	close(program);
	close(pair[1]);
	s->fd = pair[0];
	if (s->pid > 0)
		return true;
	close(pair[0]);
	*s = (struct zygote){0, -1};
	return false;
}

void
zygote_stop(struct zygote *s)
{
	int status;

	if (s->pid <= 0)
		return;
	close(s->fd);
	kill(s->pid, SIGKILL);
	while (waitpid(s->pid, &status, 0) < 0 && errno == EINTR)
		;
	*s = (struct zygote){0, -1};
}

bool
zygote_alive(const struct zygote *s)
{
	struct pollfd pfd = {.fd = s->fd, .events = POLLIN};

	return s->pid > 0 && poll(&pfd, 1, 0) == 0;
}

int
zygote_fork_server(const struct zygote *s, const struct parser_limits *limits,
    const struct sitemap_limits *sitemap)
{
	struct fork_server_order order;
	int pair[2];

	memset(&order, 0, sizeof(order));
	order.limits = *limits;
	order.sitemap = *sitemap;
	order.has_agent = limits->agent != NULL;
	if (order.has_agent && strlen(limits->agent) >= AGENT_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (order.has_agent)
		memcpy(order.agent, limits->agent, strlen(limits->agent));
	order.limits.agent = NULL;
	order.limits.sitemap = NULL;
	order.limits.server = NULL;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
		return -1;
	if (!pass_fd_send(s->fd, pair[1], &order, sizeof(order))) {
		close(pair[0]);
		pair[0] = -1;
	}
	close(pair[1]);
	return pair[0];
}

/* ---- being it ------------------------------------------------------------ */

static bool
become_user(uid_t uid)
{
	if (geteuid() != 0 || uid == 0)
		return true;
	return setgroups(0, NULL) == 0 && setresgid(uid, uid, uid) == 0 &&
	       setresuid(uid, uid, uid) == 0;
}

__attribute__((noreturn)) static void
zygote_become_fork_server(int fd, pid_t parent, struct fork_server_order *order)
{
	if (sandbox_isolate(fd, parent) != OK)
		_exit(1);
	order->limits.agent = order->has_agent ? order->agent : NULL;
	order->limits.sitemap = &order->sitemap;
	fork_server_run(&order->limits, &order->sitemap);
	_exit(0);
}

int
zygote_main(int argc, char **argv)
{
	struct fork_server_order order;
	pid_t self = getpid();
	int fd;

	if (argc != 4 || strcmp(argv[1], EXTRACT_VERSION) != 0) {
		fputs(PROGRAM
		    " is started by platen-worker of the same build\n",
		    stderr);
		return 2;
	}
	if (!become_user((uid_t)strtoul(argv[3], NULL, 10)) ||
	    sandbox_isolate(STDIN_FILENO, (pid_t)atoi(argv[2])) != OK)
		return 1;
	/* Keepers end by themselves, and nobody asks how. */
	signal(SIGCHLD, SIG_IGN);
	while (
	    (fd = pass_fd_receive(STDIN_FILENO, &order, sizeof(order))) >= 0) {
		order.agent[AGENT_MAX - 1] = '\0';
		if (fork() == 0)
			zygote_become_fork_server(fd, self, &order);
		close(fd);
	}
	return 0;
}
