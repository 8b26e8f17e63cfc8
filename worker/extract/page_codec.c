#include "worker/extract/page_codec.h"

#include "worker/extract/sitemap.h"
#include "worker/extract/charset.h"

#include <string.h>
#include <strings.h>

#define NONE UINT32_MAX /* the length of NULL */

size_t
frame_open(struct buf *b, enum frame_type type, uint32_t id)
{
	struct frame_head h = {.type = type, .id = id};
	size_t at = b->len;

	buf_add(b, &h, sizeof(h));
	return at;
}

void
frame_shut(struct buf *b, size_t at)
{
	uint32_t len;

	if (!buf_ok(b))
		return;
	len = (uint32_t)(b->len - at - sizeof(struct frame_head));
	memcpy(
	    b->data + at + offsetof(struct frame_head, len), &len, sizeof(len));
}

void
frame_put32(struct buf *b, uint32_t n)
{
	buf_add(b, &n, sizeof(n));
}

void
frame_put64(struct buf *b, uint64_t n)
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
frame_puts(struct buf *b, const char *s)
{
	size_t n, at;

	if (s == NULL) {
		frame_put32(b, NONE);
		return;
	}
	n = strlen(s);
	frame_put32(b, (uint32_t)n);
	at = b->len;
	buf_add(b, s, n + 1);
	/* What the reader would refuse does not leave here. */
	if (buf_ok(b) && !is_clean_text(s, n, false))
		for (size_t i = 0; i < n; i++)
			if ((s[i] & 0x80) || s[i] < ' ' || s[i] == 127)
				b->data[at + i] = ' ';
}

static void
frame_get(struct frame_reader *r, void *to, size_t n)
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
frame_get32(struct frame_reader *r)
{
	uint32_t n;

	frame_get(r, &n, sizeof(n));
	return n;
}

uint64_t
frame_get64(struct frame_reader *r)
{
	uint64_t n;

	frame_get(r, &n, sizeof(n));
	return n;
}

/* frame_string: n bytes and a NUL in place; the empty string once failed. */
static const char *
frame_string(struct frame_reader *r, size_t n, bool many)
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
frame_gets(struct frame_reader *r)
{
	uint32_t n = frame_get32(r);

	return n == NONE ? NULL : frame_string(r, n, false);
}

/* gets_some: never NULL. */
static const char *
gets_some(struct frame_reader *r)
{
	const char *s = frame_gets(r);

	if (s == NULL)
		r->failed = true;
	return s == NULL ? "" : s;
}

/* gets_url: "" or an http(s) URL. */
static const char *
gets_url(struct frame_reader *r)
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

/* frame_count: a number of things of at least size bytes each. */
static size_t
frame_count(struct frame_reader *r, size_t size)
{
	uint32_t n = frame_get32(r);

	if (n > (size_t)(r->end - r->p) / size) {
		r->failed = true;
		return 0;
	}
	return n;
}

static void
put_links(struct buf *b, const struct doc *d)
{
	frame_put32(b, (uint32_t)d->nlinks);
	for (size_t i = 0; i < d->nlinks; i++) {
		const struct doc_link *l = &d->links[i];

		frame_put32(b, (l->nofollow ? 1u : 0) | (l->in_nav ? 2u : 0));
		frame_puts(b, l->url);
		frame_puts(b, l->text);
	}
	frame_put32(b, (uint32_t)d->nalternates);
	for (size_t i = 0; i < d->nalternates; i++) {
		frame_puts(b, d->alternates[i].lang);
		frame_puts(b, d->alternates[i].url);
	}
}

void
frame_put_doc(struct buf *b, const struct doc *d)
{
	const char *const texts[] = {d->title, d->raw_title, d->h1, d->og_title,
	    d->site_name, d->description, d->lang, d->generator, d->published,
	    d->modified, d->charset, d->canonical, d->next, d->refresh};

	frame_put32(b, (d->is_html ? 1u : 0) | (d->noindex ? 2u : 0) |
			   (d->nofollow ? 4u : 0));
	frame_put32(b, d->flags);
	frame_put32(b, d->description_from);
	frame_put32(b, (uint32_t)(d->refresh_after + 1));
	frame_put32(b, d->words);
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		frame_puts(b, texts[i]);
	frame_put32(b, (uint32_t)d->markdown_len);
	buf_add(b, d->markdown, d->markdown_len + 1);
	put_links(b, d);
}

static void
get_links(struct frame_reader *r, struct arena *a, struct doc *d)
{
	struct doc_alternate *alternates;
	struct doc_link *links;

	d->nlinks = frame_count(r, 14);
	links = arena_array(a, d->nlinks, sizeof(*links));
	for (size_t i = 0; i < d->nlinks && !r->failed; i++) {
		uint32_t bits = frame_get32(r);

		links[i].nofollow = bits & 1;
		links[i].in_nav = (bits & 2) != 0;
		links[i].url = gets_url(r);
		links[i].text = gets_some(r);
	}
	d->links = links;
	d->nalternates = frame_count(r, 10);
	alternates = arena_array(a, d->nalternates, sizeof(*alternates));
	for (size_t i = 0; i < d->nalternates && !r->failed; i++) {
		alternates[i].lang = gets_some(r);
		alternates[i].url = gets_url(r);
	}
	d->alternates = alternates;
}

