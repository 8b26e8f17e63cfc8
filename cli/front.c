#include "cli/front.h"

#include "cli/place.h"
#include "core/log.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define STOP_MS 5000
#define ASK_MS 500
#define FDS_WANTED 20000
#define WEB_MAX 64 /* of web.processes */

/* ---- the address --------------------------------------------------------- */

static struct addrinfo *
resolve(const char *host, int port)
{
	struct addrinfo hints = {
	    .ai_socktype = SOCK_STREAM,
	    .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
	};
	struct addrinfo *found;
	char service[8];

	snprintf(service, sizeof(service), "%d", port);
	if (getaddrinfo(host, service, &hints, &found) != 0)
		fatal("run.bind takes an address such as 127.0.0.1, not \"%s\"",
		    host);
	return found;
}

void
front_check_port(const struct conf *c)
{
	struct addrinfo *to = resolve(c->run_bind, c->run_port);
	int fd, one = 1, error = 0;

	fd = socket(to->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	/* SO_REUSEADDR lets two bind; only one of them can listen. */
	if (bind(fd, to->ai_addr, to->ai_addrlen) < 0 || listen(fd, 1) < 0)
		error = errno;
	close(fd);
	freeaddrinfo(to);
	if (error == EADDRINUSE)
		fatal("port %d is in use by another program: choose another "
		      "one, such as `make run PORT=%d`",
		    c->run_port, c->run_port < 65535 ? c->run_port + 1 : 8080);
	if (error == EACCES)
		fatal("port %d needs root: choose one from 1024 on, such as "
		      "`make run PORT=8080`",
		    c->run_port);
	if (error != 0)
		fatal("cannot listen on %s, port %d: %s", c->run_bind,
		    c->run_port, strerror(error));
}

/* Where we reach it ourselves: "any address" is reached on loopback. */
static const char *
own_address(const struct conf *c)
{
	if (strcmp(c->run_bind, "0.0.0.0") == 0)
		return "127.0.0.1";
	if (strcmp(c->run_bind, "::") == 0)
		return "::1";
	return c->run_bind;
}

const char *
front_url(struct arena *a, const struct conf *c)
{
	const char *host = own_address(c);

	return arena_printf(a,
	    strchr(host, ':') ? "http://[%s]:%d/" : "http://%s:%d/", host,
	    c->run_port);
}

bool
front_ready(const struct conf *c)
{
	static const char ask[] =
	    "GET /readyz HTTP/1.1\r\nHost: localhost\r\n"
	    "User-Agent: platen-run\r\nConnection: close\r\n\r\n";
	struct timeval wait = {0, ASK_MS * 1000};
	struct addrinfo *to = resolve(own_address(c), c->run_port);
	char answer[16] = "";
	bool ready = false;
	int fd;

	fd = socket(to->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait));
	if (connect(fd, to->ai_addr, to->ai_addrlen) == 0 &&
	    send(fd, ask, sizeof(ask) - 1, MSG_NOSIGNAL) ==
		(ssize_t)sizeof(ask) - 1 &&
	    recv(fd, answer, sizeof(answer) - 1, MSG_WAITALL) > 0)
		ready = strncmp(answer, "HTTP/1.1 200 ", 13) == 0;
	close(fd);
	freeaddrinfo(to);
	return ready;
}

/* ---- lighttpd ------------------------------------------------------------ */

/* As many descriptors as we may have, for everyone we start. */
static int
raise_descriptors(void)
{
	struct rlimit l;

	if (getrlimit(RLIMIT_NOFILE, &l) < 0)
		return 1024;
	l.rlim_cur = l.rlim_max < 65536 ? l.rlim_max : 65536;
	setrlimit(RLIMIT_NOFILE, &l);
	return l.rlim_cur < FDS_WANTED ? (int)l.rlim_cur : FDS_WANTED;
}

/*
 * lighttpd takes a FastCGI process that still listens there for someone
 * else's and would never start it again.
 */
static void
clear_sockets(void *arg)
{
	const struct var *v = arg;
	char name[32];
	int i;

	for (i = 0; i < WEB_MAX; i++) {
		snprintf(name, sizeof(name), "web.sock-%d", i);
		unlinkat(v->sockets, name, 0);
	}
}

static const char *const *
environment(const struct var *v, const struct conf *c, const char *root)
{
	int fds = raise_descriptors(), i = 0;
	struct arena *a = v->arena;
	const char **e = arena_array(a, 12, sizeof(*e));

	e[i++] = arena_printf(a, "PLATEN_RUN_ROOT=%s", root);
	e[i++] = arena_printf(a, "PLATEN_RUN_PORT=%d", c->run_port);
	e[i++] = arena_printf(a,
	    strchr(c->run_bind, ':') ? "PLATEN_RUN_BIND=[%s]"
				     : "PLATEN_RUN_BIND=%s",
	    c->run_bind);
	e[i++] = arena_printf(a, "PLATEN_WEB_PROCESSES=%d", c->web_processes);
	/* Descriptor 3 is run/: its path may be too long for a socket. */
	e[i++] = "LIGHTTPD_SOCKETS=/proc/self/fd/3";
	e[i++] = arena_printf(a, "PLATEN_LIVE_SOCKET=%s",
	    c->own_live_socket ? "/proc/self/fd/3/live.sock" : c->live_socket);
	e[i++] = arena_printf(a, "LIGHTTPD_FDS=%d", fds);
	e[i++] = arena_printf(a, "LIGHTTPD_CONNECTIONS=%d", fds / 2 - fds / 20);
	e[i++] = arena_printf(
	    a, "LIGHTTPD_BODY_KB=%d", c->web_body_bytes / 1024 + 1024);
	return e;
}

struct member *
front_add(struct watch *w, const struct conf *c, const char *root)
{
	struct arena *a = w->var->arena;
	const char **argv = arena_array(a, 5, sizeof(*argv));
	struct member m = {.name = "lighttpd",
	    .spec =
		{
		    .argv = argv,
		    .env = environment(w->var, c, root),
		    .cwd = place_programs(a),
		    .fds = {w->var->sockets, -1},
		    .death_signal = SIGTERM,
		},
	    .stop_signal = SIGTERM,
	    .hurry_signal = SIGKILL,
	    .stop_ms = STOP_MS,
	    .prepare = clear_sockets,
	    .arg = (void *)(uintptr_t)w->var};

	argv[0] = "lighttpd";
	argv[1] = "-D";
	argv[2] = "-f";
	argv[3] = arena_printf(a, "%s/lighttpd.conf", root);
	return watch_add(w, &m);
}
