#include "fcgi/spool.h"

#include "core/clock.h"
#include "core/log.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#define LOCK ".lock"
#define PART ".part"           /* behind the name, until it is whole */
#define GRACE_SECONDS 3        /* the front server opens it within that */
#define FILES_MAX 4096         /* in one folder */
#define HURRY_MS 4000          /* then what is in the way of a copy goes */
#define WAIT_MS 20             /* between two looks at someone else's copy */
#define PATIENCE_MS 10000      /* for all of them */
#define PIECE_SECONDS_STALE 60 /* a part nobody locks is left by the dead */

struct entry {
	char name[SPOOL_NAME_MAX + sizeof(PART)];
	off_t size;
	time_t used;
};

struct listing {
	struct entry *v; /* owned */
	size_t n;
	off_t total;
	bool blocks; /* what is on the disk counts, not where a file ends */
};

/* ---- the folder ---------------------------------------------------------- */

void
spool_init(
    struct spool *s, const char *path, size_t max, size_t floor, int streams)
{
	memset(s, 0, sizeof(*s));
	s->max = max;
	s->floor = floor;
	s->streams_max = streams;
	if ((mkdir(path, 0750) == 0 || errno == EEXIST) &&
	    access(path, R_OK | W_OK | X_OK) == 0)
		s->path = path;
	else
		log_warn("no_spool", "path", path, "why", strerror(errno));
}

bool
spool_stream(struct spool *s)
{
	if (atomic_fetch_add(&s->streams, 1) < s->streams_max)
		return true;
	atomic_fetch_sub(&s->streams, 1);
	return false;
}

void
spool_streamed(struct spool *s)
{
	atomic_fetch_sub(&s->streams, 1);
}

static int
oldest_first(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return x->used < y->used ? -1 : x->used > y->used;
}

static bool
listing_add(struct listing *l, int dir, const char *name)
{
	struct entry *e = &l->v[l->n];
	struct stat st;

	if (name[0] == '.' || strlen(name) >= sizeof(e->name))
		return true;
	if (l->n == FILES_MAX)
		return false;
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
	    !S_ISREG(st.st_mode) || (l->blocks && st.st_blocks == 0))
		return true;
	snprintf(e->name, sizeof(e->name), "%s", name);
	e->size = l->blocks ? (off_t)st.st_blocks * 512 : st.st_size;
	e->used = st.st_mtime;
	l->total += e->size;
	l->n++;
	return true;
}

/* The files of a folder, the longest unused first; false: too many. */
static bool
listing_read(struct listing *l, int dir)
{
	struct dirent *d;
	bool all = true;
	DIR *stream;

	l->n = 0;
	l->total = 0;
	l->v = calloc(FILES_MAX, sizeof(*l->v));
	stream = fdopendir(dup(dir));
	if (l->v == NULL || stream == NULL)
		fatal("cannot list the spool");
	rewinddir(stream);
	while (all && (d = readdir(stream)) != NULL)
		all = listing_add(l, dir, d->d_name);
	closedir(stream);
	qsort(l->v, l->n, sizeof(*l->v), oldest_first);
	return all;
}

/*
 * Does anyone have it open?  A lease is given only where nobody does.  It is
 * held for no time, and its signal is one that is ignored.
 */
static bool
is_read(int fd)
{
	bool free_now;

	if (fcntl(fd, F_SETSIG, SIGURG) < 0)
		return false;
	free_now = fcntl(fd, F_SETLEASE, F_WRLCK) == 0;
	if (free_now)
		fcntl(fd, F_SETLEASE, F_UNLCK);
	else
		free_now = errno != EAGAIN && errno != EBUSY;
	return !free_now;
}

static bool
entry_gone(struct listing *l, struct entry *e)
{
	l->total -= e->size;
	e->size = -1;
	return true;
}

