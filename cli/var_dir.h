/*
 * var: the folder where `platen run` keeps everything (run.var).
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

struct var {
	struct arena *arena; /* borrowed; owns the strings */
	const char *path;    /* absolute */
	int lock;            /* held until we end */
	int sockets;         /* descriptor of run/ */
	int folder;          /* descriptor of itself */
};

/*
 * var_open: makes the folders and takes the lock.  Exits with a sentence when
 * the folder cannot be written or another `platen run` uses it.
 */
void var_open(struct var *v, struct arena *a, const char *path);

/* var_path: path joined with a relative one. */
const char *var_path(const struct var *v, const char *relative);

/* var_log: opens log/NAME.log for appending; fatal when that fails. */
int var_log(const struct var *v, const char *name);

/* var_log_trim: moves a log of more than 10 MB to NAME.log.1. */
void var_log_trim(const struct var *v, const char *name);

/* var_log_tail: the last lines since offset to stderr, indented. */
void var_log_tail(
    const struct var *v, const char *name, long offset, int lines);

#endif
