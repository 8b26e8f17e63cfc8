#include "cli/postgres.h"

#include "cli/environment.h"
#include "core/db.h"
#include "core/log.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Where Debian puts them, by version. */
#define DEBIAN_PROGRAMS "/usr/lib/postgresql"
#define STOP_MS 30000
#define ORPHAN_MS 10000
#define LOG_NAME "postgres"

/* The descriptors of pg/ and run/pg/ inside the server. */
#define DATA "/proc/self/fd/3"
#define SOCKETS "/proc/self/fd/4"
#define SOCKET_NAME ".s.PGSQL.5432"

/* ---- which programs ------------------------------------------------------ */

/* The major version that made the cluster; 0 where there is none. */
static int
made_by(const struct var_dir *v)
{
	int version = 0;
	FILE *f;

	f = fopen(var_dir_path(v, "pg/PG_VERSION"), "re");
	if (f == NULL)
		return 0;
	if (fscanf(f, "%d", &version) != 1)
		version = 0;
	fclose(f);
	return version;
}

static bool
has_programs(struct arena *a, const char *folder)
{
	return access(arena_printf(a, "%s/postgres", folder), X_OK) == 0 &&
	       access(arena_printf(a, "%s/initdb", folder), X_OK) == 0;
}

/* The newest version under Debian's folder, or the wanted one; 0: none. */
static int
packaged_version(struct arena *a, int wanted)
{
	struct dirent *e;
	int best = 0, n;
	DIR *d;

	d = opendir(DEBIAN_PROGRAMS);
	while (d != NULL && (e = readdir(d)) != NULL) {
		n = atoi(e->d_name);
		if (n > best && (wanted == 0 || n == wanted) &&
		    has_programs(
			a, arena_printf(a, DEBIAN_PROGRAMS "/%d/bin", n)))
			best = n;
	}
	if (d != NULL)
		closedir(d);
	return best;
}

static const char *
programs_in_path(struct arena *a)
{
	const char *path = getenv("PATH");
	char *copy, *folder, *rest;

	copy = arena_strdup(a, path != NULL ? path : "");
	for (folder = strtok_r(copy, ":", &rest); folder != NULL;
	     folder = strtok_r(NULL, ":", &rest))
		if (has_programs(a, folder))
			return folder;
	return NULL;
}

static const char *
find_programs(const struct var_dir *v)
{
	int wanted = made_by(v), version;
	const char *folder;

	version = packaged_version(v->arena, wanted);
	if (version != 0)
		return arena_printf(
		    v->arena, DEBIAN_PROGRAMS "/%d/bin", version);
	folder = programs_in_path(v->arena);
	if (folder != NULL)
		return folder;
	if (wanted != 0)
		fatal("%s was made by PostgreSQL %d, which is not installed: "
		      "install postgresql-%d, or choose another folder with "
		      "VAR=",
		    var_dir_path(v, "pg"), wanted, wanted);
	fatal("PostgreSQL is not installed: `make deps` installs it");
}

/* ---- which user ---------------------------------------------------------- */

static const struct passwd *
find_user(const char *data)
{
	const struct passwd *pw;
	struct stat st;

	if (stat(data, &st) < 0)
		pw = getpwnam("postgres");
	else if (st.st_uid == 0)
		fatal("%s belongs to root, as whom PostgreSQL does not run: "
		      "remove it, or choose another folder with VAR=",
		    data);
	else
		pw = getpwuid(st.st_uid);
	if (pw == NULL)
		fatal("PostgreSQL does not run as root, and there is no user "
		      "to run it as: install the package postgresql");
	return pw;
}

static void
choose_user(struct postgres *p)
{
	const char *data = var_dir_path(p->var, "pg");
	const struct passwd *pw;
	struct stat st;

	p->as = (struct process_spec){.fds = {-1, -1}, .cwd = "/"};
	if (geteuid() != 0) {
		if (stat(data, &st) == 0 && st.st_uid != geteuid())
			fatal("%s belongs to another user: run as that one, or "
			      "choose another folder with VAR=",
			    data);
		return;
	}
	pw = find_user(data);
	p->as.user = arena_strdup(p->var->arena, pw->pw_name);
	p->as.uid = pw->pw_uid;
	p->as.gid = pw->pw_gid;
}

