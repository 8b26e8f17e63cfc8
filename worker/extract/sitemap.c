#define ZLIB_CONST /* zlib does not write its input */
#include "worker/extract/sitemap.h"

#include "core/log.h"
#include "core/text.h"
#include "worker/extract/sitemap_repair.h"
#include "worker/extract/sitemap_xml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

#define CHUNK_BYTES 32768

/* Junk lines after which a file without one URL is no list of URLs. */
#define JUNK_LINES 100

/* White space that may surround a location. */
#define SLACK_BYTES 1024
/* Of one sentence of the note. */
#define NOTE_BYTES 120

struct inflation {
	z_stream z;
	bool ended; /* a member is complete; another may follow */
};

void
sitemap_stop(struct sitemap *s, enum rc rc)
{
	if (s->stop == OK)
		s->stop = rc;
}

/* ---- entries ------------------------------------------------------------- */

enum loc_kind { LOC_GOOD, LOC_RELATIVE, LOC_BAD };

/* Near enough to tell; who fetches it parses it. */
static enum loc_kind
loc_kind(const char *s, size_t n)
{
	size_t k = 0, at;

	for (size_t i = 0; i < n; i++)
		if ((unsigned char)s[i] <= ' ' || s[i] == 0x7f)
			return LOC_BAD;
	if (strncasecmp(s, "http:", 5) == 0 ||
	    strncasecmp(s, "https:", 6) == 0) {
		/* Browsers take any number of slashes. */
		at = (size_t)(strchr(s, ':') - s) + 1;
		at += strspn(s + at, "/\\");
		return strchr("?#", s[at]) == NULL ? LOC_GOOD : LOC_BAD;
	}
	/* Another scheme, and not the port of a bare host. */
	while ((s[k] | 0x20) >= 'a' && (s[k] | 0x20) <= 'z')
		k++;
	return k > 0 && s[k] == ':' ? LOC_BAD : LOC_RELATIVE;
}

/*
 * blank_at: bytes of what stands around a location and is no part of it, at
 * the start of n bytes: any white space of Unicode, and what has no width.
 */
static size_t
blank_at(const char *p, size_t n)
{
	size_t len;
	int32_t c = text_decode(p, n, &len);

	if (text_is_space(c) || c == 0xad || (c >= 0x200b && c <= 0x200f) ||
	    c == 0x2060 || c == 0xfeff)
		return len;
	return 0;
}

static void
buf_trim(struct buf *b)
{
	size_t lead = 0, end, len;

	while (lead < b->len &&
	       (len = blank_at(b->data + lead, b->len - lead)) > 0)
		lead += len;
	buf_drop(b, lead);
	end = b->len;
	for (size_t i = b->len; i > 0 && b->len - i < SLACK_BYTES; i--) {
		/* From the start of each character, the last one first. */
		if (((unsigned char)b->data[i - 1] & 0xc0) == 0x80)
			continue;
		if (blank_at(b->data + i - 1, end - i + 1) != end - i + 1)
			break;
		end = i - 1;
	}
	buf_cut(b, end);
}

void
sitemap_draft_clear(struct sitemap_draft *d)
{
	buf_clear(&d->loc);
	buf_clear(&d->lastmod);
	buf_clear(&d->strings);
	d->alternate_n = 0;
	d->is_index = false;
}

void
sitemap_draft_alternate(struct sitemap *s, const char *lang, const char *href)
{
	struct sitemap_draft *d = &s->draft;
	size_t *at = d->offsets + 2 * d->alternate_n;
	size_t n = strlen(href);

	if (d->alternate_n == s->limits.alternates || strlen(lang) > 40 ||
	    n > s->limits.url_bytes || loc_kind(href, n) != LOC_GOOD)
		return;
	at[0] = d->strings.len;
	buf_add(&d->strings, lang, strlen(lang) + 1);
	at[1] = d->strings.len;
	buf_add(&d->strings, href, n + 1);
	if (buf_ok(&d->strings))
		d->alternate_n++;
}

static void
call_back(struct sitemap *s)
{
	struct sitemap_draft *d = &s->draft;
	struct sitemap_entry e = {
	    .loc = d->loc.data,
	    .lastmod = d->lastmod.len > 0 ? d->lastmod.data : NULL,
	    .alternates = d->alternates,
	    .alternate_n = d->alternate_n,
	    .is_index = d->is_index,
	};

	/* The strings may have moved while they were gathered. */
	for (size_t i = 0; i < d->alternate_n; i++) {
		d->alternates[i].lang = d->strings.data + d->offsets[2 * i];
		d->alternates[i].href = d->strings.data + d->offsets[2 * i + 1];
	}
	s->report.urls++;
	s->fn(s->ctx, &e);
}

