#include "worker/supervisor/workdir.h"

#include "core/log.h"
#include "worker/supervisor/rmtree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* A worker that starts is not in the table yet: younger ones stay. */
#define STALE_SECONDS 600

/* Folders looked at in one go. */
#define TIDY_MAX 256

static bool
make_folder(const char *path)
{
	/* A slot that became nobody passes through. */
	return mkdir(path, 0711) == 0 || errno == EEXIST;
}

/* Where a folder cannot be locked (some NFS) others may remove it. */
static bool
make_own(struct worker *w)
{
	const char *above =
	    arena_printf(&w->scratch, "%s/slots", w->conf->run_var);

	if (!make_folder(w->conf->run_var) || !make_folder(above) ||
	    !make_folder(w->dir))
		return false;
	w->dir_fd = open(w->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (w->dir_fd >= 0 && flock(w->dir_fd, LOCK_EX | LOCK_NB) != 0)
		log_warn("workdir_not_locked", "path", w->dir, "why",
		    strerror(errno));
	return w->dir_fd >= 0;
}

void
workdir_make(struct worker *w, struct conf *c)
{
	w->dir = arena_printf(&c->arena, "%s/slots/%s", c->run_var, w->id);
	if (!make_own(w))
		fatal("cannot make %s: %s", w->dir, strerror(errno));
}

bool
workdir_gone(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && st.st_nlink == 0;
}

bool
workdir_stand(struct worker *w)
{
	if (w->dir_fd >= 0 && !workdir_gone(w->dir_fd))
		return true;
	if (w->dir_fd >= 0)
		close(w->dir_fd);
	log_warn("workdir_was_removed", "path", w->dir);
	if (make_own(w))
		return true;
	log_error("workdir", "path", w->dir, "why", strerror(errno));
	return false;
}

/* The folder above, which holds those of all workers of this host. */
static int
open_parent(const struct worker *w)
{
	const char *path = w->dir;
	int fd, parent;

	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	parent = openat(fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	close(fd);
	return parent;
}

/* Removes the folder of a worker, unless that lives and holds it locked. */
static void
remove_left(int parent, const char *name)
{
	int fd = openat(
	    parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return;
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		rmtree_remove(parent, name);
	close(fd);
}

void
workdir_clear(const struct worker *w, const char *id)
{
	int parent = open_parent(w);

	if (parent < 0)
		return;
	remove_left(parent, id);
	close(parent);
}

void
workdir_remove(struct worker *w)
{
	close(w->dir_fd);
	w->dir_fd = -1;
	workdir_clear(w, w->id);
}

static bool
is_stale(int parent, const char *name)
{
	struct stat st;

	return uuid_valid(name) &&
	       fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISDIR(st.st_mode) && time(NULL) - st.st_mtime > STALE_SECONDS;
}

static size_t
list_stale(struct arena *a, int parent, const char **names)
{
	struct dirent *e;
	size_t n = 0;
	DIR *d;

	d = fdopendir(dup(parent));
	if (d == NULL)
		return 0;
	while (n < TIDY_MAX && (e = readdir(d)) != NULL)
		if (is_stale(parent, e->d_name))
			names[n++] = arena_strdup(a, e->d_name);
	closedir(d);
	return n;
}

static bool
is_known(const struct rows *r, const char *id)
{
	for (int i = 0; i < r->n; i++)
		if (strcmp(row_text(r, i, "id"), id) == 0)
			return true;
	return false;
}

void
workdir_tidy(struct worker *w)
{
	struct arena *a = &w->scratch;
	const char *names[TIDY_MAX];
	int parent = open_parent(w);
	struct rows r;
	size_t n;

	if (parent < 0)
		return;
	n = list_stale(a, parent, names);
	if (n > 0 && db_run(w->db, a, NULL, Q_WORKER_KNOWN, &r,
			 DB_ARGS(pg_array(a, names, n))) == OK)
		for (size_t i = 0; i < n; i++)
			if (!is_known(&r, names[i]))
				remove_left(parent, names[i]);
	close(parent);
}
