#include "worker/extract/page_codec.h"

#include "worker/extract/sitemap.h"
#include "worker/extract/charset.h"

#include <string.h>
#include <strings.h>

#define NONE UINT32_MAX /* the length of NULL */

size_t
codec_open(struct buf *b, enum codec_type type, uint32_t id)
{
	struct codec_head h = {.type = type, .id = id};
	size_t at = b->len;

	buf_add(b, &h, sizeof(h));
	return at;
}

void
codec_shut(struct buf *b, size_t at)
{
	uint32_t len;

	if (!buf_ok(b))
		return;
	len = (uint32_t)(b->len - at - sizeof(struct codec_head));
	memcpy(
	    b->data + at + offsetof(struct codec_head, len), &len, sizeof(len));
}

void
codec_put32(struct buf *b, uint32_t n)
{
	buf_add(b, &n, sizeof(n));
}

static void
codec_put64(struct buf *b, uint64_t n)
{
	buf_add(b, &n, sizeof(n));
}

/* So many bytes are looked at in one go; compilers make vectors of them. */
#define BLOCK 128
#define WORD 8

/* text_columns: what is among some bytes, as bits. */
enum { SEEN_CONTROL = 1, SEEN_SPACE = 2, SEEN_HIGH = 0x80 };

static unsigned
text_columns(const unsigned char *s, size_t n)
{
	unsigned char out = 0;

	for (size_t k = 0; k < n; k++) {
		unsigned char c = s[k];
		unsigned char space = (c == '\n') | (c == '\t');
		unsigned char control = (c < ' ') | (c == 127);

		out |= (unsigned char)((c & SEEN_HIGH) |
				       (control & (unsigned char)~space) |
				       (unsigned char)(space << 1));
	}
	return out;
}

/*
 * is_plain: eight bytes that are all visible ASCII or spaces, told in one
 * go; short strings are mostly that.
 */
static bool
is_plain(const unsigned char *s)
{
	const uint64_t ones = 0x0101010101010101u, tops = 0x80 * ones;
	uint64_t word, del;

	memcpy(&word, s, WORD);
	del = word ^ 127 * ones;
	/* A byte under 0x20 borrows from its top bit, as does one of zero. */
	return ((word | (word - ' ' * ones) | (del - ones)) & tops) == 0;
}

/* is_clean_text: UTF-8 without control characters, but line feeds and tabs if
 * many. */
static bool
is_clean_text(const char *s, size_t n, bool many)
{
	const unsigned char *p = (const unsigned char *)s;
	unsigned all = 0;
	size_t i = 0;

	for (; n - i >= BLOCK; i += BLOCK)
		all |= text_columns(p + i, BLOCK);
	for (; n - i >= WORD; i += WORD)
		if (!is_plain(p + i))
			all |= text_columns(p + i, WORD);
	all |= text_columns(p + i, n - i);
	if ((all & SEEN_CONTROL) || (!many && (all & SEEN_SPACE)))
		return false;
	/* ASCII, as most is, needs no second look. */
	return !(all & SEEN_HIGH) || utf8_valid(s, n) == n;
}

void
codec_puts(struct buf *b, const char *s)
{
	size_t n, at;

	if (s == NULL) {
		codec_put32(b, NONE);
		return;
	}
	n = strlen(s);
	codec_put32(b, (uint32_t)n);
	at = b->len;
	buf_add(b, s, n + 1);
	/* What the reader would refuse does not leave here. */
	if (buf_ok(b) && !is_clean_text(s, n, false))
		for (size_t i = 0; i < n; i++)
			if ((s[i] & 0x80) || s[i] < ' ' || s[i] == 127)
				b->data[at + i] = ' ';
}

static void
codec_get(struct codec_reader *r, void *to, size_t n)
{
	if (r->failed || (size_t)(r->end - r->p) < n) {
		r->failed = true;
		memset(to, 0, n);
		return;
	}
	memcpy(to, r->p, n);
	r->p += n;
}

uint32_t
codec_get32(struct codec_reader *r)
{
	uint32_t n;

	codec_get(r, &n, sizeof(n));
	return n;
}

static uint64_t
codec_get64(struct codec_reader *r)
{
	uint64_t n;

	codec_get(r, &n, sizeof(n));
	return n;
}