/* Gives its room back, whoever has it open; false: it is being read. */
static bool
entry_drop(int dir, struct listing *l, struct entry *e, bool even_read)
{
	int fd = openat(dir, e->name, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
	struct stat st;
	bool dropped;

	/* Another user's, from before, goes at least from the folder. */
	if (fd < 0)
		return (errno == ENOENT ||
			   (errno == EACCES &&
			       unlinkat(dir, e->name, 0) == 0)) &&
		       entry_gone(l, e);
	/* It may have been asked for since it was listed. */
	dropped = fstat(fd, &st) == 0 && st.st_mtime == e->used &&
		  (even_read || !is_read(fd)) && ftruncate(fd, 0) == 0 &&
		  unlinkat(dir, e->name, 0) == 0;
	close(fd);
	return dropped && entry_gone(l, e);
}

static bool
is_part(const char *name)
{
	size_t n = strlen(name), part = sizeof(PART) - 1;

	return n > part && strcmp(name + n - part, PART) == 0;
}

static bool
is_once(const char *name)
{
	return strncmp(name, SPOOL_ONCE, sizeof(SPOOL_ONCE) - 1) == 0;
}

/* Drops the oldest until size more bytes fit. */
static void
spool_evict(const struct spool *s, int dir, struct listing *l, size_t size,
    int grace, bool even_read)
{
	time_t now = time(NULL);

	for (size_t i = 0; i < l->n; i++) {
		struct entry *e = &l->v[i];
		time_t age = now - e->used;
		bool fits = (size_t)l->total + size <= s->max;

		if (e->size < 0 || age < grace)
			continue;
		if (is_part(e->name) && age < PIECE_SECONDS_STALE)
			continue;
		/* One answer's file has been read when nobody reads it. */
		if (fits && (even_read || !is_once(e->name)))
			continue;
		entry_drop(dir, l, e, even_read);
	}
}

/* In the lock: room for size more bytes, or E_LIMIT. */
static enum rc
make_room(const struct spool *s, int dir, size_t size, int grace)
{
	struct statvfs disk;
	struct listing l = {.blocks = false};
	bool fits;

	if (fstatvfs(dir, &disk) == 0 &&
	    (uint64_t)disk.f_bavail * disk.f_frsize < (uint64_t)s->floor + size)
		return E_LIMIT;
	fits = listing_read(&l, dir);
	spool_evict(s, dir, &l, size, grace, false);
	if ((size_t)l.total + size > s->max)
		spool_evict(s, dir, &l, size, grace, true);
	fits = fits && (size_t)l.total + size <= s->max;
	free(l.v);
	return fits ? OK : E_LIMIT;
}

/* ---- one file ------------------------------------------------------------ */

static int
lock_folder(int dir)
{
	int fd = openat(dir, LOCK, O_RDWR | O_CREAT | O_CLOEXEC, 0640);

	if (fd >= 0 && flock(fd, LOCK_EX) < 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* Is it there, whole?  Then it is used from now. */
static bool
is_there(int dir, const char *name)
{
	return utimensat(dir, name, NULL, AT_SYMLINK_NOFOLLOW) == 0;
}

/* Someone alive is copying it. */
static bool
is_being_made(int dir, const char *part)
{
	int fd = openat(dir, part, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	bool made;

	if (fd < 0)
		return false;
	made = flock(fd, LOCK_SH | LOCK_NB) < 0;
	if (!made)
		unlinkat(dir, part, 0);
	close(fd);
	return made;
}

/*
 * In the lock.  fd gets the file to fill in, or -1: it is there (OK), or
 * someone else makes it (E_CONFLICT).
 */
static enum rc
copy_begin(const struct spool *s, int dir, const char *name, const char *part,
    size_t size, int grace, int *fd)
{
	enum rc rc;

	*fd = -1;
	if (is_there(dir, name))
		return OK;
	if (is_being_made(dir, part))
		return E_CONFLICT;
	rc = make_room(s, dir, size, grace);
	if (rc != OK)
		return rc;
	*fd = openat(dir, part,
	    O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0640);
	if (*fd < 0)
		return E_UNAVAILABLE;
	/* Its room is taken from now on, also where it has no blocks yet. */
	if (flock(*fd, LOCK_EX | LOCK_NB) == 0 &&
	    ftruncate(*fd, (off_t)size) == 0)
		return OK;
	close(*fd);
	*fd = -1;
	unlinkat(dir, part, 0);
	return E_UNAVAILABLE;
}

static enum rc
write_all(int fd, const char *p, size_t n, off_t at)
{
	while (n > 0) {
		ssize_t done = pwrite(fd, p, n, at);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return E_LIMIT; /* the disk is full */
		p += done;
		at += done;
		n -= (size_t)done;
	}
	return OK;
}

static enum rc
copy_source(int fd, const struct spool_source *from)
{
	size_t at = 0, n;
	const char *p;
	enum rc rc = OK;

	for (; rc == OK && at < from->size; at += n) {
		rc = from->read(from->ctx, at, &p, &n);
		if (rc == OK && (n == 0 || n > from->size - at))
			return E_LATE;
		if (rc == OK)
			rc = write_all(fd, p, n, (off_t)at);
	}
	return rc;
}

static enum rc
copy_make(int dir, const char *name, const char *part, int fd,
    const struct spool_source *from)
{
	enum rc rc = copy_source(fd, from);

	if (rc == OK && renameat(dir, part, dir, name) < 0)
		rc = E_UNAVAILABLE;
	if (rc != OK)
		unlinkat(dir, part, 0);
	close(fd);
	return rc;
}

/*
 * Waits for someone else's copy, and where there is no room for what was asked
 * for a moment ago to be so no more; then that goes, too.  A single answer is
 * at hand already and holds a thread that pages need: it does not wait.
 */
static enum rc
spool_copy(const struct spool *s, int dir, const char *name,
    const struct spool_source *from)
{
	char part[SPOOL_NAME_MAX + sizeof(PART)];
	int64_t start = clock_ms();
	int grace = GRACE_SECONDS, fd, lock;
	enum rc rc;

	snprintf(part, sizeof(part), "%s" PART, name);
	for (;;) {
		lock = lock_folder(dir);
		if (lock < 0)
			return E_UNAVAILABLE;
		rc = copy_begin(s, dir, name, part, from->size, grace, &fd);
		close(lock);
		if (rc == OK && fd >= 0)
			return copy_make(dir, name, part, fd, from);
		if (rc != E_CONFLICT && (rc != E_LIMIT || grace == 0))
			return rc;
		if (clock_ms() > start + PATIENCE_MS)
			return E_LIMIT;
		if (rc == E_LIMIT &&
		    (is_once(name) || clock_ms() > start + HURRY_MS))
			grace = 0;
		else
			poll(NULL, 0, WAIT_MS);
	}
}

static int
open_folder(const struct spool *s)
{
	if (s->path == NULL)
		return -1;
	return open(s->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

bool
spool_has(const struct spool *s, const char *name)
{
	int dir = open_folder(s);
	bool there = dir >= 0 && is_there(dir, name);

	if (dir >= 0)
		close(dir);
	return there;
}

enum rc
spool_put(
    const struct spool *s, const char *name, const struct spool_source *from)
{
	enum rc rc;
	int dir;

	if (strlen(name) > SPOOL_NAME_MAX)
		BUG("the name %s is too long for the spool", name);
	if (from->size > s->max)
		return E_TOOBIG;
	dir = open_folder(s);
	if (dir < 0)
		return E_UNAVAILABLE;
	rc = spool_copy(s, dir, name, from);
	close(dir);
	return rc;
}

/* ---- someone else's folder ----------------------------------------------- */

/*
 * It keeps its name: who writes on at the old place makes a hole before it, and
 * what follows is seen the next time.
 */
static void
entry_empty(int dir, struct listing *l, struct entry *e)
{
	int fd = openat(dir, e->name, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0)
		return;
	if (ftruncate(fd, 0) == 0)
		entry_gone(l, e);
	close(fd);
}

void
spool_trim(const char *path, size_t max)
{
	int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct listing l = {.blocks = true};

	if (dir < 0)
		return;
	listing_read(&l, dir);
	for (size_t i = 0; i < l.n && (size_t)l.total > max; i++)
		if (l.v[i].size > 0) {
			log_warn("spool_trimmed", "file", l.v[i].name);
			entry_empty(dir, &l, &l.v[i]);
		}
	free(l.v);
	close(dir);
}
