/*
 * The input as an llms.txt to check, and its lines as the words of a site:
 * whatever pages say, the file made of them must pass the checker.
 */
#include "t/fuzz/fuzz.h"

#include "core/arena.h"
#include "t/fuzz/lib/site.h"
#include "worker/extract/charset.h"
#include "worker/llms/check.h"

#include <stdlib.h>
#include <string.h>

static void
check_bytes(const uint8_t *input, size_t len)
{
	struct check_report r;
	struct arena a;
	size_t dropped = 0;
	unsigned line = 0;

	arena_init(&a);
	if ((check_llms(&a, input, len, &r) == OK) != (r.found == 0))
		abort();
	for (int k = 0; k < LLMS_KIND_MAX; k++)
		dropped += r.dropped[k];
	if (r.nissues + dropped != r.found || r.nissues > LLMS_ISSUES ||
	    r.invalid > r.found)
		abort();
	for (size_t i = 0; i < r.nissues; i++) {
		const char *what = r.issues[i].what;

		/* It is shown to people, with what it quotes of the file. */
		if (what == NULL || what[0] == '\0' ||
		    utf8_valid(what, strlen(what)) != strlen(what))
			abort();
		for (; *what != '\0'; what++)
			if ((unsigned char)*what < ' ')
				abort();
		if (r.issues[i].line > line)
			line = r.issues[i].line;
	}
	if (line > len + 1)
		abort();
	arena_release(&a);
}

static void
make_file(const uint8_t *input, size_t len)
{
	struct crawled_site site;
	struct described_site described;
	struct arena a;

	arena_init(&a);
	site_fuzz(&site, &a, (const char *)input, len);
	if (site.npages > 0) {
		site_fuzz_ready(&site, &described);
		site_fuzz_check(&described);
	}
	arena_release(&a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *input, size_t len)
{
	check_bytes(input, len);
	make_file(input, len);
	return 0;
}
