#include "cli/instance.h"

#include "core/ids.h"
#include "core/log.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define RECORD "run/instance.conf"
#define POINTERS "var/instances" /* below the folder of the command */
#define INSTANCES_MAX 64         /* that are told apart */

/* ---- writing ------------------------------------------------------------- */

/* The folder "var" here; NULL where there is no "here" any more. */
static const char *
usual_var(struct arena *a)
{
	char *cwd = getcwd(NULL, 0);
	const char *var;

	if (cwd == NULL)
		return NULL;
	var = arena_printf(a, "%s/var", cwd);
	free(cwd);
	return var;
}

static bool
is_usual(struct arena *a, const char *var)
{
	const char *usual = usual_var(a);
	char x[PATH_MAX], y[PATH_MAX];

	if (usual == NULL || strcmp(usual, var) == 0)
		return true;
	return realpath(usual, x) != NULL && realpath(var, y) != NULL &&
	       strcmp(x, y) == 0;
}

/* var/instances/0123456789abcdef, by the folder it points to. */
static const char *
pointer_of(struct arena *a, const char *var)
{
	unsigned char h[SHA256_BYTES];
	char name[17];

	sha256_hash(var, strlen(var), h);
	for (int i = 0; i < 8; i++)
		snprintf(name + 2 * i, 3, "%02x", h[i]);
	return arena_printf(a, POINTERS "/%s", name);
}

/* For its owner alone: there may be passwords in it. */
static FILE *
create_private(const char *path)
{
	int fd;

	unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	return fd < 0 ? NULL : fdopen(fd, "w");
}

void
instance_record(struct arena *a, const struct conf *c)
{
	const char *path = arena_printf(a, "%s/" RECORD, c->run_var);
	FILE *f = create_private(path);

	if (f == NULL)
		fatal("%s: %s", path, strerror(errno));
	fputs("# The settings of the Platen that runs here.  Removed when "
	      "it stops.\n",
	    f);
	fprintf(f, "run.var = %s\n", c->run_var);
	conf_write_record(c, f);
	if (fclose(f) != 0)
		fatal("%s: %s", path, strerror(errno));
	if (is_usual(a, c->run_var))
		return;
	/* A convenience: where it cannot be written, nothing points here. */
	mkdir("var", 0700);
	mkdir(POINTERS, 0700);
	f = create_private(pointer_of(a, c->run_var));
	if (f == NULL)
		return;
	fprintf(f, "%s\n", c->run_var);
	fclose(f);
}

void
instance_forget(struct arena *a, const struct conf *c)
{
	unlink(arena_printf(a, "%s/" RECORD, c->run_var));
	if (!is_usual(a, c->run_var))
		unlink(pointer_of(a, c->run_var));
}

/* ---- finding ------------------------------------------------------------- */

/* The lock of a folder is held for as long as a Platen runs with it. */
static bool
is_running(struct arena *a, const char *var)
{
	int fd =
	    open(arena_printf(a, "%s/run/lock", var), O_RDONLY | O_CLOEXEC);
	bool held;

	if (fd < 0)
		return false;
	held = flock(fd, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK;
	close(fd);
	return held && access(arena_printf(a, "%s/" RECORD, var), R_OK) == 0;
}

static void
use_instance(struct arena *a, const char *var)
{
	setenv(CONF_INSTANCE, arena_printf(a, "%s/" RECORD, var), 1);
}

/* What a pointer points to, if that runs; a stale one goes. */
static const char *
follow_pointer(struct arena *a, const char *pointer)
{
	char var[PATH_MAX];
	FILE *f = fopen(pointer, "re");
	bool read;

	if (f == NULL)
		return NULL;
	read = fgets(var, sizeof(var), f) != NULL;
	fclose(f);
	var[read ? strcspn(var, "\n") : 0] = '\0';
	if (var[0] == '/' && is_running(a, var))
		return arena_strdup(a, var);
	unlink(pointer);
	return NULL;
}

static int
find_others(struct arena *a, const char **found, int max)
{
	DIR *dir = opendir(POINTERS);
	struct dirent *d;
	int n = 0;

	while (dir != NULL && n < max && (d = readdir(dir)) != NULL) {
		if (d->d_name[0] == '.')
			continue;
		found[n] = follow_pointer(
		    a, arena_printf(a, POINTERS "/%s", d->d_name));
		n += found[n] != NULL;
	}
	if (dir != NULL)
		closedir(dir);
	return n;
}

static void
print_which(struct arena *a, const char *const *found, int n)
{
	struct conf c;

	fprintf(stderr, "platen: %d Platens were started in this folder:\n", n);
	for (int i = 0; i < n; i++) {
		use_instance(a, found[i]);
		conf_load(&c);
		fprintf(stderr, "  PLATEN_RUN_VAR=%s (port %d)\n", found[i],
		    c.run_port);
		conf_release(&c);
	}
	unsetenv(CONF_INSTANCE);
	fputs("Put the PLATEN_RUN_VAR=... of the one you mean before the "
	      "command.\n",
	    stderr);
}

bool
instance_find(struct arena *a)
{
	const char *found[INSTANCES_MAX], *var = conf_var(a);
	int n;

	unsetenv(CONF_INSTANCE);
	if (is_running(a, var)) {
		use_instance(a, var);
		return true;
	}
	/* Told which folder is meant: no other one is. */
	if (!is_usual(a, var))
		return true;
	n = find_others(a, found, INSTANCES_MAX);
	if (n > 1) {
		print_which(a, found, n);
		return false;
	}
	if (n == 1)
		use_instance(a, found[0]);
	return true;
}