/* codec_string: n bytes and a NUL in place; the empty string once failed. */
static const char *
codec_string(struct codec_reader *r, size_t n, bool many)
{
	const char *s = r->p;

	if (r->failed || (size_t)(r->end - r->p) <= n || s[n] != '\0' ||
	    !is_clean_text(s, n, many)) {
		r->failed = true;
		return "";
	}
	r->p += n + 1;
	return s;
}

const char *
codec_gets(struct codec_reader *r)
{
	uint32_t n = codec_get32(r);

	return n == NONE ? NULL : codec_string(r, n, false);
}

/* gets_some: never NULL. */
static const char *
gets_some(struct codec_reader *r)
{
	const char *s = codec_gets(r);

	if (s == NULL)
		r->failed = true;
	return s == NULL ? "" : s;
}

/* gets_url: "" or an http(s) URL. */
static const char *
gets_url(struct codec_reader *r)
{
	const char *s = gets_some(r);

	if (s[0] == '\0')
		return s;
	if (strncasecmp(s, "http://", 7) != 0 &&
	    strncasecmp(s, "https://", 8) != 0) {
		r->failed = true;
		return "";
	}
	return s;
}

/* codec_count: a number of things of at least size bytes each. */
static size_t
codec_count(struct codec_reader *r, size_t size)
{
	uint32_t n = codec_get32(r);

	if (n > (size_t)(r->end - r->p) / size) {
		r->failed = true;
		return 0;
	}
	return n;
}

static void
put_links(struct buf *b, const struct html_page *d)
{
	codec_put32(b, (uint32_t)d->nlinks);
	for (size_t i = 0; i < d->nlinks; i++) {
		const struct html_link *l = &d->links[i];

		codec_put32(b, (l->nofollow ? 1u : 0) | (l->in_nav ? 2u : 0));
		codec_puts(b, l->url);
		codec_puts(b, l->text);
	}
	codec_put32(b, (uint32_t)d->nalternates);
	for (size_t i = 0; i < d->nalternates; i++) {
		codec_puts(b, d->alternates[i].lang);
		codec_puts(b, d->alternates[i].url);
	}
}

void
codec_put_page(struct buf *b, const struct html_page *d)
{
	const char *const texts[] = {d->title, d->raw_title, d->h1, d->og_title,
	    d->site_name, d->description, d->lang, d->generator, d->published,
	    d->modified, d->charset, d->canonical, d->next, d->refresh};

	codec_put32(b, (d->is_html ? 1u : 0) | (d->noindex ? 2u : 0) |
			   (d->nofollow ? 4u : 0));
	codec_put32(b, d->flags);
	codec_put32(b, d->description_from);
	codec_put32(b, (uint32_t)(d->refresh_after + 1));
	codec_put32(b, d->words);
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		codec_puts(b, texts[i]);
	codec_put32(b, (uint32_t)d->markdown_len);
	buf_add(b, d->markdown, d->markdown_len + 1);
	put_links(b, d);
}

static void
get_links(struct codec_reader *r, struct arena *a, struct html_page *d)
{
	struct html_alternate *alternates;
	struct html_link *links;

	d->nlinks = codec_count(r, 14);
	links = arena_array(a, d->nlinks, sizeof(*links));
	for (size_t i = 0; i < d->nlinks && !r->failed; i++) {
		uint32_t bits = codec_get32(r);

		links[i].nofollow = bits & 1;
		links[i].in_nav = (bits & 2) != 0;
		links[i].url = gets_url(r);
		links[i].text = gets_some(r);
	}
	d->links = links;
	d->nalternates = codec_count(r, 10);
	alternates = arena_array(a, d->nalternates, sizeof(*alternates));
	for (size_t i = 0; i < d->nalternates && !r->failed; i++) {
		alternates[i].lang = gets_some(r);
		alternates[i].url = gets_url(r);
	}
	d->alternates = alternates;
}

