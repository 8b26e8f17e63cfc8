#include "cli/install_paths.h"

#include "core/log.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

const char *
install_paths_programs(struct arena *a)
{
	char path[PATH_MAX];
	ssize_t n;

	n = readlink("/proc/self/exe", path, sizeof(path) - 1);
	if (n < 0)
		fatal("/proc/self/exe: %s", strerror(errno));
	path[n] = '\0';
	*strrchr(path, '/') = '\0';
	return arena_strdup(a, path);
}

static bool
is_root(struct arena *a, const char *folder)
{
	return access(arena_printf(a, "%s/lighttpd.conf", folder), R_OK) == 0 &&
	       access(arena_printf(a, "%s/static", folder), X_OK) == 0;
}

const char *
install_paths_root(struct arena *a)
{
	char *folder = arena_strdup(a, install_paths_programs(a)), *slash;
	const char *share;

	for (;;) {
		if (is_root(a, folder))
			return folder;
		share = arena_printf(a, "%s/share/platen", folder);
		if (is_root(a, share))
			return share;
		slash = strrchr(folder, '/');
		if (slash == NULL || slash == folder)
			return NULL;
		*slash = '\0';
	}
}
