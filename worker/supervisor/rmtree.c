#include "worker/supervisor/rmtree.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Deeper folders stay: nobody makes them in good faith. */
#define DEPTH_MAX 16

static int
open_folder(int dir, const char *name)
{
	return openat(
	    dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static void
empty_at(int dir, int depth)
{
	struct dirent *e;
	DIR *d;
	int fd;

	/* fdopendir takes the descriptor over: a new one, from the start. */
	fd = open_folder(dir, ".");
	d = fd < 0 ? NULL : fdopendir(fd);
	if (d == NULL)
		return;
	while ((e = readdir(d)) != NULL) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (unlinkat(dir, e->d_name, 0) == 0 || depth == DEPTH_MAX)
			continue;
		fd = open_folder(dir, e->d_name);
		if (fd < 0)
			continue;
		empty_at(fd, depth + 1);
		close(fd);
		unlinkat(dir, e->d_name, AT_REMOVEDIR);
	}
	closedir(d);
}

void
rmtree_empty(int dir)
{
	empty_at(dir, 0);
}

void
rmtree_remove(int dir, const char *name)
{
	int fd;

	fd = open_folder(dir, name);
	if (fd < 0)
		return;
	rmtree_empty(fd);
	close(fd);
	unlinkat(dir, name, AT_REMOVEDIR);
}