bool
codec_get_page(struct codec_reader *r, struct arena *a, struct html_page *d)
{
	const char **texts[] = {&d->title, &d->raw_title, &d->h1, &d->og_title,
	    &d->site_name, &d->description, &d->lang, &d->generator,
	    &d->published, &d->modified, &d->charset};
	uint32_t bits = codec_get32(r), from;

	memset(d, 0, sizeof(*d));
	d->is_html = bits & 1;
	d->noindex = (bits & 2) != 0;
	d->nofollow = (bits & 4) != 0;
	d->flags = codec_get32(r) & HTML_PAGE_FLAGS_ALL;
	from = codec_get32(r);
	d->description_from =
	    from < DESCRIPTION_SOURCE_MAX ? from : DESCRIPTION_NONE;
	d->refresh_after = (int)(codec_get32(r) & INT32_MAX) - 1;
	d->words = codec_get32(r);
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		*texts[i] = gets_some(r);
	d->canonical = gets_url(r);
	d->next = gets_url(r);
	d->refresh = gets_url(r);
	d->markdown_len = codec_get32(r);
	d->markdown = codec_string(r, d->markdown_len, true);
	get_links(r, a, d);
	return !r->failed && r->p == r->end;
}

void
codec_put_entry(struct buf *b, const struct sitemap_entry *e)
{
	codec_put32(b, e->is_index ? 1 : 0);
	codec_puts(b, e->loc);
	codec_puts(b, e->lastmod);
	codec_put32(b, (uint32_t)e->alternate_n);
	for (size_t i = 0; i < e->alternate_n; i++) {
		codec_puts(b, e->alternates[i].lang);
		codec_puts(b, e->alternates[i].href);
	}
}

static void
get_entry(struct codec_reader *r, struct arena *a, struct sitemap_entry *e)
{
	struct sitemap_alternate *alternates;

	e->is_index = codec_get32(r) & 1;
	e->loc = gets_url(r);
	e->lastmod = codec_gets(r);
	e->alternate_n = codec_count(r, 8);
	alternates = arena_array(a, e->alternate_n, sizeof(*alternates));
	for (size_t i = 0; i < e->alternate_n && !r->failed; i++) {
		alternates[i].lang = gets_some(r);
		alternates[i].href = gets_url(r);
	}
	e->alternates = alternates;
}

const struct sitemap_entry *
codec_get_entries(struct codec_reader *r, struct arena *a, size_t *n)
{
	struct sitemap_entry *list;

	*n = codec_count(r, 16);
	list = arena_array(a, *n, sizeof(*list));
	for (size_t i = 0; i < *n && !r->failed; i++)
		get_entry(r, a, &list[i]);
	if (r->p != r->end)
		r->failed = true;
	return r->failed ? NULL : list;
}

void
codec_put_report(struct buf *b, const struct sitemap_report *rep)
{
	const bool bits[] = {rep->gzip, rep->truncated, rep->malformed,
	    rep->doctype, rep->over_bytes, rep->over_urls};
	uint32_t set = 0;

	for (size_t i = 0; i < sizeof(bits) / sizeof(*bits); i++)
		set |= bits[i] ? 1u << i : 0;
	codec_put32(b, rep->kind);
	codec_put32(b, set);
	codec_put64(b, rep->urls);
	codec_put64(b, rep->bad);
	codec_put64(b, rep->missing);
	codec_put64(b, rep->relative);
	codec_put64(b, rep->bytes);
	codec_put32(b, (uint32_t)(rep->line < 0 ? 0 : rep->line));
	codec_puts(b, rep->note);
}

bool
codec_get_report(struct codec_reader *r, struct sitemap_report *rep)
{
	bool *bits[] = {&rep->gzip, &rep->truncated, &rep->malformed,
	    &rep->doctype, &rep->over_bytes, &rep->over_urls};
	uint32_t kind = codec_get32(r), set = codec_get32(r);

	memset(rep, 0, sizeof(*rep));
	rep->kind = kind < SITEMAP_KIND_MAX ? kind : SITEMAP_UNKNOWN;
	for (size_t i = 0; i < sizeof(bits) / sizeof(*bits); i++)
		*bits[i] = (set >> i & 1) != 0;
	rep->urls = codec_get64(r);
	rep->bad = codec_get64(r);
	rep->missing = codec_get64(r);
	rep->relative = codec_get64(r);
	rep->bytes = codec_get64(r);
	rep->line = (int)(codec_get32(r) & INT32_MAX);
	rep->note = codec_gets(r);
	return !r->failed && r->p == r->end;
}
