#include "cli/var_dir.h"

#include "core/log.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOG_MAX_BYTES (10L * 1024 * 1024)
#define TAIL_BYTES 8192
#define LOCK_WAIT_US 20000

static const char *const folders[] = {
    "", "run", "run/pg", "run/redis", "redis", "log", "tmp", "spool", NULL};

const char *
var_dir_path(const struct var_dir *v, const char *relative)
{
	return arena_printf(v->arena, "%s/%s", v->path, relative);
}

static const char *
owner_of(const char *path)
{
	struct passwd *pw;
	struct stat st;

	if (stat(path, &st) < 0)
		return "someone else";
	pw = getpwuid(st.st_uid);
	return pw != NULL ? pw->pw_name : "someone else";
}

/* mkdir -p, a part at a time. */
static void
make_folder(const struct var_dir *v, const char *path)
{
	char *copy = arena_strdup(v->arena, path), *p;
	struct stat st;

	for (p = copy + 1;; p++) {
		if (*p != '/' && *p != '\0')
			continue;
		char keep = *p;
		*p = '\0';
		if (mkdir(copy, 0700) < 0 && errno != EEXIST)
			fatal("cannot make the folder %s: %s; VAR= chooses "
			      "another",
			    copy, strerror(errno));
		if (keep == '\0')
			break;
		*p = keep;
	}
	if (stat(copy, &st) < 0 || !S_ISDIR(st.st_mode))
		fatal("%s is not a folder; VAR= chooses another", copy);
}

static void
check_writable(const char *path)
{
	if (access(path, R_OK | W_OK | X_OK) == 0)
		return;
	fatal("cannot write in %s, it belongs to %s: run as that user, or "
	      "choose another folder with VAR=",
	    path, owner_of(path));
}

static void
take_lock(struct var_dir *v)
{
	const char *file = var_dir_path(v, "run/lock");
	char text[32] = "";
	ssize_t n;
	int tries;

	v->lock = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (v->lock < 0)
		fatal("%s: %s", file, strerror(errno));
	/* Whoever looks whether we run holds it for a moment. */
	for (tries = 10; flock(v->lock, LOCK_EX | LOCK_NB) < 0 && tries > 0;
	     tries--)
		usleep(LOCK_WAIT_US);
	if (tries == 0) {
		n = read(v->lock, text, sizeof(text) - 1);
		text[n > 0 ? strcspn(text, "\n") : 0] = '\0';
		fatal("%s is in use by another `platen run` (process %s): "
		      "stop that one, or choose another folder with VAR=",
		    v->path, *text ? text : "unknown");
	}
	n = snprintf(text, sizeof(text), "%d\n", (int)getpid());
	if (ftruncate(v->lock, 0) < 0 ||
	    pwrite(v->lock, text, (size_t)n, 0) < 0)
		fatal("%s: %s", file, strerror(errno));
}

void
var_dir_open(struct var_dir *v, struct arena *a, const char *path)
{
	const char *folder;
	int i;

	*v = (struct var_dir){a, path, -1, -1, -1};
	for (i = 0; folders[i] != NULL; i++) {
		folder = *folders[i] ? var_dir_path(v, folders[i]) : v->path;
		make_folder(v, folder);
		/* run/pg is PostgreSQL's own. */
		if (strcmp(folders[i], "run/pg") != 0)
			check_writable(folder);
	}
	take_lock(v);
	folder = var_dir_path(v, "run");
	v->sockets = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	v->folder = open(v->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (v->sockets < 0 || v->folder < 0)
		fatal("%s: %s", folder, strerror(errno));
}

static void
log_path(char out[PATH_MAX], const struct var_dir *v, const char *name)
{
	snprintf(out, PATH_MAX, "%s/log/%s.log", v->path, name);
}

int
var_dir_log(const struct var_dir *v, const char *name)
{
	char path[PATH_MAX];
	int fd;

	log_path(path, v, name);
	fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (fd < 0)
		fatal("%s: %s", path, strerror(errno));
	return fd;
}

/* Its writers append, so after the copy the file can simply be emptied. */
void
var_dir_log_trim(const struct var_dir *v, const char *name)
{
	char path[PATH_MAX], older[PATH_MAX + 2];
	struct stat st;
	int in, out;
	ssize_t n;

	log_path(path, v, name);
	snprintf(older, sizeof(older), "%s.1", path);
	if (stat(path, &st) < 0 || st.st_size <= LOG_MAX_BYTES)
		return;
	in = open(path, O_RDWR | O_CLOEXEC);
	out = open(older, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	do {
		n = copy_file_range(in, NULL, out, NULL, 1 << 20, 0);
	} while (n > 0);
	if (n < 0 || ftruncate(in, 0) < 0)
		log_warn(
		    "log_trim_failed", "file", path, "why", strerror(errno));
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
}

void
var_dir_log_tail(
    const struct var_dir *v, const char *name, long offset, int lines)
{
	char path[PATH_MAX], text[TAIL_BYTES + 1], *p, *start;
	size_t n;
	FILE *f;

	log_path(path, v, name);
	f = fopen(path, "re");
	if (f == NULL)
		return;
	if (fseek(f, -TAIL_BYTES, SEEK_END) < 0 || ftell(f) < offset)
		fseek(f, offset, SEEK_SET);
	n = fread(text, 1, TAIL_BYTES, f);
	fclose(f);
	while (n > 0 && text[n - 1] == '\n')
		n--;
	text[n] = '\0';
	for (start = text + n; start > text; start--)
		if (start[-1] == '\n' && --lines == 0)
			break;
	for (p = strtok(start, "\n"); p != NULL; p = strtok(NULL, "\n"))
		fprintf(stderr, "    %s\n", p);
}
