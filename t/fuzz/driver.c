/*
 * A main for the fuzz targets where libFuzzer is not at hand: it feeds them
 * the files named on the command line, once each.  Not a target itself.
 */
#include "t/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Twice what libFuzzer would grow an input to. */
#define INPUT_MAX (2u << 20)

static void
feed(const char *path)
{
	uint8_t *all = malloc(INPUT_MAX), *exact;
	FILE *f = fopen(path, "rb");
	size_t len;

	if (f == NULL || all == NULL) {
		perror(path);
		exit(2);
	}
	len = fread(all, 1, INPUT_MAX, f);
	if (ferror(f) || !feof(f)) {
		fprintf(stderr, "%s: cannot be read whole\n", path);
		exit(2);
	}
	fclose(f);
	/* Without a spare byte, so that reading on is seen. */
	exact = malloc(len == 0 ? 1 : len);
	if (exact == NULL)
		exit(2);
	memcpy(exact, all, len);
	free(all);
	LLVMFuzzerTestOneInput(exact, len);
	free(exact);
}

int
main(int argc, char **argv)
{
	if (argc < 2) {
		fprintf(stderr, "usage: %s FILE...\n", argv[0]);
		return 2;
	}
	for (int i = 1; i < argc; i++)
		feed(argv[i]);
	return 0;
}