static int
open_folder(const struct postgres *p, const char *path)
{
	int fd;

	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		fatal("%s: %s", path, strerror(errno));
	if (p->as.user != NULL && fchown(fd, p->as.uid, p->as.gid) < 0)
		fatal("%s: chown: %s", path, strerror(errno));
	return fd;
}

/* ---- making the cluster -------------------------------------------------- */

static void
run_tool(struct postgres *p, const char *const *argv, const char *input)
{
	struct process_spec s = p->as;
	int log, status;
	long offset;

	s.argv = argv;
	s.input = input;
	s.fds[0] = p->data;
	log = var_dir_log(p->var, LOG_NAME);
	offset = (long)lseek(log, 0, SEEK_END);
	status = process_run(&s, log);
	close(log);
	if (status == 0)
		return;
	fprintf(stderr, "platen: %s failed:\n", argv[0]);
	var_dir_log_tail(p->var, LOG_NAME, offset, 20);
	exit(1);
}

static void
write_file(const struct postgres *p, const char *name, const char *text)
{
	size_t n = strlen(text);
	int fd;

	/* A new file each time: what lies there is its owner's. */
	unlinkat(p->data, name, 0);
	fd = openat(p->data, name,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, text, n) != (ssize_t)n ||
	    (p->as.user != NULL && fchown(fd, p->as.uid, p->as.gid) < 0) ||
	    close(fd) < 0)
		fatal("%s/%s: %s", var_dir_path(p->var, "pg"), name,
		    strerror(errno));
}

/*
 * Made aside and renamed when it is whole, so that an interrupted start
 * leaves nothing half made.
 */
static void
make_cluster(struct postgres *p)
{
	struct arena *a = p->var->arena;
	const char *initdb[] = {arena_printf(a, "%s/initdb", p->programs), "-D",
	    DATA, "--username=platen", "--auth=peer", "--encoding=UTF8",
	    "--locale=C.UTF-8", NULL};
	const char *single[] = {arena_printf(a, "%s/postgres", p->programs),
	    "--single", "-D", DATA, "postgres", NULL};
	const char *made = var_dir_path(p->var, "pg"),
		   *fresh = var_dir_path(p->var, "pg.new");
	const char *rm[] = {"rm", "-rf", fresh, NULL};
	struct process_spec clear = {.argv = rm, .fds = {-1, -1}};
	int log = var_dir_log(p->var, LOG_NAME);

	log_info("making_database", "in", made);
	process_run(&clear, log);
	close(log);
	if (mkdir(fresh, 0700) < 0)
		fatal("%s: %s", fresh, strerror(errno));
	p->data = open_folder(p, fresh);
	run_tool(p, initdb, NULL);
	run_tool(p, single,
	    arena_printf(a, "%s\n", query_defs[Q_DATABASE_CREATE].sql));
	if (rename(fresh, made) < 0)
		fatal("%s: %s", made, strerror(errno));
}

/* Whether pid is a PostgreSQL process that works in our data folder. */
static bool
is_ours(pid_t pid, const struct stat *data)
{
	char link[64], exe[4096], *base;
	struct stat st;
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/%d/cwd", (int)pid);
	if (stat(link, &st) < 0 || st.st_dev != data->st_dev ||
	    st.st_ino != data->st_ino)
		return false;
	snprintf(link, sizeof(link), "/proc/%d/exe", (int)pid);
	n = readlink(link, exe, sizeof(exe) - 1);
	if (n < 0)
		return false;
	exe[n] = '\0';
	base = strrchr(exe, '/');
	return base != NULL && strncmp(base, "/postgres", 9) == 0;
}

/*
 * A killed server leaves its lock files, whose numbers may be anyone's by
 * now, and backends in the middle of a query, which keep a new one away.
 */
static void
clear_remains(void *arg)
{
	const struct postgres *p = arg;
	struct stat data;
	struct dirent *e;
	pid_t pid;
	DIR *d;

	unlinkat(p->sockets, SOCKET_NAME, 0);
	unlinkat(p->sockets, SOCKET_NAME ".lock", 0);
	if (faccessat(p->data, "postmaster.pid", F_OK, 0) < 0 ||
	    fstat(p->data, &data) < 0 || (d = opendir("/proc")) == NULL)
		return;
	while ((e = readdir(d)) != NULL) {
		pid = atoi(e->d_name);
		if (pid <= 1 || !is_ours(pid, &data))
			continue;
		log_warn("postgres_left_over", "pid", log_num(pid));
		process_end(pid, process_started(pid), SIGQUIT, ORPHAN_MS);
	}
	closedir(d);
	unlinkat(p->data, "postmaster.pid", 0);
}

