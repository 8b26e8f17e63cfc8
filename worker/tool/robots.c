/* robots: what a robots.txt says about URLs, and by which line. */
#include "worker/fetch/robots.h"

#include "core/arena.h"
#include "core/conf.h"
#include "worker/tool/input_source.h"
#include "worker/tool/tool.h"

#include <getopt.h>

const struct tool tool_robots;

static const struct option options[] = {
    {"agent", required_argument, NULL, 'a'},
    {NULL, 0, NULL, 0},
};

struct robots_question {
	const char *agent; /* NULL: our own */
	const char *file;
	char **urls; /* n of them */
	int n;
};

static int
read_arguments(int argc, char **argv, struct robots_question *o)
{
	int c;

	opterr = 0;
	while ((c = getopt_long(argc, argv, "a:", options, NULL)) != -1) {
		if (c != 'a' || *optarg == '\0')
			return tool_misused(&tool_robots,
			    "unknown option '%s', or its value is missing",
			    argv[optind - 1]);
		o->agent = optarg;
	}
	if (argc - optind < 2)
		return tool_misused(&tool_robots,
		    argc == optind ? "which robots.txt?" : "which URLs?");
	o->file = argv[optind];
	o->urls = argv + optind + 1;
	o->n = argc - optind - 1;
	return 0;
}

/* read_rules: NULL after saying why nothing can be said. */
static struct robots *
read_rules(
    struct arena *a, const struct conf *conf, const struct robots_question *o)
{
	struct input_source s;
	enum rc rc = input_source_read(a, conf, o->file, ROBOTS_BYTES, &s);

	if (rc == E_TOOBIG) {
		fprintf(stderr, "platen: only its first %d bytes count\n",
		    ROBOTS_BYTES);
	} else if (rc != OK && s.status != 0 &&
		   !robots_status_forbids_all(s.status)) {
		(void)tool_fails("%s So everything is allowed.", s.why);
		return robots_uniform(a, true);
	} else if (rc != OK) {
		(void)tool_fails("%s", s.why);
		return NULL;
	}
	return robots_parse(
	    a, s.bytes->data, s.bytes->len, o->agent, ROBOTS_BYTES);
}

static bool
print_verdict(const struct robots *r, const char *url)
{
	struct robots_verdict v = robots_check(r, url);

	fputs(v.allowed ? "allow\t" : "disallow\t", stdout);
	tool_print(stdout, url);
	putchar('\t');
	if (v.unsure) {
		printf("%s\n", v.rule);
	} else if (v.rule != NULL) {
		tool_print(stdout, v.rule);
		printf(" (line %d, group %s)\n", v.line, v.agent);
	} else if (v.agent != NULL) {
		printf("no rule fits (group %s)\n", v.agent);
	} else {
		printf("no rule fits\n");
	}
	return v.allowed;
}

static int
run(int argc, char **argv)
{
	struct robots_question o = {0};
	struct robots *r;
	struct arena a;
	struct conf conf;
	int code = read_arguments(argc, argv, &o);

	if (code != 0)
		return code;
	conf_load(&conf);
	arena_init(&a);
	if (o.agent == NULL)
		o.agent = conf.crawl_agent_token;
	r = read_rules(&a, &conf, &o);
	if (r == NULL)
		code = 2;
	for (int i = 0; r != NULL && i < o.n; i++)
		if (!print_verdict(r, o.urls[i]))
			code = 1;
	arena_release(&a);
	conf_release(&conf);
	return code;
}

const struct tool tool_robots = {
    .name = "robots",
    .usage = "robots FILE|URL [--agent NAME] URL...",
    .run = run,
};