void
sitemap_emit(struct sitemap *s)
{
	struct sitemap_draft *d = &s->draft;
	bool fits = buf_ok(&d->loc);
	enum loc_kind kind;

	/* What was escaped twice may be white space. */
	sitemap_unescape(&d->loc);
	buf_trim(&d->loc);
	buf_trim(&d->lastmod);
	if (!buf_ok(&d->lastmod))
		buf_clear(&d->lastmod);
	kind = loc_kind(d->loc.data, d->loc.len);
	if (fits && d->loc.len == 0) {
		s->report.missing++;
	} else if (!fits || kind == LOC_BAD ||
		   d->loc.len > s->limits.url_bytes) {
		s->report.bad++;
	} else if (kind == LOC_RELATIVE) {
		s->report.relative++;
	} else if (s->report.urls == s->limits.urls) {
		s->report.over_urls = true;
		sitemap_stop(s, E_LIMIT);
	} else {
		call_back(s);
	}
}

/* ---- plain text ---------------------------------------------------------- */

static void
end_line(struct sitemap *s)
{
	struct sitemap_report *r = &s->report;

	buf_trim(&s->line);
	if (s->line.len == 0 && buf_ok(&s->line))
		return;
	sitemap_draft_clear(&s->draft);
	buf_add(&s->draft.loc, s->line.data, s->line.len);
	s->draft.loc.failed |= !buf_ok(&s->line);
	sitemap_emit(s);
	buf_clear(&s->line);
	if (r->urls == 0 && r->bad + r->relative >= JUNK_LINES) {
		r->kind = SITEMAP_NONE;
		sitemap_stop(s, E_TYPE);
	}
}

static void
feed_text(struct sitemap *s, const char *p, size_t n)
{
	for (size_t i = 0; i < n && s->stop == OK; i++) {
		if (p[i] == '\n' || p[i] == '\r')
			end_line(s);
		else if (p[i] != '\0')
			buf_addc(&s->line, p[i]);
		else if (!s->wide) {
			s->report.kind = SITEMAP_NONE;
			sitemap_stop(s, E_TYPE);
		}
	}
}

/* ---- which format -------------------------------------------------------- */

/* UTF-16 without its mark is given one, or the parser would not know it. */
static void
begin_xml(struct sitemap *s)
{
	const char *p = s->start.data, *mark = "";
	struct buf b;

	if (p[0] == '<' && p[1] == '\0')
		mark = "\xff\xfe";
	else if (p[0] == '\0')
		mark = "\xfe\xff";
	buf_init(&b, s->start.max + 2);
	buf_adds(&b, mark);
	buf_add(&b, p, s->start.len);
	s->xml = sitemap_xml_new(s, b.data, b.len);
	buf_release(&b);
}

static void
begin_text(struct sitemap *s, size_t skip)
{
	s->report.kind = SITEMAP_TEXT;
	feed_text(s, s->start.data + skip, s->start.len - skip);
}

/* Bytes of white space and of UTF-8's mark, which may come more than once. */
static size_t
leading_space(const char *p, size_t n)
{
	size_t i = 0;

	while (i < n) {
		if (n - i >= 3 && memcmp(p + i, "\xef\xbb\xbf", 3) == 0)
			i += 3;
		else if (text_is_ascii_space(p[i]))
			i++;
		else
			break;
	}
	return i;
}

/*
 * Decides by the first bytes: byte order mark and white space, then "<" or
 * not.  final: there are no more.
 */
static void
sitemap_sniff(struct sitemap *s, bool final)
{
	struct buf *b = &s->start;
	const char *p;

	buf_drop(b, leading_space(b->data, b->len));
	if (b->len < 4 && !final)
		return;
	s->sniffed = true;
	p = b->data;
	if (b->len < 4) {
		if (b->len > 0)
			begin_text(s, 0);
	} else if (memcmp(p, "\xff\xfe", 2) == 0 ||
		   memcmp(p, "\xfe\xff", 2) == 0) {
		s->wide = true;
		if (p[2] == '<' || p[3] == '<')
			begin_xml(s);
		else
			begin_text(s, 2);
	} else if (p[0] == '<' || memcmp(p, "\0<\0", 3) == 0) {
		begin_xml(s);
	} else {
		begin_text(s, 0);
	}
	buf_release(b);
}

