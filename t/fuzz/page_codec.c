/*
 * What a taken-over parser child could send: the first byte chooses the kind
 * of frame, the rest is its payload.
 */
#include "t/fuzz/fuzz.h"

#include "worker/extract/sitemap.h"
#include "worker/extract/charset.h"
#include "worker/extract/page_codec.h"

#include <stdlib.h>
#include <string.h>

static void
clean(const char *s)
{
	if (s != NULL && utf8_valid(s, strlen(s)) != strlen(s))
		abort();
}

static void
doc(struct codec_reader *r, struct arena *a)
{
	struct html_page d;

	if (!codec_get_page(r, a, &d))
		return;
	clean(d.title);
	clean(d.markdown);
	if (strlen(d.markdown) != d.markdown_len)
		abort();
	for (size_t i = 0; i < d.nlinks; i++)
		clean(d.links[i].url);
}

static void
entries(struct codec_reader *r, struct arena *a)
{
	const struct sitemap_entry *e;
	size_t n;

	e = codec_get_entries(r, a, &n);
	for (size_t i = 0; e != NULL && i < n; i++) {
		clean(e[i].loc);
		clean(e[i].lastmod);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sitemap_report rep;
	struct codec_reader r;
	struct arena a;
	char *copy;

	if (size == 0)
		return 0;
	arena_init(&a);
	copy = malloc(size);
	if (copy == NULL)
		abort();
	memcpy(copy, data, size);
	r = (struct codec_reader){.p = copy + 1, .end = copy + size};
	if (data[0] % 3 == 0)
		doc(&r, &a);
	else if (data[0] % 3 == 1)
		entries(&r, &a);
	else if (codec_get_report(&r, &rep))
		clean(rep.note);
	free(copy);
	arena_release(&a);
	return 0;
}
