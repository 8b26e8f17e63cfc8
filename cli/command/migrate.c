/* platen migrate: brings the database to this build's schema. */
#include "cli/command.h"
#include "cli/migrate.h"
#include "core/conf.h"
#include "core/log.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

const struct command command_migrate;

static int
tell(const struct migrate_report *r, enum rc rc, bool check)
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

static int
run(int argc, char **argv)
{
	struct migrate_report report;
	struct conf conf;
	struct arena a;
	bool check;
	enum rc rc;
	int code;

	check = argc == 2 && strcmp(argv[1], "--check") == 0;
	if (argc > 1 && !check)
		return command_misused(&command_migrate);
	conf_load(&conf);
	log_init("platen-migrate", log_level_parse(conf.log_level));
	arena_init(&a);
	rc = check ? migrate_check(&a, &conf, migrations, &report)
		   : migrate_run(&a, &conf, migrations, &report);
	code = tell(&report, rc, check);
	arena_release(&a);
	conf_release(&conf);
	return code;
}

const struct command command_migrate = {
    .name = "migrate",
    .usage = "migrate [--check]",
    .help = "brings the database to the schema of this build; with "
	    "--check only says whether it is",
    .run = run,
};
