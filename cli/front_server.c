#include "cli/front_server.h"

#include "cli/environment.h"
#include "core/log.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#define STOP_MS 5000
#define ASK_MS 500
#define FDS_WANTED 20000
#define BACKLOG 1024

/* Inside lighttpd: run.var, the configuration, the folder of static/. */
#define VAR "/proc/self/fd/3"
#define CONF "/proc/self/fd/4"
#define ROOT "/proc/self/fd/5"

/* ---- the address --------------------------------------------------------- */

static struct addrinfo *
resolve_bind(const char *host, int port)
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

int
front_server_listen(const struct conf *c)
{
	struct addrinfo *to = resolve_bind(c->run_bind, c->run_port);
	int fd, one = 1, error = 0;

	fd = socket(to->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	/* SO_REUSEADDR lets two bind; only one of them can listen. */
	if (bind(fd, to->ai_addr, to->ai_addrlen) < 0 ||
	    listen(fd, BACKLOG) < 0)
		error = errno;
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
	return fd;
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
front_server_url(struct arena *a, const struct conf *c)
{
	const char *host = own_address(c);

	return arena_printf(a,
	    strchr(host, ':') ? "http://[%s]:%d/" : "http://%s:%d/", host,
	    c->run_port);
}

bool
front_server_ready(const struct conf *c)
{
	static const char ask[] =
	    "GET /readyz HTTP/1.1\r\nHost: localhost\r\n"
	    "User-Agent: platen-run\r\nConnection: close\r\n\r\n";
	struct timeval wait = {0, ASK_MS * 1000};
	struct addrinfo *to = resolve_bind(own_address(c), c->run_port);
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
raise_descriptor_limit(void)
{
	struct rlimit l;

	if (getrlimit(RLIMIT_NOFILE, &l) < 0)
		return 1024;
	l.rlim_cur = l.rlim_max < 65536 ? l.rlim_max : 65536;
	setrlimit(RLIMIT_NOFILE, &l);
	return l.rlim_cur < FDS_WANTED ? (int)l.rlim_cur : FDS_WANTED;
}

static const char *const *
lighttpd_environment(const struct var_dir *v, const struct conf *c)
{
	int fds = raise_descriptor_limit(), i = 0;
	const char *const *plain = environment_plain(v->arena);
	struct arena *a = v->arena;
	const char **e = arena_array(a, 64, sizeof(*e));

	for (; plain[i] != NULL && i < 40; i++)
		e[i] = plain[i];
	e[i++] = "PLATEN_RUN_ROOT=" ROOT;
	e[i++] = "PLATEN_RUN_VAR=" VAR;
	/* Its standard input is the socket. */
	e[i++] = "PLATEN_RUN_BIND=/dev/stdin";
	e[i++] = arena_printf(a, "PLATEN_RUN_PORT=%d", c->run_port);
	e[i++] = arena_printf(a, "PLATEN_WEB_PROCESSES=%d", c->web_processes);
	e[i++] = "LIGHTTPD_WEB=";
	e[i++] = "LIGHTTPD_SOCKETS=" VAR "/run";
	e[i++] = arena_printf(a, "PLATEN_LIVE_SOCKET=%s",
	    c->own_live_socket ? VAR "/run/live.sock" : c->live_socket);
	e[i++] = arena_printf(a, "LIGHTTPD_FDS=%d", fds);
	e[i++] = arena_printf(a, "LIGHTTPD_CONNECTIONS=%d", fds / 2 - fds / 20);
	e[i++] = arena_printf(
	    a, "LIGHTTPD_BODY_KB=%d", c->web_body_bytes / 1024 + 1024);
	return e;
}

/* lighttpd.conf as a descriptor: its user may not reach the file. */
static int
open_configuration(struct arena *a, const char *root)
{
	const char *path = arena_printf(a, "%s/lighttpd.conf", root);
	int in = open(path, O_RDONLY | O_CLOEXEC);
	int out = memfd_create("lighttpd.conf", MFD_CLOEXEC);
	char block[4096];
	ssize_t n = 0;

	while (in >= 0 && (n = read(in, block, sizeof(block))) > 0)
		if (write(out, block, (size_t)n) != n)
			fatal("%s: %s", path, strerror(errno));
	if (in < 0 || out < 0 || n < 0)
		fatal("%s: %s", path, strerror(errno));
	close(in);
	return out;
}

/* Nothing that others cannot read, under a umask of 077 for one. */
static bool
is_open(struct arena *a, const char *path)
{
	struct dirent *e;
	struct stat st;
	bool open = true;
	DIR *d;

	if (stat(path, &st) < 0 || (st.st_mode & S_IROTH) == 0)
		return false;
	if (!S_ISDIR(st.st_mode))
		return true;
	if ((st.st_mode & S_IXOTH) == 0 || (d = opendir(path)) == NULL)
		return false;
	while (open && (e = readdir(d)) != NULL)
		if (e->d_name[0] != '.')
			open = is_open(
			    a, arena_printf(a, "%s/%s", path, e->d_name));
	closedir(d);
	return open;
}

static void
run_tool(const struct var_dir *v, const char *const *argv)
{
	struct process_spec s = {.argv = argv};
	int log = var_dir_log(v, "run");

	if (process_run(&s, log) != 0)
		fatal("cannot copy static/ for lighttpd: see %s",
		    var_dir_path(v, "log/run.log"));
	close(log);
}

/* The folder of static/, or of a copy that lighttpd's user can read. */
static int
open_root(const struct var_dir *v, const struct users *u, const char *root)
{
	struct arena *a = v->arena;
	const char *copy = var_dir_path(v, "run/root");
	const char *from = arena_printf(a, "%s/static", root);
	const char *rm[] = {"rm", "-rf", copy, NULL};
	const char *cp[] = {"cp", "-rL", from, copy, NULL};
	const char *chmod[] = {"chmod", "-R", "a+rX", copy, NULL};
	struct stat st;

	if (u->apart && (stat(root, &st) < 0 || (st.st_mode & S_IXOTH) == 0 ||
			    !is_open(a, from))) {
		run_tool(v, rm);
		if (mkdir(copy, 0755) < 0)
			fatal("%s: %s", copy, strerror(errno));
		run_tool(v, cp);
		run_tool(v, chmod);
		root = copy;
	}
	return open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

struct service *
front_server_add(struct service_group *w, const struct conf *c,
    const struct users *u, const char *root)
{
	static const char *const argv[] = {"lighttpd", "-D", "-f", CONF, NULL};
	struct service m = {.name = "lighttpd",
	    .spec =
		{
		    .argv = argv,
		    .env = lighttpd_environment(w->var, c),
		    .only_env = true,
		    .cwd = "/",
		    .drop = u->apart,
		    .uid = u->front,
		    .gid = u->front,
		    .death_signal = SIGTERM,
		},
	    .stop_signal = SIGTERM,
	    .hurry_signal = SIGKILL,
	    .stop_ms = STOP_MS};

	users_chown(u, w->var, "tmp", u->front, u->front, 0700);
	m.spec.fds[0] = w->var->folder;
	m.spec.fds[1] = open_configuration(w->var->arena, root);
	m.spec.fds[2] = open_root(w->var, u, root);
	return service_group_add(w, &m);
}
