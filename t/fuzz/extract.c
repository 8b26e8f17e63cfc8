/*
 * A page from its bytes to its Markdown.  The first byte chooses limits so
 * small that short inputs reach them; the rest is the page.
 */
#include "t/fuzz/fuzz.h"

#include "worker/extract/charset.h"
#include "worker/extract/doc.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* check: what callers rely on; see doc.h. */
static void
check(const struct doc *d)
{
	const char *const texts[] = {d->title, d->raw_title, d->h1, d->og_title,
	    d->site_name, d->description, d->lang, d->generator, d->published,
	    d->modified, d->canonical, d->next, d->refresh};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (utf8_valid(texts[i], strlen(texts[i])) != strlen(texts[i]))
			abort();
	if (utf8_valid(d->markdown, d->markdown_len) != d->markdown_len ||
	    strlen(d->markdown) != d->markdown_len)
		abort();
	if (d->markdown_len > 0 && d->markdown[d->markdown_len - 1] != '\n')
		abort();
	for (size_t i = 0; i < d->nlinks; i++)
		if (strncasecmp(d->links[i].url, "http", 4) != 0 ||
		    utf8_valid(d->links[i].text, strlen(d->links[i].text)) !=
			strlen(d->links[i].text))
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct doc_limits limits;
	struct doc_input in = {.url = "https://example.org/a/b?c=d#e",
	    .robots_tag = "unavailable_after: 2030, platen: nofollow",
	    .agent = "platen"};
	struct arena a;
	struct doc d;

	if (size == 0)
		return 0;
	doc_limits_default(&limits);
	if (data[0] & 1)
		limits.depth = 8;
	if (data[0] & 2)
		limits.nodes = 50;
	if (data[0] & 4)
		limits.text = 64;
	if (data[0] & 8)
		limits.attrs = 3;
	if (data[0] & 16)
		limits.links = 2;
	if (data[0] & 32)
		in.content_type = "text/html; charset=windows-1251";
	else
		in.content_type = "text/html";
	in.bytes = data + 1;
	in.len = size - 1;
	arena_init(&a);
	doc_extract(&a, &in, &limits, &d);
	check(&d);
	arena_release(&a);
	return 0;
}