static void
feed_decoded(struct sitemap *s, const char *p, size_t n)
{
	size_t room = s->limits.bytes - s->report.bytes;
	bool over = n > room;

	if (s->stop != OK || n == 0)
		return;
	n = over ? room : n;
	s->report.bytes += n;
	if (!s->sniffed) {
		size_t take = n < CHUNK_BYTES ? n : CHUNK_BYTES;

		buf_add(&s->start, p, take);
		p += take;
		n -= take;
		sitemap_sniff(s, false);
	}
	if (s->sniffed && s->xml != NULL)
		sitemap_xml_feed(s->xml, p, n);
	else if (s->sniffed)
		feed_text(s, p, n);
	if (over) {
		s->report.over_bytes = true;
		sitemap_stop(s, E_LIMIT);
	}
}

/* ---- gzip ---------------------------------------------------------------- */

static void
begin_gzip(struct sitemap *s)
{
	s->gzip = calloc(1, sizeof(*s->gzip));
	if (s->gzip == NULL)
		fatal("out of memory");
	if (inflateInit2(&s->gzip->z, 15 + 16) != Z_OK)
		fatal("out of memory");
	s->report.gzip = true;
}

/* One step; false when it cannot go on. */
static bool
inflate_some(struct sitemap *s)
{
	char out[CHUNK_BYTES];
	struct inflation *g = s->gzip;
	int rc;

	/* Another member follows, or padding, which is ignored. */
	if (g->ended) {
		if (g->z.next_in[0] != 0x1f || inflateReset(&g->z) != Z_OK)
			return false;
		g->ended = false;
	}
	g->z.next_out = (Bytef *)out;
	g->z.avail_out = sizeof(out);
	rc = inflate(&g->z, Z_NO_FLUSH);
	feed_decoded(s, out, sizeof(out) - g->z.avail_out);
	if (rc == Z_STREAM_END)
		g->ended = true;
	else if (rc != Z_OK && rc != Z_BUF_ERROR) {
		s->report.truncated = true;
		sitemap_stop(s, E_LIMIT);
	}
	return s->stop == OK && (g->z.avail_in > 0 || g->z.avail_out == 0);
}

static void
feed_raw(struct sitemap *s, const void *p, size_t n)
{
	if (n == 0)
		return;
	if (s->gzip == NULL) {
		feed_decoded(s, p, n);
		return;
	}
	s->gzip->z.next_in = p;
	s->gzip->z.avail_in = (uInt)n;
	while (inflate_some(s))
		continue;
}

/* ---- the interface ------------------------------------------------------- */

struct sitemap *
sitemap_new(
    const struct sitemap_limits *limits, sitemap_entry_fn *fn, void *ctx)
{
	struct sitemap *s = calloc(1, sizeof(*s));
	size_t alternates = limits->alternates;

	if (s == NULL)
		fatal("out of memory");
	s->limits = *limits;
	s->fn = fn;
	s->ctx = ctx;
	buf_init(&s->draft.loc, limits->url_bytes + SLACK_BYTES);
	buf_init(&s->draft.lastmod, 100);
	buf_init(&s->draft.strings, alternates * (limits->url_bytes + 50));
	buf_init(&s->line, limits->url_bytes + SLACK_BYTES);
	buf_init(&s->start, 2 * CHUNK_BYTES);
	s->draft.alternates =
	    calloc(alternates + 1, sizeof(*s->draft.alternates));
	s->draft.offsets = calloc(alternates + 1, 2 * sizeof(size_t));
	if (s->draft.alternates == NULL || s->draft.offsets == NULL)
		fatal("out of memory");
	return s;
}

enum rc
sitemap_feed(struct sitemap *s, const void *data, size_t n)
{
	const unsigned char *p = data;

	/* The first two bytes tell gzip. */
	while (s->head_n < 2 && n > 0) {
		s->head[s->head_n++] = *p++;
		n--;
		if (s->head_n == 2) {
			if (s->head[0] == 0x1f && s->head[1] == 0x8b)
				begin_gzip(s);
			feed_raw(s, s->head, 2);
		}
	}
	if (s->stop == OK)
		feed_raw(s, p, n);
	return s->stop;
}

