/*
 * platen-worker                   the supervisor: claims and runs jobs
 * platen-worker --slot N          one of its slots (worker/slot/slot_main.h)
 * platen-worker TOOL ...          a command of `platen` (worker/tool/tool.h)
 */
#include "core/arena.h"
#include "core/conf.h"
#include "core/log.h"
#include "core/privileges.h"
#include "worker/crawl/options.h"
#include "worker/model/provider.h"
#include "worker/slot/slot_main.h"
#include "worker/supervisor/lane.h"
#include "worker/supervisor/supervisor.h"
#include "worker/tool/tool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
print_usage(FILE *out)
{
	fputs("usage: platen-worker            run jobs until SIGTERM\n", out);
	for (int i = 0; tools[i] != NULL; i++)
		fprintf(out, "       platen-worker %s\n", tools[i]->usage);
	return out == stdout ? 0 : 2;
}

/* check_conf: what a customer should not be the first to meet. */
static void
check_conf(const struct conf *conf)
{
	const char *why;
	struct arena a;

	if (conf->worker_lease_seconds < 2 * conf->worker_heartbeat_seconds)
		fatal("worker.lease_seconds (%d) must be at least twice "
		      "worker.heartbeat_seconds (%d)",
		    conf->worker_lease_seconds, conf->worker_heartbeat_seconds);
	arena_init(&a);
	if (crawl_conf_check(&a, conf, &why) != OK)
		fatal("%s", why);
	arena_release(&a);
}

static int
run_supervisor(void)
{
	const char *lanes[LANES_MAX + 1];
	struct conf conf;
	int code;

	conf_load(&conf);
	log_init(
	    "platen-worker", (enum log_level)log_level_parse(conf.log_level));
	check_conf(&conf);
	conf_set_identity(&conf, "worker");
	privileges_drop(0); /* its slots do so by themselves */
	provider_names(lanes, LANES_MAX);
	code = supervisor_run(&conf, lanes);
	conf_release(&conf);
	return code;
}

/* run_tool: an answer that nobody could read is none. */
static int
run_tool(const struct tool *tool, int argc, char **argv)
{
	int code;

	if (argc > 1 &&
	    (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
		printf("usage: platen %s\n", tool->usage);
		return 0;
	}
	/* They say themselves what a person is to know. */
	log_init("platen", LOG_ERROR);
	code = tool->run(argc, argv);
	if (fflush(stdout) == 0 && !ferror(stdout))
		return code;
	return tool_fails("The output could not be written.");
}

int
main(int argc, char **argv)
{
	const struct tool *tool;

	log_init("platen-worker", LOG_INFO);
	if (argc == 1)
		return run_supervisor();
	if (argc == 3 && strcmp(argv[1], "--slot") == 0)
		return slot_main(atoi(argv[2]));
	if (strcmp(argv[1], "--help") == 0)
		return print_usage(stdout);
	tool = tool_find(argv[1]);
	if (tool == NULL)
		return print_usage(stderr);
	return run_tool(tool, argc - 1, argv + 1);
}
