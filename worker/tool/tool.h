/*
 * tool: one command of platen that needs the crawler ("generate", "check").
 *
 * Each worker/tool/NAME.c defines one `const struct tool tool_NAME`; the
 * build makes the table tools[].  `platen NAME ...` executes
 * `platen-worker NAME ...`, which runs it.
 */
#ifndef WORKER_TOOL_TOOL_H
#define WORKER_TOOL_TOOL_H

#include <stdbool.h>
#include <stdio.h>

struct gentype;
struct json_object;

struct tool {
	const char *name;
	const char *usage; /* "generate URL [-o DIR]", one line */
	/*
	 * argv[0] is the tool's name.  Returns the exit code: 0 yes or done,
	 * 1 no or failed, 2 wrong usage or could not say.
	 */
	int (*run)(int argc, char **argv);
};

extern const struct tool *const tools[]; /* ended by NULL */

/* The type that commands make or explain (worker/gen/llms_txt.c). */
extern const struct gentype gentype_llms_txt;

/* tool_find: NULL for a name nobody defines. */
const struct tool *tool_find(const char *name);

/* tool_misused: what is wrong, and the usage, on stderr; returns 2. */
int tool_misused(const struct tool *t, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * tool_fails: "platen: " and a sentence on stderr, which may quote what
 * strangers wrote; returns 2.
 */
int tool_fails(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* tool_warn_unknown: says on stderr which variables PLATEN_* do nothing. */
void tool_warn_unknown(void);

/* tool_glob: adds a path pattern to the order under key ("include"). */
void tool_glob(struct json_object *order, const char *key, const char *glob);

/* tool_limit: sets the order's limit; false: s is no number of pages. */
bool tool_limit(struct json_object *order, const char *s);

/*
 * tool_print: s without what would move a terminal's cursor or begin another
 * line or column: control characters as "%1B".
 */
void tool_print(FILE *out, const char *s);

#endif
