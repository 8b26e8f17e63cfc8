/*
 * platen run: a whole Platen on one machine, in the foreground.
 *
 * Starts the private PostgreSQL and Redis (unless the configuration points
 * elsewhere), migrates, starts the sidecar, the worker and lighttpd, says
 * "platen ready URL" and keeps them all running until it is told to stop.
 */
#include "cli/command.h"
#include "cli/front_server.h"
#include "cli/instance.h"
#include "cli/role_passwords.h"
#include "cli/migrate.h"
#include "cli/platen_services.h"
#include "cli/install_paths.h"
#include "cli/postgres.h"
#include "cli/redis_server.h"
#include "cli/users.h"
#include "cli/service_group.h"
#include "core/clock.h"
#include "core/conf.h"
#include "core/log.h"
#include "core/privileges.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define LOOK_MS 10        /* between two looks whether something is up */
#define SERVER_SECONDS 60 /* for a server; crash recovery takes a while */
#define READY_SECONDS 60  /* for the first /readyz */

extern char **environ;
const struct command command_run;

struct start {
	struct arena arena;
	struct conf conf;
	struct var_dir var;
	struct service_group group;
	struct postgres postgres;
	struct users users;
	struct role_passwords keys;
	struct service *redis, *live, *worker, *front; /* NULL: not ours */
	int web; /* the first of platen-web; the last comes before front */
	bool redis_renewed;
};

/* ---- before anything starts ---------------------------------------------- */

static bool
read_arguments(int argc, char **argv)
{
	int i;

	for (i = 1; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "--port") == 0)
			setenv("PLATEN_RUN_PORT", argv[i + 1], 1);
		else if (strcmp(argv[i], "--var") == 0)
			setenv("PLATEN_RUN_VAR", argv[i + 1], 1);
		else
			return false;
	}
	return i == argc;
}

/* libpq's and the server's own variables would change what we mean. */
static void
unset_pg_variables(void)
{
	char name[64];
	char **e;

	for (e = environ; *e != NULL;) {
		if (strncmp(*e, "PG", 2) == 0 && strcspn(*e, "=") < 64) {
			snprintf(name, sizeof(name), "%.*s",
			    (int)strcspn(*e, "="), *e);
			unsetenv(name);
			e = environ;
		} else {
			e++;
		}
	}
}

/* What all children share: absolute paths, and where lighttpd is. */
static void
set_environment(struct start *s)
{
	const char *file = getenv("PLATEN_CONF"), *path = getenv("PATH");
	char full[PATH_MAX];

	setenv("PLATEN_RUN_VAR", s->conf.run_var, 1);
	if (file != NULL && *file != '\0' && realpath(file, full) != NULL)
		setenv("PLATEN_CONF", full, 1);
	setenv("PATH",
	    arena_printf(&s->arena, "%s:/usr/local/sbin:/usr/sbin:/sbin",
		path != NULL ? path : "/usr/local/bin:/usr/bin:/bin"),
	    1);
	if (s->conf.own_db)
		unset_pg_variables();
}

static const char *
find_root(struct start *s)
{
	const char *root = s->conf.run_root;

	if (*root == '\0')
		root = install_paths_root(&s->arena);
	if (root == NULL)
		fatal("cannot find lighttpd.conf and static/ above %s: set "
		      "run.root to their folder",
		    install_paths_programs(&s->arena));
	return root;
}

/* ---- the services ---------------------------------------------------------
 */

static void
add_services(struct start *s, const char *root)
{
	struct conf *c = &s->conf;

	if (c->own_db)
		postgres_add(&s->postgres, &s->group);
	if (c->own_redis)
		s->redis = redis_server_add(&s->group, &s->users, &s->keys);
	s->live = platen_services_add_live(&s->group, c, &s->users);
	s->worker = platen_services_add_worker(&s->group, c, &s->users);
	s->web = s->group.n;
	platen_services_add_web(&s->group, c, &s->users);
	s->front = front_server_add(&s->group, c, &s->users, root);
}

/* ---- waiting for them ---------------------------------------------------- */

static bool
servers_ready(struct start *s)
{
	return (!s->conf.own_db || postgres_ready(&s->postgres)) &&
	       (!s->conf.own_redis || redis_server_ready(s->conf.redis_url));
}

static bool
live_ready(const struct conf *c)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	bool ready;
	int fd;

	if (strlen(c->live_socket) >= sizeof(to.sun_path))
		return false;
	memcpy(to.sun_path, c->live_socket, strlen(c->live_socket));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	ready = connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0;
	close(fd);
	return ready;
}

static bool
all_ready(struct start *s)
{
	return live_ready(&s->conf) && front_server_ready(&s->conf);
}

/* Redis that refuses its own data gets an empty folder, once. */
static bool
forgive_redis(struct start *s, const struct service *died)
{
	if (died != s->redis || s->redis_renewed ||
	    !redis_server_set_aside(&s->var, &s->users))
		return false;
	s->redis_renewed = true;
	service_group_start(&s->group, s->redis);
	return true;
}

