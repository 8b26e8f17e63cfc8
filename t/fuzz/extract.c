/*
 * A page from its bytes to its Markdown, and on to who ordered it.  The first
 * byte chooses limits so small that short inputs reach them; the rest is the
 * page.
 */
#include "t/fuzz/fuzz.h"

#include "worker/extract/charset.h"
#include "worker/extract/page_reader.h"
#include "worker/extract/page_codec.h"

#include <stdlib.h>
#include <string.h>

static void
must(bool holds)
{
	if (!holds)
		abort();
}

/* clean: UTF-8 without control characters, but line ends and tabs if many. */
static void
clean(const char *s, bool many)
{
	must(s != NULL && utf8_valid(s, strlen(s)) == strlen(s));
	for (; *s != '\0'; s++)
		must(((unsigned char)*s >= ' ' && *s != 0x7f) ||
		     (many && (*s == '\n' || *s == '\t')));
}

/* address: "" or an absolute URL of the web, as written; see base.h. */
static void
address(const char *s)
{
	clean(s, false);
	if (*s == '\0')
		return;
	must(strncmp(s, "http://", 7) == 0 || strncmp(s, "https://", 8) == 0);
	s = strstr(s, "://") + 3;
	must(*s != '\0' && strchr("/?#\\", *s) == NULL);
	must(strpbrk(s, " \"<>") == NULL);
}

/* check: what callers rely on; see page_reader.h. */
static void
check(const struct html_page *d, const struct page_reader_limits *limits)
{
	const char *const texts[] = {d->title, d->raw_title, d->h1, d->og_title,
	    d->site_name, d->description, d->lang, d->generator, d->published,
	    d->modified, d->charset};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		clean(texts[i], false);
	address(d->canonical);
	address(d->next);
	address(d->refresh);
	must(d->refresh_after >= -1 && (d->flags & ~HTML_PAGE_FLAGS_ALL) == 0);
	must(d->description_from < DESCRIPTION_SOURCE_MAX);
	must(d->nlinks <= limits->links);
	for (size_t i = 0; i < d->nlinks; i++) {
		address(d->links[i].url);
		clean(d->links[i].text, false);
		must(d->links[i].url[0] != '\0');
		must(strchr(d->links[i].url, '#') == NULL);
	}
	for (size_t i = 0; i < d->nalternates; i++) {
		address(d->alternates[i].url);
		clean(d->alternates[i].lang, false);
	}
	clean(d->markdown, true);
	must(strlen(d->markdown) == d->markdown_len);
	must(d->markdown_len <= limits->text + 1);
	must(d->markdown_len == 0 || d->markdown[d->markdown_len - 1] == '\n');
	must(d->is_html || (d->markdown_len == 0 && d->nlinks == 0));
}

/* travels: the slot takes what the parser child makes of it. */
static void
travels(struct arena *a, const struct html_page *d)
{
	struct codec_reader r;
	struct html_page got;
	struct buf b;

	buf_init(&b, CODEC_MAX);
	codec_put_page(&b, d);
	must(buf_ok(&b));
	r = (struct codec_reader){.p = b.data, .end = b.data + b.len};
	must(codec_get_page(&r, a, &got));
	must(r.p == r.end && got.nlinks == d->nlinks);
	must(strcmp(got.markdown, d->markdown) == 0);
	must(strcmp(got.title, d->title) == 0);
	buf_release(&b);
}

/* again: the same page says the same. */
static void
again(const struct page_reader_input *in,
    const struct page_reader_limits *limits, const struct html_page *d)
{
	struct arena a;
	struct html_page e;

	arena_init(&a);
	page_reader_read(&a, in, limits, &e);
	must(strcmp(d->markdown, e.markdown) == 0 && d->nlinks == e.nlinks);
	must(strcmp(d->title, e.title) == 0 && d->flags == e.flags);
	arena_release(&a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct page_reader_limits limits;
	struct page_reader_input in = {.url = "https://example.org/a/b?c=d#e",
	    .robots_tag = "unavailable_after: 2030, platen: nofollow",
	    .agent = "platen"};
	struct arena a;
	struct html_page d;

	if (size == 0)
		return 0;
	page_reader_limits_default(&limits);
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
	if (data[0] & 64)
		in.content_type = NULL;
	in.bytes = data + 1;
	in.len = size - 1;
	arena_init(&a);
	page_reader_read(&a, &in, &limits, &d);
	check(&d, &limits);
	travels(&a, &d);
	again(&in, &limits, &d);
	arena_release(&a);
	return 0;
}
