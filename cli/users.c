#include "cli/users.h"

#include "cli/process.h"
#include "core/log.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* systemd's range for users that exist only while something runs. */
#define FIRST 61184
#define LAST 65519
#define BLOCK 8
#define BLOCKS ((LAST - FIRST + 1) / BLOCK)

/* The folder that tells which block is ours: Redis' own. */
#define WITNESS "redis"
#define REDIS_OFFSET 3

static bool
has_name(uid_t base)
{
	for (uid_t uid = base; uid < base + BLOCK; uid++)
		if (getpwuid(uid) != NULL)
			return true;
	return false;
}

/* A process of it runs, so it is another Platen's, or someone else's. */
static bool
is_busy(uid_t base)
{
	DIR *d = opendir("/proc");
	struct dirent *e;
	struct stat st;
	bool busy = false;

	while (d != NULL && !busy && (e = readdir(d)) != NULL)
		busy = e->d_name[0] >= '1' && e->d_name[0] <= '9' &&
		       fstatat(dirfd(d), e->d_name, &st, 0) == 0 &&
		       st.st_uid >= base && st.st_uid < base + BLOCK;
	if (d != NULL)
		closedir(d);
	return busy;
}

/* FNV-1a: spreads folders over the blocks. */
static uint32_t
hash_path(const char *s)
{
	uint32_t h = 2166136261u;

	for (; *s != '\0'; s++)
		h = (h ^ (unsigned char)*s) * 16777619u;
	return h;
}

static uid_t
free_block(const char *path)
{
	uint32_t at = hash_path(path);

	for (uint32_t i = 0; i < BLOCKS; i++) {
		uid_t base = FIRST + (at + i) % BLOCKS * BLOCK;

		if (!has_name(base) && !is_busy(base))
			return base;
	}
	return FIRST + at % BLOCKS * BLOCK;
}

/* The block that the folder was given before; 0: none. */
static uid_t
own_block(const struct var_dir *v)
{
	struct stat st;

	if (stat(var_dir_path(v, WITNESS), &st) < 0 || st.st_uid < FIRST ||
	    st.st_uid > LAST || (st.st_uid - FIRST) % BLOCK != REDIS_OFFSET)
		return 0;
	return st.st_uid - REDIS_OFFSET;
}

void
users_choose(struct users *u, const struct var_dir *v)
{
	uid_t base;

	*u = (struct users){.apart = geteuid() == 0};
	if (!u->apart)
		return;
	base = own_block(v);
	if (base == 0)
		base = free_block(v->path);
	u->front = base;
	u->web = base + 1;
	u->live = base + 2;
	u->redis = base + REDIS_OFFSET;
	u->slot = base + 4;
}

/* An earlier version's, which ran it as root, or a copy's. */
static void
give_all(const struct var_dir *v, const char *path, uid_t uid, gid_t gid)
{
	const char *argv[] = {"chown", "-Rh",
	    arena_printf(v->arena, "%u:%u", (unsigned)uid, (unsigned)gid), path,
	    NULL};
	struct process_spec s = {.argv = argv};
	int log = var_dir_log(v, "run");

	if (process_run(&s, log) != 0)
		fatal(
		    "cannot give %s to user %u: see log/run.log under run.var",
		    path, (unsigned)uid);
	close(log);
}

void
users_chown(const struct users *u, const struct var_dir *v, const char *name,
    uid_t uid, gid_t gid, mode_t mode)
{
	const char *path = var_dir_path(v, name);
	struct stat st;

	if (!u->apart)
		return;
	if (stat(path, &st) < 0)
		fatal("%s: %s", path, strerror(errno));
	if (st.st_uid != uid || st.st_gid != gid)
		give_all(v, path, uid, gid);
	if (chmod(path, mode) < 0)
		fatal("%s: %s", path, strerror(errno));
}
