/* platen admin: a link that signs an administrator in, once. */
#include "cli/command.h"
#include "cli/front_server.h"
#include "core/conf.h"
#include "core/db.h"
#include "core/ids.h"
#include "core/log.h"

#include <stdio.h>
#include <string.h>

/* The link is of use for so long. */
#define MINUTES "15"

const struct command command_admin;

/* The token's hash goes into the database, as the owner. */
static enum rc
make_link(struct arena *a, struct db *db, const char *token)
{
	unsigned char h[SHA256_BYTES];
	char fresh[UUID_LEN + 1];
	struct rows r;
	enum rc rc;

	sha256_hash(token, strlen(token), h);
	uuid_make(fresh);
	rc = db_ping(db);
	if (rc == OK)
		rc = db_one(db, a, NULL, Q_SIGNIN_MAKE, &r,
		    DB_ARGS(db_bytea(a, h, sizeof(h)), fresh, MINUTES));
	return rc;
}

static int
print_link(struct arena *a, const struct conf *conf, const char *token)
{
	const char *origin = conf->web_origin;

	if (*origin == '\0')
		origin = front_server_url(a, conf);
	printf("%.*s/admin/sign-in?token=%s\n",
	    (int)(strlen(origin) - (origin[strlen(origin) - 1] == '/')), origin,
	    token);
	fputs("Open it within " MINUTES " minutes; it works once.\n", stderr);
	return ferror(stdout) || fflush(stdout) != 0 ? 1 : 0;
}

static int
run(int argc, char **argv)
{
	char token[TOKEN_LEN + 1];
	struct conf conf;
	struct arena a;
	struct db *db;
	int code = 1;

	(void)argv;
	if (argc != 1)
		return command_misused(&command_admin);
	conf_load(&conf);
	log_init("platen-admin", LOG_ERROR);
	arena_init(&a);
	token_make(token);
	db = db_open(conf.db_conninfo, conf.db_owner, "platen admin");
	if (make_link(&a, db, token) == OK)
		code = print_link(&a, &conf, token);
	else
		fprintf(stderr, "platen admin: %s; `platen doctor` says more\n",
		    db_error_text(db));
	db_close(db);
	arena_release(&a);
	conf_release(&conf);
	return code;
}

const struct command command_admin = {
    .name = "admin",
    .usage = "admin",
    .help = "prints a one-time administrator sign-in link, valid for " MINUTES
	    " minutes",
    .run = run,
};
