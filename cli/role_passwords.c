#include "cli/role_passwords.h"

#include "core/ids.h"
#include "core/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *const key_names[KEY_MAX] = {
    [KEY_WEB] = "web",
    [KEY_LIVE] = "live",
    [KEY_WORKER] = "worker",
    [KEY_OPERATOR] = "operator",
};

const char *const key_roles[KEY_MAX] = {
    [KEY_WEB] = "platen_web",
    [KEY_LIVE] = "platen_live",
    [KEY_WORKER] = "platen_worker",
    [KEY_OPERATOR] = "platen",
};

static bool
read_key(char out[65], const char *path)
{
	FILE *f = fopen(path, "re");
	size_t n;

	if (f == NULL)
		return false;
	n = fread(out, 1, 64, f);
	fclose(f);
	out[n] = '\0';
	return n > 0 &&
	       strspn(out, "0123456789abcdefghijklmnopqrstuvwxyz"
			   "ABCDEFGHIJKLMNOPQRSTUVWXYZ-_\n") == n &&
	       (out[strcspn(out, "\n")] = '\0', *out != '\0');
}

void
role_passwords_read(struct role_passwords *k, const struct var_dir *v)
{
	*k = (struct role_passwords){
	    .fresh = access(var_dir_path(v, "keys/pgpass"), F_OK) < 0};
	for (int i = 0; i < KEY_MAX && !k->fresh; i++)
		k->fresh = !read_key(
		    k->password[i], arena_printf(v->arena, "%s/keys/%s",
					v->path, key_names[i]));
	for (int i = 0; i < KEY_MAX && k->fresh; i++) {
		char token[TOKEN_LEN + 1];

		token_make(token);
		snprintf(k->password[i], sizeof(k->password[i]), "%s", token);
	}
}

static void
write_file(const struct var_dir *v, const char *name, const char *text)
{
	const char *path =
	    arena_printf(v->arena, "%s/keys.new/%s", v->path, name);
	size_t n = strlen(text);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0 || write(fd, text, n) != (ssize_t)n || close(fd) < 0)
		fatal("%s: %s", path, strerror(errno));
}

static void
clear_folder(const struct var_dir *v, const char *folder)
{
	for (int i = 0; i < KEY_MAX; i++)
		unlink(arena_printf(
		    v->arena, "%s/%s/%s", v->path, folder, key_names[i]));
	unlink(arena_printf(v->arena, "%s/%s/pgpass", v->path, folder));
	rmdir(var_dir_path(v, folder));
}

/* Whole or not at all: a start may be interrupted. */
void
role_passwords_create(struct role_passwords *k, const struct var_dir *v)
{
	struct arena *a = v->arena;
	const char *pgpass = "";

	if (!k->fresh)
		return;
	clear_folder(v, "keys.new");
	if (mkdir(var_dir_path(v, "keys.new"), 0700) < 0)
		fatal("%s: %s", var_dir_path(v, "keys.new"), strerror(errno));
	for (int i = 0; i < KEY_MAX; i++) {
		write_file(
		    v, key_names[i], arena_printf(a, "%s\n", k->password[i]));
		pgpass = arena_printf(
		    a, "%s*:*:*:%s:%s\n", pgpass, key_roles[i], k->password[i]);
	}
	write_file(v, "pgpass", pgpass);
	clear_folder(v, "keys");
	if (rename(var_dir_path(v, "keys.new"), var_dir_path(v, "keys")) < 0)
		fatal("%s: %s", var_dir_path(v, "keys"), strerror(errno));
	k->fresh = false;
}
