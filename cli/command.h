/*
 * command: one word of the command line `platen`.
 *
 * Each cli/command/NAME.c defines one `const struct command command_NAME`;
 * the build makes the table commands[].  What needs the crawler's code lives
 * in worker/tool/ instead; the build makes worker_commands[] of those names,
 * and `platen NAME ...` executes `platen-worker NAME ...`.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stdbool.h>

struct command {
	const char *name;
	const char *usage; /* the whole line after "platen " */
	const char *help;  /* one line for `platen help` */
	/*
	 * argv[0] is the command's name.  Returns the exit code: 0 done,
	 * 1 failed, 2 wrong usage.
	 */
	int (*run)(int argc, char **argv);
	/* The command needs nothing of the Platen that runs in this folder. */
	bool apart;
};

/* A command that platen-worker carries out. */
struct worker_command {
	const char *name;
	const char *usage;
};

extern const struct command *const commands[];        /* ended by NULL */
extern const struct worker_command worker_commands[]; /* ended by no name */

/* command_misused: says the usage of a command on stderr; returns 2. */
int command_misused(const struct command *c);

#endif
