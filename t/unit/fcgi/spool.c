/* Large answers on the disk: never over their ceiling, never half a file. */
#include "fcgi/spool.h"
#include "t/tap.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define KB 1024u

static char folder[] = "/tmp/platen-spool-XXXXXX";
static char piece[100 * KB];

/* A source of 'a's that may break off. */
struct as {
	size_t breaks; /* where; SIZE_MAX: never */
	int reads;
};

static enum rc
read_as(void *ctx, size_t at, const char **p, size_t *n)
{
	struct as *s = ctx;

	s->reads++;
	if (at >= s->breaks)
		return E_LATE;
	*p = piece;
	*n = 50 * KB;
	return OK;
}

static enum rc
put(struct spool *s, const char *name, size_t size, struct as *as)
{
	struct spool_source from = {size, read_as, as};

	return spool_put(s, name, &from);
}

static const char *
path_of(const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

/* As if nobody had asked for it for so long. */
static void
grow_old(const char *name, int seconds)
{
	struct timespec t[2];

	clock_gettime(CLOCK_REALTIME, &t[0]);
	t[0].tv_sec -= seconds;
	t[1] = t[0];
	utimensat(AT_FDCWD, path_of(name), t, 0);
}

static long
folder_kb(void)
{
	DIR *d = opendir(folder);
	struct dirent *e;
	struct stat st;
	long total = 0;

	while ((e = readdir(d)) != NULL)
		if (e->d_name[0] != '.' && stat(path_of(e->d_name), &st) == 0)
			total += st.st_size / (long)KB;
	closedir(d);
	return total;
}

static long
size_kb(const char *name)
{
	struct stat st;

	return stat(path_of(name), &st) == 0 ? st.st_size / (long)KB : -1;
}

static void
empty(void)
{
	DIR *d = opendir(folder);
	struct dirent *e;

	while ((e = readdir(d)) != NULL)
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			unlink(path_of(e->d_name));
	closedir(d);
}

static void
copies_once(struct spool *s)
{
	struct as as = {SIZE_MAX, 0};

	is_int(put(s, "one", 100 * KB, &as), OK, "a file is copied");
	is_int(size_kb("one"), 100, "whole");
	is_int(as.reads, 2, "piece by piece");
	ok(spool_has(s, "one"), "and is there");
	is_int(put(s, "one", 100 * KB, &as), OK, "the next reader");
	is_int(as.reads, 2, "costs no copy");
	is_int(put(s, "huge", 1001 * KB, &as), E_TOOBIG,
	    "what is larger than the spool is refused at once");
	empty();
}

static void
leaves_no_half(struct spool *s)
{
	struct as as = {50 * KB, 0};
	int fd;

	is_int(put(s, "half", 100 * KB, &as), E_LATE,
	    "a file that was replaced meanwhile");
	is_int(folder_kb(), 0, "leaves nothing");
	fd = open(path_of("dead.part"), O_RDWR | O_CREAT, 0600);
	ok(ftruncate(fd, 90 * KB) == 0, "half a file of a killed process");
	close(fd);
	as.breaks = SIZE_MAX;
	is_int(put(s, "dead", 100 * KB, &as), OK, "is made anew");
	is_int(folder_kb(), 100, "and takes no room");
	empty();
}

static void
stays_under_its_ceiling(struct spool *s)
{
	struct as as = {SIZE_MAX, 0};
	char name[16];
	int i;

	for (i = 0; i < 10; i++) {
		snprintf(name, sizeof(name), "f%d", i);
		is_int(put(s, name, 100 * KB, &as), OK, "there is room");
	}
	is_int(put(s, SPOOL_ONCE "a", 100 * KB, &as), OK,
	    "where all were asked for a moment ago, one goes");
	is_int(folder_kb(), 1000, "and the ceiling holds");
	is_int(put(s, "again", 100 * KB, &as), OK, "at once or after a while");
	ok(folder_kb() <= 1000, "as ever");
	empty();
	for (i = 0; i < 10; i++) {
		snprintf(name, sizeof(name), "f%d", i);
		is_int(put(s, name, 100 * KB, &as), OK, "there is room");
	}
	grow_old("f3", 100);
	grow_old("f5", 200);
	is_int(put(s, "more", 100 * KB, &as), OK, "the oldest goes");
	is_int(size_kb("f5"), -1, "which is that");
	is_int(size_kb("f3"), 100, "and no more than needed");
	is_int(folder_kb(), 1000, "the ceiling holds");
	empty();
}

static void
cuts_off_who_reads_last(struct spool *s)
{
	struct as as = {SIZE_MAX, 0};
	struct stat st;
	int fd;

	is_int(put(s, "read", 500 * KB, &as), OK, "one that is read");
	is_int(put(s, "idle", 400 * KB, &as), OK, "one that is not");
	fd = open(path_of("read"), O_RDONLY);
	grow_old("read", 300);
	grow_old("idle", 100);
	is_int(put(s, "new", 300 * KB, &as), OK, "a new one");
	is_int(size_kb("idle"), -1, "takes the place of what nobody reads");
	is_int(size_kb("read"), 500, "though the other is older");
	is_int(put(s, "next", 400 * KB, &as), OK, "and where there is none");
	ok(fstat(fd, &st) == 0 && st.st_size == 0,
	    "the slow reader gives its room back");
	is_int(folder_kb(), 700, "all of it");
	close(fd);
	is_int(put(s, SPOOL_ONCE "x", 100 * KB, &as), OK, "a single answer");
	grow_old(SPOOL_ONCE "x", 20);
	is_int(put(s, "last", 100 * KB, &as), OK, "that was read");
	is_int(size_kb(SPOOL_ONCE "x"), -1, "goes before there is need");
	empty();
}

static void
trims_others(void)
{
	struct as as = {SIZE_MAX, 0};
	struct spool s;

	spool_init(&s, folder, 1000 * KB, 0, 1);
	is_int(put(&s, "up-1", 300 * KB, &as), OK, "a body");
	is_int(put(&s, "up-2", 300 * KB, &as), OK, "another");
	grow_old("up-2", 50);
	spool_trim(folder, 600 * KB);
	is_int(folder_kb(), 600, "what fits stays");
	spool_trim(folder, 500 * KB);
	is_int(size_kb("up-2"), 0, "else the oldest is emptied");
	is_int(size_kb("up-1"), 300, "alone");
	empty();
}

static void
wants_free_disk(void)
{
	struct as as = {SIZE_MAX, 0};
	struct spool s;

	spool_init(&s, folder, 1000 * KB, (size_t)1 << 60, 1);
	is_int(put(&s, "a", 100 * KB, &as), E_LIMIT,
	    "a disk that is nearly full is left alone");
	spool_init(&s, "/proc/none", 1000 * KB, 0, 1);
	is_int(put(&s, "a", 100 * KB, &as), E_UNAVAILABLE,
	    "a folder that cannot be written");
	ok(!spool_has(&s, "a"), "has nothing");
	ok(spool_stream(&s) && !spool_stream(&s), "one stream at a time");
	spool_streamed(&s);
	ok(spool_stream(&s), "and then the next");
}

int
main(void)
{
	struct spool s;

	if (mkdtemp(folder) == NULL)
		return 1;
	memset(piece, 'a', sizeof(piece));
	spool_init(&s, folder, 1000 * KB, 0, 1);
	copies_once(&s);
	leaves_no_half(&s);
	stays_under_its_ceiling(&s);
	cuts_off_who_reads_last(&s);
	trims_others();
	wants_free_disk();
	empty();
	rmdir(folder);
	return done();
}
