/* platen migrate: brings the database to this build's schema. */
#include "cli/command.h"
#include "cli/migrate.h"
#include "core/clock.h"
#include "core/conf.h"
#include "core/log.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST_WAIT 3600

const struct command command_migrate;

static int
print_outcome(const struct migrate_report *r, enum rc rc, bool check)
{
	if (rc != OK) {
		fprintf(stderr, "platen migrate: %s\n", r->why);
		return 1;
	}
	if (check && r->from < schema_version) {
		printf("schema %d; this build needs %d: run `platen "
		       "migrate`\n",
		    r->from, schema_version);
		return 1;
	}
	if (r->from == r->to)
		printf("schema %d, nothing to do\n", r->to);
	else
		printf("schema %d, was %d\n", r->to, r->from);
	return 0;
}

struct options {
	bool check;
	long wait; /* seconds for a server that is not up yet */
};

static bool
read_options(int argc, char **argv, struct options *o)
{
	char *end;

	*o = (struct options){0};
	if (argc == 2 && strcmp(argv[1], "--check") == 0) {
		o->check = true;
		return true;
	}
	if (argc != 3 || strcmp(argv[1], "--wait") != 0)
		return argc == 1;
	o->wait = strtol(argv[2], &end, 10);
	return end != argv[2] && *end == '\0' && o->wait >= 0 &&
	       o->wait <= MOST_WAIT;
}

/* As soon as the server answers, or until the time is over. */
static enum rc
migrate_and_wait(struct arena *a, const struct conf *c, const struct options *o,
    struct migrate_report *report)
{
	int64_t until = clock_ms() + 1000 * o->wait;
	enum rc rc;

	if (o->check)
		return migrate_check(a, c, migrations, report);
	for (;;) {
		rc = migrate_run(a, c, migrations, report);
		if (rc != E_UNAVAILABLE || clock_ms() + 500 > until)
			return rc;
		usleep(500000);
	}
}

static int
run(int argc, char **argv)
{
	struct migrate_report report;
	struct options options;
	struct conf conf;
	struct arena a;
	enum rc rc;
	int code;

	if (!read_options(argc, argv, &options))
		return command_misused(&command_migrate);
	conf_load(&conf);
	log_init("platen-migrate", log_level_parse(conf.log_level));
	arena_init(&a);
	rc = migrate_and_wait(&a, &conf, &options, &report);
	code = print_outcome(&report, rc, options.check);
	arena_release(&a);
	conf_release(&conf);
	return code;
}

const struct command command_migrate = {
    .name = "migrate",
    .usage = "migrate [--check | --wait SECONDS]",
    .help =
	"upgrades the database schema; --check only reports whether an upgrade "
	"is needed; --wait retries for N seconds while the server starts",
    .run = run,
};