/* The last it said is most often why. */
static void
log_died(struct start *s, const struct service *died)
{
	const char *path =
	    arena_printf(&s->arena, "%s/log/%s.log", s->var.path, died->log);
	FILE *log = fopen(path, "re");
	char line[1024], last[1024] = "";

	while (log != NULL && fgets(line, sizeof(line), log) != NULL)
		memcpy(last, line, sizeof(last));
	if (log != NULL)
		fclose(log);
	fprintf(stderr, "platen run: %s did not start; its log is %s\n%s",
	    died->name, path, last);
}

static enum rc
await_ready(struct start *s, bool (*ready)(struct start *), int seconds,
    const char *what)
{
	int64_t until = clock_ms() + seconds * 1000;
	struct service *died;

	for (;;) {
		switch (service_group_wait(&s->group, LOOK_MS, &died)) {
		case SERVICE_END_ASKED:
			return E_STOPPED;
		case SERVICE_DIED:
			if (forgive_redis(s, died))
				continue;
			log_died(s, died);
			return E_UNAVAILABLE;
		case SERVICE_TIMEOUT:
			break;
		}
		if (ready(s))
			return OK;
		if (clock_ms() > until) {
			fprintf(stderr,
			    "platen run: %s after %d seconds; the logs are in "
			    "%s/log\n",
			    what, seconds, s->var.path);
			return E_UNAVAILABLE;
		}
	}
}

/* ---- the run ------------------------------------------------------------- */

/* Users of their own go through these, but cannot look around. */
static void
open_folders(struct start *s)
{
	if (s->users.apart &&
	    (chmod(s->var.path, 0711) < 0 ||
		chmod(var_dir_path(&s->var, "run"), 0711) < 0))
		fatal("%s: %s", s->var.path, strerror(errno));
}

static void
prepare_servers(struct start *s)
{
	const char *root;

	root = find_root(s);
	umask(077);
	privileges_drop(0); /* secrets are in our memory */
	set_environment(s);
	var_dir_open(&s->var, &s->arena, s->conf.run_var);
	service_group_init(&s->group, &s->var);
	users_choose(&s->users, &s->var);
	open_folders(s);
	role_passwords_read(&s->keys, &s->var);
	add_services(s, root);
	service_group_end_leftovers(&s->group);
	s->front->spec.input_fd = front_server_listen(&s->conf);
	if (s->conf.own_db)
		postgres_make(&s->postgres, &s->keys);
	role_passwords_create(&s->keys, &s->var);
	conf_refresh_paths(&s->conf);
	instance_record(&s->arena, &s->conf);
}

static enum rc
start_servers(struct start *s)
{
	if (s->conf.own_db)
		service_group_start(&s->group, s->postgres.service);
	if (s->redis != NULL)
		service_group_start(&s->group, s->redis);
	return await_ready(s, servers_ready, SERVER_SECONDS,
	    "PostgreSQL or Redis does not answer");
}

static enum rc
migrate_database(struct start *s)
{
	struct migrate_report report;
	enum rc rc;

	rc = migrate_run(&s->arena, &s->conf, migrations, &report);
	if (rc != OK)
		fprintf(stderr, "platen run: %s\n", report.why);
	return rc;
}

static enum rc
start_all(struct start *s)
{
	enum rc rc;

	rc = start_servers(s);
	if (rc == OK)
		rc = migrate_database(s);
	if (rc != OK)
		return rc;
	service_group_start(&s->group, s->live);
	service_group_start(&s->group, s->worker);
	for (int i = s->web; &s->group.services[i] != s->front; i++)
		service_group_start(&s->group, &s->group.services[i]);
	service_group_start(&s->group, s->front);
	return await_ready(s, all_ready, READY_SECONDS,
	    "GET /readyz does not answer with 200");
}

static int
run(int argc, char **argv)
{
	struct start s;
	enum rc rc;

	if (!read_arguments(argc, argv))
		return command_misused(&command_run);
	memset(&s, 0, sizeof(s));
	arena_init(&s.arena);
	unsetenv(CONF_INSTANCE);
	conf_load(&s.conf);
	log_init("platen-run", log_level_parse(s.conf.log_level));
	prepare_servers(&s);
	rc = start_all(&s);
	if (rc == OK) {
		printf(
		    "platen ready %s\n", front_server_url(&s.arena, &s.conf));
		fflush(stdout);
		service_group_run(&s.group);
	}
	service_group_stop(&s.group);
	instance_forget(&s.arena, &s.conf);
	log_info("stopped");
	conf_release(&s.conf);
	arena_release(&s.arena);
	return rc == OK || rc == E_STOPPED ? 0 : 1;
}

const struct command command_run = {
    .name = "run",
    .usage = "run [--port PORT] [--var DIR]",
    .help =
	"starts everything on this machine and keeps it running until Ctrl-C",
    .run = run,
    .apart = true,
};
