/*
 * var_dir: the folder where `platen run` keeps everything (run.var).
 *
 *	pg/ redis/   the private servers' data
 *	run/         unix sockets, the lock, who runs (NAME.pid), with
 *	             which settings (instance.conf)
 *	keys/        passwords for those (cli/role_passwords.h)
 *	log/         NAME.log, one older NAME.log.1
 *	tmp/         request bodies on their way to platen-web
 *	spool/       large answers on their way to their readers
 */
#ifndef CLI_VAR_DIR_H
#define CLI_VAR_DIR_H

#include "core/arena.h"

struct var_dir {
	struct arena *arena; /* borrowed; owns the strings */
	const char *path;    /* absolute */
	int lock;            /* held until we end */
	int sockets;         /* descriptor of run/ */
	int folder;          /* descriptor of itself */
};

/*
 * var_dir_open: makes the folders and takes the lock.  Exits with a sentence
 * when the folder cannot be written or another `platen run` uses it.
 */
void var_dir_open(struct var_dir *v, struct arena *a, const char *path);

/* var_dir_path: path joined with a relative one. */
const char *var_dir_path(const struct var_dir *v, const char *relative);

/* var_dir_log: opens log/NAME.log for appending; fatal when that fails. */
int var_dir_log(const struct var_dir *v, const char *name);

/* var_dir_log_trim: moves a log of more than 10 MB to NAME.log.1. */
void var_dir_log_trim(const struct var_dir *v, const char *name);

/* var_dir_log_tail: the last lines since offset to stderr, indented. */
void var_dir_log_tail(
    const struct var_dir *v, const char *name, long offset, int lines);

#endif
