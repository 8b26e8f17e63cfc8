#include "cli/environment.h"

#include <stdlib.h>
#include <string.h>

extern char **environ;

#define MOST 128

static const char *const plain[] = {"PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ",
    "TMPDIR", "LD_LIBRARY_PATH", "SSL_CERT_FILE", "SSL_CERT_DIR",
    "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", NULL};

static int
copy_plain(struct arena *a, const char **env)
{
	int n = 0;

	for (int i = 0; plain[i] != NULL; i++)
		if (getenv(plain[i]) != NULL)
			env[n++] = arena_printf(
			    a, "%s=%s", plain[i], getenv(plain[i]));
	return n;
}

const char *const *
environment_plain(struct arena *a)
{
	const char **env = arena_array(a, MOST + 1, sizeof(*env));

	copy_plain(a, env);
	return env;
}

const char *const *
environment_of(struct arena *a, const struct conf *c, int conf_fd)
{
	const char **env = arena_array(a, MOST + 1, sizeof(*env));
	int n = copy_plain(a, env);

	env[n++] = arena_printf(a, CONF_FD_VARIABLE "=%d", conf_fd);
	if (c->own_db)
		return env;
	for (char **e = environ; *e != NULL && n < MOST; e++)
		if (strncmp(*e, "PG", 2) == 0 || strncmp(*e, "HOME=", 5) == 0)
			env[n++] = arena_strdup(a, *e);
	return env;
}
