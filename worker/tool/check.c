/* check: is a file a valid llms.txt, and what is wrong with it by line. */
#include "core/arena.h"
#include "core/buf.h"
#include "worker/llms/check.h"
#include "worker/tool.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

const struct tool tool_check;

#define FILE_BYTES (256U << 20)
#define CHUNK 65536

/* read_all: the file ("-": stdin); false after saying why not. */
static bool
read_all(const char *name, struct buf *b)
{
	FILE *in = strcmp(name, "-") == 0 ? stdin : fopen(name, "re");
	bool fine;

	if (in == NULL) {
		fprintf(stderr, "platen: cannot read %s: %s\n", name,
		    strerror(errno));
		return false;
	}
	while (!feof(in) && !ferror(in) && buf_ok(b)) {
		char *p = buf_reserve(b, CHUNK);

		if (p != NULL)
			buf_commit(b, fread(p, 1, CHUNK, in));
	}
	fine = !ferror(in) && buf_ok(b);
	if (!fine)
		fprintf(stderr, "platen: cannot read %s: %s\n", name,
		    buf_ok(b) ? strerror(errno) : "it is too large");
	if (in != stdin)
		fclose(in);
	return fine;
}

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
	struct arena a;
	struct buf b;
	int code = 2;

	if (argc != 2 || (argv[1][0] == '-' && argv[1][1] != '\0')) {
		fprintf(stderr, "usage: platen %s\n", tool_check.usage);
		return 2;
	}
	arena_init(&a);
	buf_init(&b, FILE_BYTES);
	if (read_all(argv[1], &b)) {
		(void)!check_llms(&a, b.data, b.len, &r);
		code = tell(argv[1], &r);
	}
	buf_release(&b);
	arena_release(&a);
	return code;
}

const struct tool tool_check = {
    .name = "check",
    .usage = "check FILE",
    .run = run,
};
