#include "worker/parser/fork_server.h"

#include "core/log.h"
#include "worker/extract/charset.h"
#include "worker/parser/parser_child.h"
#include "worker/parser/pass_fd.h"
#include "worker/parser/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_MS 10000 /* for a fork or a wait on a loaded machine */

static bool
status_send(pid_t pid, int status)
{
	struct fork_server_reply w = {.pid = pid, .status = status};

	return send(0, &w, sizeof(w), MSG_NOSIGNAL) == sizeof(w);
}

/* run_child: the process that reads hostile bytes; does not return. */
static void
run_child(int fd, pid_t parent, const struct parser_limits *limits,
    const struct sitemap_limits *sitemap)
{
	if (sandbox_isolate(fd, parent) != OK ||
	    sandbox_limit(limits->memory) != OK || sandbox_close() != OK)
		_exit(PARSER_EXIT_SANDBOX);
	parser_child(0, limits, sitemap);
	_exit(0);
}

void
fork_server_run(
    const struct parser_limits *limits, const struct sitemap_limits *sitemap)
{
	pid_t pid, self = getpid();
	int fd, status;
	bool ready = false;
	char byte;

	while ((fd = pass_fd_receive(0, &byte, 1)) >= 0) {
		/* The child cannot load anything any more. */
		if (!ready)
			charset_preload();
		ready = true;
		pid = fork();
		if (pid == 0)
			run_child(fd, self, limits, sitemap);
		close(fd);
		if (!status_send(pid, 0))
			return;
		if (pid < 0)
			continue;
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
		if (!status_send(pid, status))
			return;
	}
}

/* listen_to: the fork server's next word, within a while. */
static bool
listen_to(int fork_server, struct fork_server_reply *w)
{
	struct pollfd pfd = {.fd = fork_server, .events = POLLIN};
	int n;

	do
		n = poll(&pfd, 1, PATIENCE_MS);
	while (n < 0 && errno == EINTR);
	return n == 1 && recv(fork_server, w, sizeof(*w), 0) == sizeof(*w);
}

pid_t
fork_server_spawn(int fork_server, int *fd)
{
	struct fork_server_reply w;
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return -1;
	if (fcntl(pair[0], F_SETFL, O_NONBLOCK) != 0 ||
	    !pass_fd_send(fork_server, pair[1], "f", 1) ||
	    !listen_to(fork_server, &w) || w.pid <= 0) {
		close(pair[0]);
		close(pair[1]);
		return -1;
	}
	close(pair[1]);
	*fd = pair[0];
	return w.pid;
}

bool
fork_server_wait(int fork_server, int *status)
{
	struct fork_server_reply w;

	if (!listen_to(fork_server, &w))
		return false;
	*status = w.status;
	return true;
}
