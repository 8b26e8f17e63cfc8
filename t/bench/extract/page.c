/*
 * page: extracts pages and says how long that took.
 * usage: page FILE...      FILE's text goes to page.md beside it
 * Prints the number of pages and the CPU seconds of page_reader_read alone.
 */
#include "t/cpu.h"

#include "worker/extract/page_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *
slurp(const char *path, size_t *len)
{
	FILE *f = fopen(path, "rb");
	char *b;
	long n;

	if (f == NULL || fseek(f, 0, SEEK_END) != 0) {
		perror(path);
		exit(1);
	}
	n = ftell(f);
	rewind(f);
	b = malloc((size_t)n + 1);
	if (b == NULL || fread(b, 1, (size_t)n, f) != (size_t)n) {
		perror(path);
		exit(1);
	}
	fclose(f);
	*len = (size_t)n;
	return b;
}

static void
save(const char *page, const struct html_page *d)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%.*s.md",
	    (int)(strrchr(page, '.') - page), page);
	f = fopen(path, "wb");
	if (f == NULL ||
	    fwrite(d->markdown, 1, d->markdown_len, f) != d->markdown_len ||
	    fclose(f) != 0) {
		perror(path);
		exit(1);
	}
}

int
main(int argc, char **argv)
{
	struct page_reader_input in = {
	    .url = "http://fakehost/test/page.html", .agent = "platen"};
	double start, used = 0;
	struct arena a;
	struct html_page d;

	arena_init(&a);
	for (int i = 1; i < argc; i++) {
		char *b = slurp(argv[i], &in.len);

		in.bytes = b;
		start = cpu();
		page_reader_read(&a, &in, NULL, &d);
		used += cpu() - start;
		save(argv[i], &d);
		arena_reset(&a);
		free(b);
	}
	arena_release(&a);
	printf("%d %f\n", argc - 1, used);
	return 0;
}
