/*
 * check: is a file a valid llms.txt?  What is wrong with it, by line, and what
 * could be better.  With --strict advice counts as wrong: what Platen itself
 * writes has neither.
 */
#include "core/arena.h"
#include "core/conf.h"
#include "worker/llms/check.h"
#include "worker/tool/input_source.h"
#include "worker/tool/tool.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>

const struct tool tool_check;

#define FILE_BYTES (256U << 20)

static void
print_issue(const char *name, const struct llms_issue *i)
{
	bool advice = llms_issue_level(i->kind) == LLMS_ADVICE;

	if (i->line > 0)
		printf("%s:%u: ", name, i->line);
	else
		printf("%s: ", name);
	printf("%s%s\n", advice ? "advice: " : "", i->what);
}

static void
print_issues(const char *name, const struct check_report *r)
{
	for (size_t i = 0; i < r->nissues; i++)
		print_issue(name, &r->issues[i]);
	for (int k = 0; k < LLMS_KIND_MAX; k++) {
		if (r->dropped[k] > 0)
			printf("%s: and %zu more %s\n", name, r->dropped[k],
			    llms_issue_kind(k));
	}
}

/* print_report: what platen check says.  The exit code. */
static int
print_report(const char *name, const struct check_report *r, bool strict)
{
	size_t advice = r->found - r->invalid;
	bool valid = r->invalid == 0 && (!strict || advice == 0);

	print_issues(name, r);
	printf("%s: %s", name, r->invalid == 0 ? "valid" : "not valid");
	if (r->invalid == 0)
		printf(", %zu %s in %zu %s", r->links,
		    r->links == 1 ? "link" : "links", r->sections,
		    r->sections == 1 ? "section" : "sections");
	else
		printf(", %zu %s", r->invalid,
		    r->invalid == 1 ? "error" : "errors");
	if (advice > 0)
		printf(", %zu %s of advice", advice,
		    advice == 1 ? "piece" : "pieces");
	printf("\n");
	return valid ? 0 : 1;
}

static int
check_source(const char *name, bool strict)
{
	struct check_report r;
	struct input_source source;
	struct arena a;
	struct conf conf;
	int code;

	conf_load(&conf);
	arena_init(&a);
	if (input_source_read(&a, &conf, name, FILE_BYTES, &source) != OK) {
		code = tool_fails("%s", source.why);
	} else {
		(void)!check_llms(
		    &a, source.bytes->data, source.bytes->len, &r);
		code = print_report(name, &r, strict);
	}
	arena_release(&a);
	conf_release(&conf);
	return code;
}

static int
run(int argc, char **argv)
{
	static const struct option options[] = {
	    {"strict", no_argument, NULL, 's'}, {NULL, 0, NULL, 0}};
	bool strict = false;
	int o;

	opterr = 0;
	while ((o = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (o != 's')
			return tool_misused(&tool_check, "unknown option '%s'",
			    argv[optind - 1]);
		strict = true;
	}
	if (optind != argc - 1)
		return tool_misused(&tool_check,
		    optind == argc ? "which file?" : "give exactly one file");
	return check_source(argv[optind], strict);
}

const struct tool tool_check = {
    .name = "check",
    .usage = "check [--strict] FILE|URL",
    .run = run,
};
