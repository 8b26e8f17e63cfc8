/*
 * conf: the configuration, from one table (core/conf.def).
 *
 * A key such as "crawl.allow" may stand in platen.conf ("crawl.allow = ...")
 * or in the environment (PLATEN_CRAWL_ALLOW, which wins).  A secret may be
 * given by the path of a file (PLATEN_X_FILE).  A key of the file that the
 * table does not know, or a value out of its range, is fatal at start.
 */
#ifndef CORE_CONF_H
#define CORE_CONF_H

#include "core/arena.h"

#include <stdbool.h>
#include <stdio.h>

struct conf {
	struct arena arena; /* owns the strings */
	/* These keys were left empty and point into run.var. */
	bool own_db, own_redis, own_live_socket;
	const char *identity; /* see conf_set_identity(); NULL: none */
#define STR(field, key, def, help) const char *field;
#define SECRET(field, key, help) const char *field;
#define INT(field, key, def, min, max, unit, help) int field;
#define BOOL(field, key, def, help) bool field;
#include "core/conf.def"
#undef STR
#undef SECRET
#undef INT
#undef BOOL
};

/*
 * conf_load: the defaults, then the record of a Platen that runs (the file
 * named by CONF_INSTANCE, if set), then the file named by PLATEN_CONF (if
 * set), then the environment; then the paths that depend on run.var are filled
 * in.  A process that was given a descriptor (conf_share) reads that alone.
 * Exits by fatal() with a sentence when something is wrong.
 */
void conf_load(struct conf *c);

/*
 * conf_var: run.var alone, absolute, by the same rules, whatever else is wrong
 * with the configuration.
 */
const char *conf_var(struct arena *a);

/* The variable that names a record; commands set it for themselves. */
#define CONF_INSTANCE "PLATEN_INSTANCE"

/*
 * conf_write_record: the keys whose values are not the defaults, secrets too,
 * as lines of a file that CONF_INSTANCE may name.
 */
void conf_write_record(const struct conf *c, FILE *out);

/*
 * conf_refresh_paths: fills in the paths in run.var/run again, as conf_load
 * did; for a process that has just made that folder.
 */
void conf_refresh_paths(struct conf *c);

/*
 * conf_set_identity: the name of this process at the private servers, "web",
 * "live", "worker" or CONF_OPERATOR: from now on the addresses of PostgreSQL
 * and Redis under run.var hold the password in run.var/keys/NAME.  Where that
 * cannot be read they hold none.  conf_load makes it CONF_OPERATOR, who may be
 * any of them, except where it was given a descriptor.
 */
void conf_set_identity(struct conf *c, const char *name);

#define CONF_OPERATOR "operator"

/*
 * conf_set: one key as text.  NULL when it was taken, else a sentence for a
 * person, owned by the conf.
 */
const char *conf_set(struct conf *c, const char *key, const char *value);

/* conf_text: the value of a key that is a text; "" for any other. */
const char *conf_text(const struct conf *c, const char *key);

/* conf_int: the value of a key that is a number; 0 for any other. */
int conf_int(const struct conf *c, const char *key);

void conf_release(struct conf *c);

/*
 * conf_unknown: the variables PLATEN_* of the environment that no key has, so
 * that do nothing, separated by commas; NULL when there is none.
 */
const char *conf_unknown(struct arena *a);

/* The value of a secret that is set but was not handed over. */
#define CONF_WITHHELD "(withheld)"

/*
 * conf_has_secret: the key's value holds a secret (it is one, or an address
 * with a user and a password in it), so conf_share() would withhold it.
 */
bool conf_has_secret(const struct conf *c, const char *key);

/*
 * conf_share: the values in force of the keys that start with one of the
 * prefixes ("crawl."), for a child: a descriptor that it inherits as number
 * CONF_FD beside CONF_FD_VARIABLE in its environment.  Secrets go along only
 * where they start with one of the given prefixes (NULL: none); of the others
 * it learns that they are set.  Lists end in NULL.  The caller closes it.
 */
int conf_share(const struct conf *c, const char *const *prefixes,
    const char *const *given);

#define CONF_FD_VARIABLE "PLATEN_CONF_FD"

/* conf_write_template: the table as a commented platen.conf with the defaults.
 */
void conf_write_template(FILE *out);

/* conf_path: run.var joined with a relative path; owned by the conf. */
const char *conf_path(struct conf *c, const char *relative);

#endif
