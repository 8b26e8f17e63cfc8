/*
 * tool: one command of platen that needs the crawler ("generate", "check").
 *
 * Each worker/tool/NAME.c defines one `const struct tool tool_NAME`; the
 * build makes the table tools[].  `platen NAME ...` executes
 * `platen-worker NAME ...`, which runs it.
 */
#ifndef WORKER_TOOL_H
#define WORKER_TOOL_H

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

/* tool_find: NULL for a name nobody defines. */
const struct tool *tool_find(const char *name);

#endif
