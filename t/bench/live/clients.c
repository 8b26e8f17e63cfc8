/*
 * clients: many WebSockets in one process, which count what they are told.
 * usage: clients SOCKET COOKIE N
 * Connects N times to the unix socket, subscribes to everything, and says
 * "ready" once it is quiet.  Each line "go M" on stdin then waits for M text
 * frames on every connection and says how many came, and in how many seconds.
 */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

struct conn {
	int fd;
	unsigned have; /* bytes of head */
	unsigned char head[10];
	uint64_t skip; /* bytes of the payload still to come */
};

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void
die(const char *what)
{
	perror(what);
	exit(1);
}

static void
open_one(struct conn *c, const char *path, const char *cookie)
{
	/* {"type":"subscribe","payload":{}}, masked by zeros. */
	static const char ask[] = "{\"type\":\"subscribe\",\"payload\":{}}";
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	char text[1024];
	unsigned char frame[6 + sizeof(ask) - 1] = {
	    0x81, 0x80 | (sizeof(ask) - 1)};
	int n, got = 0;

	snprintf(to.sun_path, sizeof(to.sun_path), "%s", path);
	c->fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (c->fd < 0 ||
	    connect(c->fd, (struct sockaddr *)&to, sizeof(to)) != 0)
		die("connect");
	n = snprintf(text, sizeof(text),
	    "GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
	    "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
	    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nCookie: %s\r\n\r\n",
	    cookie);
	if (write(c->fd, text, n) != n)
		die("write");
	/* Byte by byte: what follows the head is a frame. */
	while (got < 4 || memcmp(text + got - 4, "\r\n\r\n", 4) != 0) {
		if (got == sizeof(text) || read(c->fd, text + got, 1) != 1)
			die("handshake");
		got++;
	}
	if (memcmp(text + 9, "101", 3) != 0) {
		fprintf(stderr, "%.*s", got, text);
		exit(1);
	}
	memcpy(frame + 6, ask, sizeof(ask) - 1);
	if (write(c->fd, frame, sizeof(frame)) != sizeof(frame))
		die("write");
}

/* Bytes of the head, as far as it is known. */
static unsigned
head_size(const struct conn *c)
{
	unsigned len = c->have < 2 ? 0 : c->head[1] & 127;

	return len == 127 ? 10 : len == 126 ? 4 : 2;
}

static uint64_t
payload_size(const struct conn *c)
{
	uint64_t len = c->head[1] & 127;
	unsigned i, n = head_size(c);

	if (n == 2)
		return len;
	for (len = 0, i = 2; i < n; i++)
		len = len << 8 | c->head[i];
	return len;
}

/* How many text frames began in the n bytes at p. */
static long
count(struct conn *c, const unsigned char *p, size_t n)
{
	long frames = 0;

	while (n > 0) {
		if (c->skip > 0) {
			size_t some = c->skip < n ? c->skip : n;

			c->skip -= some;
			p += some;
			n -= some;
			continue;
		}
		c->head[c->have++] = *p++;
		n--;
		if (c->have < 2 || c->have < head_size(c))
			continue;
		frames += (c->head[0] & 15) == 1;
		c->skip = payload_size(c);
		c->have = 0;
	}
	return frames;
}

/* Counts until so many frames came, or nothing for quiet seconds. */
static long
listen_until(int ep, long want, double quiet)
{
	static unsigned char bytes[65536];
	struct epoll_event ev[256];
	long frames = 0;
	ssize_t n;

	while (frames < want) {
		int some = epoll_wait(ep, ev, 256, (int)(quiet * 1000));

		if (some <= 0)
			break;
		for (int i = 0; i < some; i++) {
			struct conn *c = ev[i].data.ptr;

			n = recv(c->fd, bytes, sizeof(bytes), MSG_DONTWAIT);
			if (n > 0)
				frames += count(c, bytes, (size_t)n);
			else if (n == 0)
				die("closed");
		}
	}
	return frames;
}

int
main(int argc, char **argv)
{
	struct rlimit files = {0};
	struct conn *conns;
	char line[64];
	int ep, n;

	if (argc != 4)
		return 2;
	n = atoi(argv[3]);
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	conns = calloc((size_t)n, sizeof(*conns));
	ep = epoll_create1(0);
	if (conns == NULL || ep < 0)
		die("start");
	for (int i = 0; i < n; i++) {
		struct epoll_event ev = {EPOLLIN, {.ptr = &conns[i]}};

		open_one(&conns[i], argv[1], argv[2]);
		if (epoll_ctl(ep, EPOLL_CTL_ADD, conns[i].fd, &ev) != 0)
			die("epoll_ctl");
	}
	listen_until(ep, 1L << 60, 1);
	puts("ready");
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin) != NULL) {
		long want = atol(line + 3) * n;
		double start = now();
		long got = listen_until(ep, want, 10);

		printf("%ld %.6f\n", got, now() - start);
		fflush(stdout);
	}
	return 0;
}