/* The commands that make a role's password, each a line. */
static const char *
role_commands(struct arena *a, const char *role, const char *password)
{
	char *make = arena_strdup(a, query_defs[Q_ROLE_PASSWORD].sql);

	for (char *p = make; *p != '\0'; p++)
		if (*p == '\n' || *p == '\t')
			*p = ' ';
	return arena_printf(a,
	    "SET platen.role = '%s'\nSET platen.password = '%s'\n%s\n", role,
	    password, make);
}

/*
 * The roles get their passwords before the server runs, for which nobody has
 * one yet.  What stands in a server's log must not hold them.
 */
static void
set_passwords(struct postgres *p, const struct role_passwords *k)
{
	struct arena *a = p->var->arena;
	const char *argv[] = {arena_printf(a, "%s/postgres", p->programs),
	    "--single", "-D", DATA, "-c", "log_min_error_statement=panic", "-c",
	    "log_statement=none", "postgres", NULL};
	const char *text = "SET password_encryption = 'scram-sha-256'\n";

	for (int i = 0; i < KEY_MAX; i++)
		text = arena_printf(a, "%s%s", text,
		    role_commands(a, key_roles[i], k->password[i]));
	clear_remains(p);
	run_tool(p, argv, text);
}

void
postgres_make(struct postgres *p, const struct role_passwords *k)
{
	bool made = access(var_dir_path(p->var, "pg"), F_OK) < 0;

	if (made)
		make_cluster(p);
	else
		p->data = open_folder(p, var_dir_path(p->var, "pg"));
	p->sockets = open_folder(p, var_dir_path(p->var, "run/pg"));
	/* Others than its own user come with their passwords. */
	if (p->as.user != NULL)
		fchmod(p->sockets, 0711);
	write_file(p, "pg_hba.conf", "local all all scram-sha-256\n");
	write_file(p, "pg_ident.conf", "");
	if (made || k->fresh)
		set_passwords(p, k);
	p->service->spec.fds[0] = p->data;
	p->service->spec.fds[1] = p->sockets;
}

/* ---- as a service ---------------------------------------------------------
 */

/* The first is the program. */
#define PERMISSIONS 4
static const char *const arguments[] = {NULL, "-D", DATA, "-c",
    "unix_socket_permissions=0700", "-c", "listen_addresses=", "-c",
    "unix_socket_directories=" SOCKETS, "-c", "port=5432", "-c",
    "cluster_name=platen", "-c", "logging_collector=off", "-c",
    "log_destination=stderr", "-c", "log_line_prefix=%m [%p] %a ", "-c",
    "jit=off", NULL};

void
postgres_add(struct postgres *p, struct service_group *w)
{
	struct arena *a = w->var->arena;
	const char **argv = arena_alloc(a, sizeof(arguments));
	struct service m = {.name = LOG_NAME,
	    .stop_signal = SIGINT,
	    .hurry_signal = SIGQUIT,
	    .stop_ms = STOP_MS,
	    .prepare = clear_remains,
	    .arg = p};

	memset(p, 0, sizeof(*p));
	p->var = w->var;
	p->data = p->sockets = -1;
	p->programs = find_programs(p->var);
	choose_user(p);
	memcpy(argv, arguments, sizeof(arguments));
	argv[0] = arena_printf(a, "%s/postgres", p->programs);
	/* Whoever comes from another user has a password to show. */
	if (p->as.user != NULL)
		argv[PERMISSIONS] = "unix_socket_permissions=0777";
	m.spec = p->as;
	m.spec.argv = argv;
	m.spec.death_signal = SIGINT;
	m.spec.env = environment_plain(a);
	m.spec.only_env = true;
	p->service = service_group_add(w, &m);
}

/* The eighth line of postmaster.pid is its state. */
bool
postgres_ready(const struct postgres *p)
{
	char text[1024], *line;
	ssize_t n;
	int fd, i;

	fd = openat(p->data, "postmaster.pid", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	if (atoi(text) != p->service->pid)
		return false;
	for (i = 1, line = text; i < 8 && line != NULL; i++)
		line = (line = strchr(line, '\n')) == NULL ? NULL : line + 1;
	return line != NULL && strncmp(line, "ready", 5) == 0;
}
