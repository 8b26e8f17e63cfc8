/* platen config: the configuration's keys, as etc/platen.conf shows them. */
#include "cli/command.h"
#include "core/conf.h"

#include <stdio.h>

const struct command command_config;

static int
run(int argc, char **argv)
{
	(void)argv;
	if (argc != 1)
		return command_misused(&command_config);
	puts("# platen.conf: every key with its default, commented out.");
	puts("# Made by `platen config`.  The file is named by PLATEN_CONF; a");
	puts("# variable of the environment wins over it.\n");
	conf_write_template(stdout);
	return ferror(stdout) || fflush(stdout) != 0 ? 1 : 0;
}

const struct command command_config = {
    .name = "config",
    .usage = "config",
    .help = "prints every configuration key with its default, limits and "
	    "meaning",
    .run = run,
    .apart = true,
};
