#include "worker/keeper.h"

#include "core/log.h"
#include "worker/extract/charset.h"
#include "worker/parser_child.h"
#include "worker/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_MS 10000 /* for a fork or a wait on a loaded machine */

/* send_fd: passes fd over a socket with one byte. */
static bool
send_fd(int sock, int fd)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control;
	char byte = 'f';
	struct iovec iov = {.iov_base = &byte, .iov_len = 1};
	struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};
	struct cmsghdr *c;

	memset(&control, 0, sizeof(control));
	msg.msg_control = control.bytes;
	msg.msg_controllen = sizeof(control.bytes);
	c = CMSG_FIRSTHDR(&msg);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(int));
	return sendmsg(sock, &msg, MSG_NOSIGNAL) == 1;
}

/* receive_fd: the next one; -1 when nobody is there any more. */
static int
receive_fd(int sock)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control;
	char byte;
	struct iovec iov = {.iov_base = &byte, .iov_len = 1};
	struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};
	struct cmsghdr *c;
	ssize_t n;
	int fd;

	msg.msg_control = control.bytes;
	msg.msg_controllen = sizeof(control.bytes);
	do
		n = recvmsg(sock, &msg, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	c = n == 1 ? CMSG_FIRSTHDR(&msg) : NULL;
	if (c == NULL || c->cmsg_type != SCM_RIGHTS)
		return -1;
	memcpy(&fd, CMSG_DATA(c), sizeof(int));
	return fd;
}

static bool
say(pid_t pid, int status)
{
	struct keeper_word w = {.pid = pid, .status = status};

	return send(0, &w, sizeof(w), MSG_NOSIGNAL) == sizeof(w);
}

/* child: the process that reads hostile bytes; does not return. */
static void
child(int fd, pid_t parent, const struct parser_limits *limits,
    const struct sitemap_limits *sitemap)
{
	if (sandbox_isolate(fd, parent) != OK ||
	    sandbox_limit(limits->memory) != OK || sandbox_close() != OK)
		_exit(PARSER_EXIT_SANDBOX);
	parser_child(0, limits, sitemap);
	_exit(0);
}

static void
keep(const struct parser_limits *limits, const struct sitemap_limits *sitemap)
{
	pid_t pid, self = getpid();
	int fd, status;
	bool ready = false;

	while ((fd = receive_fd(0)) >= 0) {
		/* The child cannot load anything any more. */
		if (!ready)
			charset_preload();
		ready = true;
		pid = fork();
		if (pid == 0)
			child(fd, self, limits, sitemap);
		close(fd);
		if (!say(pid, 0))
			return;
		if (pid < 0)
			continue;
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
		if (!say(pid, status))
			return;
	}
}

pid_t
keeper_fork(const struct parser_limits *limits,
    const struct sitemap_limits *sitemap, int *fd)
{
	pid_t pid, self = getpid();
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		if (sandbox_isolate(pair[1], self) != OK)
			_exit(1);
		keep(limits, sitemap);
		_exit(0);
	}
	close(pair[1]);
	if (pid < 0)
		close(pair[0]);
	else
		*fd = pair[0];
	return pid;
}

/* listen_to: the keeper's next word, within a while. */
static bool
listen_to(int keeper, struct keeper_word *w)
{
	struct pollfd pfd = {.fd = keeper, .events = POLLIN};
	int n;

	do
		n = poll(&pfd, 1, PATIENCE_MS);
	while (n < 0 && errno == EINTR);
	return n == 1 && recv(keeper, w, sizeof(*w), 0) == sizeof(*w);
}

pid_t
keeper_spawn(int keeper, int *fd)
{
	struct keeper_word w;
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return -1;
	if (fcntl(pair[0], F_SETFL, O_NONBLOCK) != 0 ||
	    !send_fd(keeper, pair[1]) || !listen_to(keeper, &w) || w.pid <= 0) {
		close(pair[0]);
		close(pair[1]);
		return -1;
	}
	close(pair[1]);
	*fd = pair[0];
	return w.pid;
}

bool
keeper_wait(int keeper, int *status)
{
	struct keeper_word w;

	if (!listen_to(keeper, &w))
		return false;
	*status = w.status;
	return true;
}
