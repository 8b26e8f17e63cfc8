/* check: is a file a valid llms.txt, and what is wrong with it by line. */
#include "core/arena.h"
#include "core/conf.h"
#include "worker/llms/check.h"
#include "worker/source.h"
#include "worker/tool.h"

#include <getopt.h>

const struct tool tool_check;

#define FILE_BYTES (256U << 20)

static int
tell(const char *name, const struct check_report *r)
{
	for (size_t i = 0; i < r->nissues; i++) {
		if (r->issues[i].line > 0)
			printf("%s:%u: %s\n", name, r->issues[i].line,
			    r->issues[i].what);
		else
			printf("%s: %s\n", name, r->issues[i].what);
	}
	if (r->found > r->nissues)
		printf("%s: and %zu more\n", name, r->found - r->nissues);
	if (r->found == 0)
		printf("%s: valid, %zu links in %zu sections\n", name, r->links,
		    r->sections);
	return r->found == 0 ? 0 : 1;
}

static int
run(int argc, char **argv)
{
	struct check_report r;
	static const struct option none[] = {{NULL, 0, NULL, 0}};
	struct source source;
	const char *name;
	struct arena a;
	struct conf conf;
	int code;

	opterr = 0;
	if (getopt_long(argc, argv, "", none, NULL) != -1)
		return tool_misused(
		    &tool_check, "'%s' is no option", argv[optind - 1]);
	if (optind != argc - 1)
		return tool_misused(&tool_check,
		    optind == argc ? "which file?" : "one file at a time");
	name = argv[optind];
	conf_load(&conf);
	arena_init(&a);
	if (source_read(&a, &conf, name, FILE_BYTES, &source) != OK) {
		code = tool_fails("%s", source.why);
	} else {
		(void)!check_llms(
		    &a, source.bytes->data, source.bytes->len, &r);
		code = tell(name, &r);
	}
	arena_release(&a);
	conf_release(&conf);
	return code;
}

const struct tool tool_check = {
    .name = "check",
    .usage = "check FILE|URL",
    .run = run,
};