/* sitemap_worst: what is wrong with the file as a whole; false: nothing. */
static bool
sitemap_worst(struct sitemap *s, char *to, size_t max)
{
	const struct sitemap_report *r = &s->report;

	if (r->doctype)
		snprintf(to, max,
		    "The file has a DOCTYPE, which a sitemap must not have, so "
		    "it was not read.");
	else if (r->bytes == 0 && !r->truncated)
		snprintf(to, max, "It is empty.");
	else if (r->kind == SITEMAP_NONE)
		snprintf(to, max, "The file is not a sitemap%s.",
		    s->xml != NULL ? " but a page or other XML" : "");
	else if (r->over_bytes)
		snprintf(to, max,
		    "The file is larger than %zu MiB; the rest was not read.",
		    s->limits.bytes >> 20);
	else if (r->over_urls)
		snprintf(to, max,
		    "The file has more than %zu locations; the rest was not "
		    "read.",
		    s->limits.urls);
	else if (r->truncated)
		snprintf(to, max,
		    "The file is incomplete; the locations before its end were "
		    "used.");
	else if (r->malformed && r->line > 0)
		snprintf(to, max,
		    "The file is not well-formed XML (line %d); what could be "
		    "read was used.",
		    r->line);
	else if (r->malformed)
		snprintf(to, max,
		    "The file is not well-formed XML; what could be read was "
		    "used.");
	return to[0] != '\0';
}

/* count_skipped: one more sentence in b, if there is anything to count. */
static void
count_skipped(struct buf *b, size_t n, const char *one, const char *many)
{
	if (n == 0)
		return;
	if (b->len > 0)
		buf_addc(b, ' ');
	if (n == 1)
		buf_adds(b, one);
	else
		buf_printf(b, "%zu %s", n, many);
}

static void
set_note(struct sitemap *s)
{
	const struct sitemap_report *r = &s->report;
	char first[NOTE_BYTES] = "";
	struct buf b;

	buf_init(&b, sizeof(s->note) - 1);
	if (sitemap_worst(s, first, sizeof(first)))
		buf_adds(&b, first);
	if (r->kind != SITEMAP_NONE && !r->doctype) {
		count_skipped(&b, r->missing,
		    "One entry has no location (<loc>) and was skipped.",
		    "entries have no location (<loc>) and were skipped.");
		count_skipped(&b, r->bad,
		    "One location is not a web address and was skipped.",
		    "locations are not web addresses and were skipped.");
		count_skipped(&b, r->relative,
		    "One location is not a complete web address (https://...) "
		    "and was skipped.",
		    "locations are not complete web addresses (https://...) "
		    "and were skipped.");
	}
	if (buf_ok(&b))
		memcpy(s->note, b.data, b.len + 1);
	s->report.note = s->note[0] != '\0' ? s->note : NULL;
	buf_release(&b);
}

void
sitemap_end(struct sitemap *s, struct sitemap_report *out)
{
	struct sitemap_report *r = &s->report;

	if (s->head_n == 1)
		feed_raw(s, s->head, 1);
	if (!s->sniffed)
		sitemap_sniff(s, true);
	if (s->gzip != NULL && !s->gzip->ended && s->stop == OK)
		r->truncated = true;
	if (s->xml != NULL)
		sitemap_xml_end(s->xml);
	else if (s->stop == OK)
		end_line(s);
	if ((r->kind == SITEMAP_UNKNOWN && !r->truncated) ||
	    (r->kind == SITEMAP_TEXT && r->urls == 0))
		r->kind = SITEMAP_NONE;
	set_note(s);
	*out = *r;
}

void
sitemap_free(struct sitemap *s)
{
	if (s == NULL)
		return;
	sitemap_xml_free(s->xml);
	if (s->gzip != NULL)
		inflateEnd(&s->gzip->z);
	free(s->gzip);
	buf_release(&s->draft.loc);
	buf_release(&s->draft.lastmod);
	buf_release(&s->draft.strings);
	buf_release(&s->line);
	buf_release(&s->start);
	free(s->draft.alternates);
	free(s->draft.offsets);
	free(s);
}

const char *
sitemap_kind_name(enum sitemap_kind kind)
{
	static const char *const names[SITEMAP_KIND_MAX] = {
	    "unknown", "urlset", "index", "rss", "atom", "text", "none"};

	return kind < SITEMAP_KIND_MAX ? names[kind] : "unknown";
}
