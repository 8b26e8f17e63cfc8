#include "fcgi/sidecar_paths.h"
#include "core/live_paths.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

static const struct {
	const char *path;
	bool folder; /* what is below it, too */
} paths[] = {
    {LIVE_PATH_WS, true},
    {LIVE_PATH_EVENTS, false},
    {LIVE_PATH_POLL, false},
    {LIVE_PATH_SOCKET_IO, true},
    {LIVE_PATH_HOST_SHORT, false},
    {LIVE_PATH_HOST, false},
};
#define NPATHS (sizeof(paths) / sizeof(paths[0]))

/* What follows paths[i] in path; NULL: it begins otherwise. */
static const char *
path_rest(size_t i, const char *path)
{
	size_t n = strlen(paths[i].path);

	return strncmp(path, paths[i].path, n) == 0 ? path + n : NULL;
}

bool
sidecar_paths_begin(const char *path)
{
	for (size_t i = 0; i < NPATHS; i++) {
		const char *r = path_rest(i, path);

		if (r != NULL && !isalnum((unsigned char)*r) &&
		    strchr("-_.", *r == '\0' ? '/' : *r) == NULL)
			return true;
	}
	return false;
}

bool
sidecar_paths_has(const char *path)
{
	for (size_t i = 0; i < NPATHS; i++) {
		const char *r = path_rest(i, path);

		if (r != NULL &&
		    (*r == '\0' || *r == '?' || (*r == '/' && paths[i].folder)))
			return true;
	}
	return false;
}