bool
frame_get_doc(struct frame_reader *r, struct arena *a, struct doc *d)
{
	const char **texts[] = {&d->title, &d->raw_title, &d->h1, &d->og_title,
	    &d->site_name, &d->description, &d->lang, &d->generator,
	    &d->published, &d->modified, &d->charset};
	uint32_t bits = frame_get32(r), from;

	memset(d, 0, sizeof(*d));
	d->is_html = bits & 1;
	d->noindex = (bits & 2) != 0;
	d->nofollow = (bits & 4) != 0;
	d->flags = frame_get32(r) & DOC_FLAGS_ALL;
	from = frame_get32(r);
	d->description_from = from < DOC_SOURCE_MAX ? from : DOC_NONE;
	d->refresh_after = (int)(frame_get32(r) & INT32_MAX) - 1;
	d->words = frame_get32(r);
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		*texts[i] = gets_some(r);
	d->canonical = gets_url(r);
	d->next = gets_url(r);
	d->refresh = gets_url(r);
	d->markdown_len = frame_get32(r);
	d->markdown = frame_string(r, d->markdown_len, true);
	get_links(r, a, d);
	return !r->failed && r->p == r->end;
}

void
frame_put_entry(struct buf *b, const struct sitemap_entry *e)
{
	frame_put32(b, e->is_index ? 1 : 0);
	frame_puts(b, e->loc);
	frame_puts(b, e->lastmod);
	frame_put32(b, (uint32_t)e->alternate_n);
	for (size_t i = 0; i < e->alternate_n; i++) {
		frame_puts(b, e->alternates[i].lang);
		frame_puts(b, e->alternates[i].href);
	}
}

static void
get_entry(struct frame_reader *r, struct arena *a, struct sitemap_entry *e)
{
	struct sitemap_alternate *alternates;

	e->is_index = frame_get32(r) & 1;
	e->loc = gets_url(r);
	e->lastmod = frame_gets(r);
	e->alternate_n = frame_count(r, 8);
	alternates = arena_array(a, e->alternate_n, sizeof(*alternates));
	for (size_t i = 0; i < e->alternate_n && !r->failed; i++) {
		alternates[i].lang = gets_some(r);
		alternates[i].href = gets_url(r);
	}
	e->alternates = alternates;
}

const struct sitemap_entry *
frame_get_entries(struct frame_reader *r, struct arena *a, size_t *n)
{
	struct sitemap_entry *list;

	*n = frame_count(r, 16);
	list = arena_array(a, *n, sizeof(*list));
	for (size_t i = 0; i < *n && !r->failed; i++)
		get_entry(r, a, &list[i]);
	if (r->p != r->end)
		r->failed = true;
	return r->failed ? NULL : list;
}

void
frame_put_report(struct buf *b, const struct sitemap_report *rep)
{
	const bool bits[] = {rep->gzip, rep->truncated, rep->malformed,
	    rep->doctype, rep->over_bytes, rep->over_urls};
	uint32_t set = 0;

	for (size_t i = 0; i < sizeof(bits) / sizeof(*bits); i++)
		set |= bits[i] ? 1u << i : 0;
	frame_put32(b, rep->kind);
	frame_put32(b, set);
	frame_put64(b, rep->urls);
	frame_put64(b, rep->bad);
	frame_put64(b, rep->missing);
	frame_put64(b, rep->relative);
	frame_put64(b, rep->bytes);
	frame_put32(b, (uint32_t)(rep->line < 0 ? 0 : rep->line));
	frame_puts(b, rep->note);
}

bool
frame_get_report(struct frame_reader *r, struct sitemap_report *rep)
{
	bool *bits[] = {&rep->gzip, &rep->truncated, &rep->malformed,
	    &rep->doctype, &rep->over_bytes, &rep->over_urls};
	uint32_t kind = frame_get32(r), set = frame_get32(r);

	memset(rep, 0, sizeof(*rep));
	rep->kind = kind < SITEMAP_KIND_MAX ? kind : SITEMAP_UNKNOWN;
	for (size_t i = 0; i < sizeof(bits) / sizeof(*bits); i++)
		*bits[i] = (set >> i & 1) != 0;
	rep->urls = frame_get64(r);
	rep->bad = frame_get64(r);
	rep->missing = frame_get64(r);
	rep->relative = frame_get64(r);
	rep->bytes = frame_get64(r);
	rep->line = (int)(frame_get32(r) & INT32_MAX);
	rep->note = frame_gets(r);
	return !r->failed && r->p == r->end;
}
