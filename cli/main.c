/* platen: the operator's command line. */
#include "cli/command.h"
#include "cli/instance.h"
#include "cli/install_paths.h"
#include "core/arena.h"
#include "core/log.h"
#include "core/schema.h"
#include "core/version.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int
show_help(FILE *out)
{
	const struct worker_command *w;
	int i;

	fputs("usage: platen COMMAND [ARGUMENTS]\n\n", out);
	for (i = 0; commands[i] != NULL; i++)
		fprintf(out, "  platen %s\n      %s\n", commands[i]->usage,
		    commands[i]->help);
	for (w = worker_commands; w->name != NULL; w++)
		fprintf(out, "  platen %s\n", w->usage);
	fputs("  platen help [COMMAND]\n  platen --version\n", out);
	return ferror(out) || fflush(out) != 0 ? 1 : 0;
}

static const struct command *
find_command(const char *name)
{
	int i;

	for (i = 0; commands[i] != NULL; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

static const struct worker_command *
find_in_worker(const char *name)
{
	const struct worker_command *w;

	for (w = worker_commands; w->name != NULL; w++)
		if (strcmp(w->name, name) == 0)
			return w;
	return NULL;
}

int
command_misused(const struct command *c)
{
	fprintf(stderr, "usage: platen %s\n", c->usage);
	return 2;
}

static int
unknown_command(const char *name)
{
	fprintf(stderr,
	    "platen: unknown command '%s'; `platen help` lists the commands\n",
	    name);
	return 2;
}

static int
help_about(const char *name)
{
	const struct worker_command *w = find_in_worker(name);
	const struct command *c = find_command(name);

	if (c != NULL)
		printf("usage: platen %s\n%s\n", c->usage, c->help);
	else if (w != NULL)
		printf("usage: platen %s\n", w->usage);
	else
		return unknown_command(name);
	return 0;
}

/* The settings are those of the Platen that runs here. */
static bool
find_instance(void)
{
	struct arena a;
	bool one;

	arena_init(&a);
	one = instance_find(&a);
	arena_release(&a);
	return one;
}

/* Becomes platen-worker, which lies beside us. */
static int
run_in_worker(char **argv)
{
	struct arena a;
	char *path;

	arena_init(&a);
	path = arena_printf(&a, "%s/platen-worker", install_paths_programs(&a));
	argv[0] = path;
	execv(path, argv);
	fprintf(stderr, "platen: cannot start %s: %s\n", path, strerror(errno));
	arena_release(&a);
	return 1;
}

int
main(int argc, char **argv)
{
	const struct command *c;

	log_init("platen", LOG_INFO);
	if (argc < 2) {
		show_help(stderr);
		return 2;
	}
	if (strcmp(argv[1], "--version") == 0) {
		printf(
		    "platen %s, schema %d\n", PLATEN_VERSION, schema_version);
		return 0;
	}
	if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0 ||
	    strcmp(argv[1], "-h") == 0)
		return argc > 2 ? help_about(argv[2]) : show_help(stdout);
	c = find_command(argv[1]);
	if (c == NULL) {
		if (find_in_worker(argv[1]) == NULL)
			return unknown_command(argv[1]);
		return find_instance() ? run_in_worker(argv) : 2;
	}
	if (argc > 2 &&
	    (strcmp(argv[2], "--help") == 0 || strcmp(argv[2], "-h") == 0))
		return help_about(argv[1]);
	if (!c->apart && !find_instance())
		return 2;
	return c->run(argc - 1, argv + 1);
}
