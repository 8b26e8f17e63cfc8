#include "cli/platen_services.h"

#include "cli/environment.h"
#include "cli/install_paths.h"
#include "core/log.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define LIVE_STOP_MS 5000
#define WEB_STOP_MS 5000
#define WORKER_SPARE_MS 5000 /* on top of worker.stop_seconds */
#define BACKLOG 1024

/* Inside the process: run.var, and its settings. */
#define VAR_FD 3
#define CONF_FD 4

static const char *const all[] = {"", NULL};
static const char *const servers[] = {"db.", "redis.", NULL};

/* A socket in the file system may let in who started us alone. */
static bool
by_socket(const struct conf *c)
{
	const char *host = strstr(c->db_conninfo, "host=");

	if (!c->own_redis && strncmp(c->redis_url, "unix:", 5) == 0)
		return true;
	if (c->own_db || strstr(c->db_conninfo, "://") != NULL)
		return false;
	return host == NULL || host[5] == '/' || host[5] == '\'' ||
	       host[5] == '@';
}

/*
 * Who talks to PostgreSQL and Redis gets a user of its own, unless those are
 * an operator's that know us by our user.
 */
static uid_t
user_of(const struct conf *c, const struct users *u, uid_t uid)
{
	return u->apart && by_socket(c) ? 0 : uid;
}

/* The settings of a service that becomes uid, with these secrets. */
static int
service_conf_fd(const struct conf *c, const struct users *u, uid_t uid,
    const char *const *secrets)
{
	struct conf its = *c;

	/* They find the private servers themselves (conf_set_identity). */
	if (c->own_db)
		its.db_conninfo = "";
	if (c->own_redis)
		its.redis_url = "";
	if (c->own_live_socket)
		its.live_socket = "";
	if (u->apart) {
		its.run_uid = (int)uid;
		its.run_front_gid = (int)u->front;
		its.worker_slot_uid = (int)u->slot;
	}
	/* Others cannot reach it by its path; lighttpd knows it by this one. */
	if (u->apart && secrets != all)
		its.run_var = "/proc/self/fd/3";
	return conf_share(&its, all, secrets);
}

static struct service
make_service(const struct service_group *w, const struct conf *c,
    const char *program, int conf_fd, int stop_ms)
{
	struct arena *a = w->var->arena;
	const char **argv = arena_array(a, 3, sizeof(*argv));
	struct service m = {
	    .name = program,
	    .spec = {.argv = argv,
		.env = environment_of(a, c, CONF_FD),
		.only_env = true,
		.fds = {w->var->folder, conf_fd},
		.death_signal = SIGTERM},
	    .stop_signal = SIGTERM,
	    .hurry_signal = SIGKILL,
	    .stop_ms = stop_ms,
	};

	argv[0] =
	    arena_printf(a, "%s/platen-%s", install_paths_programs(a), program);
	return m;
}

/* ---- platen-live --------------------------------------------------------- */

/* A socket that nobody listens on any more is in the way of the next one. */
static void
clear_live_socket(void *arg)
{
	const struct var_dir *v = arg;

	unlinkat(v->sockets, "live.sock", 0);
}

struct service *
platen_services_add_live(
    struct service_group *w, const struct conf *c, const struct users *u)
{
	struct service m = make_service(w, c, "live",
	    service_conf_fd(c, u, user_of(c, u, u->live), servers),
	    LIVE_STOP_MS);

	if (c->own_live_socket) {
		m.prepare = clear_live_socket;
		m.arg = (void *)(uintptr_t)w->var;
	}
	return service_group_add(w, &m);
}

/* ---- platen-worker ------------------------------------------------------- */

struct service *
platen_services_add_worker(
    struct service_group *w, const struct conf *c, const struct users *u)
{
	struct service m =
	    make_service(w, c, "worker", service_conf_fd(c, u, 0, all),
		c->worker_stop_seconds * 1000 + WORKER_SPARE_MS);

	return service_group_add(w, &m);
}

/* ---- platen-web ---------------------------------------------------------- */

/* Where lighttpd finds all of them. */
static int
listen_for_web(const struct var_dir *v, const struct users *u)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	unlinkat(v->sockets, "web.sock", 0);
	snprintf(at.sun_path, sizeof(at.sun_path), "/proc/self/fd/%d/web.sock",
	    v->sockets);
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0 ||
	    listen(fd, BACKLOG) < 0 ||
	    (u->apart && (fchownat(v->sockets, "web.sock", u->web, u->front,
			      AT_SYMLINK_NOFOLLOW) < 0 ||
			     fchmodat(v->sockets, "web.sock", 0660, 0) < 0)))
		fatal("cannot listen for pages in %s/run: %s", v->path,
		    strerror(errno));
	return fd;
}

/* It holds no secret, only the right to see to lighttpd's files. */
static void
add_trimmer(
    struct service_group *w, const struct conf *c, const struct users *u)
{
	struct service m = make_service(
	    w, c, "web", service_conf_fd(c, u, u->front, NULL), WEB_STOP_MS);

	((const char **)(uintptr_t)m.spec.argv)[1] = "--trim";
	m.name = "trim";
	m.log = "web";
	service_group_add(w, &m);
}

void
platen_services_add_web(
    struct service_group *w, const struct conf *c, const struct users *u)
{
	struct arena *a = w->var->arena;
	int conf_fd = service_conf_fd(c, u, user_of(c, u, u->web), servers);
	int socket = listen_for_web(w->var, u);

	if (u->apart && by_socket(c))
		log_warn("web_and_live_stay_root", "why",
		    "db.conninfo or redis.url is a socket, which may refuse "
		    "other users");
	users_chown(u, w->var, "spool", u->web, u->front, 02750);
	for (int i = 1; i <= c->web_processes; i++) {
		struct service m =
		    make_service(w, c, "web", conf_fd, WEB_STOP_MS);

		m.name = arena_printf(a, "web-%d", i);
		m.log = "web";
		m.spec.input_fd = socket;
		service_group_add(w, &m);
	}
	if (u->apart)
		add_trimmer(w, c, u);
}
