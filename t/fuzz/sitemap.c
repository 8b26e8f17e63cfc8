/*
 * A sitemap, after two bytes: one that seeds how it is split, and one of
 * flags.  Split or whole, it must give the same.
 */
#include "t/fuzz/fuzz.h"

#include "core/buf.h"
#include "worker/extract/sitemap.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

enum {
	GZIP = 1,     /* compress it, which no mutation would do by itself */
	GZIP_CUT = 2, /* and lose its last third */
	GZIP_TWO = 4, /* in two members */
	WIDE = 8,     /* limits as they are, not so small that they are met */
	UTF16 = 16,   /* as UTF-16: each byte one character */
};

static void
must(bool holds)
{
	if (!holds)
		abort();
}

struct seen {
	struct buf text;
	size_t urls;
	const struct sitemap_limits *limits;
};

static void
check_url(const char *s, size_t max)
{
	must(strncasecmp(s, "http://", 7) == 0 ||
	     strncasecmp(s, "https://", 8) == 0);
	must(strpbrk(s, " \t\r\n") == NULL && strlen(s) <= max);
}

static void
on_entry(void *ctx, const struct sitemap_entry *e)
{
	struct seen *seen = ctx;

	check_url(e->loc, seen->limits->url_bytes);
	must(e->alternate_n <= seen->limits->alternates);
	buf_adds(&seen->text, e->loc);
	for (size_t i = 0; i < e->alternate_n; i++) {
		check_url(e->alternates[i].href, seen->limits->url_bytes);
		buf_adds(&seen->text, e->alternates[i].lang);
		buf_adds(&seen->text, e->alternates[i].href);
	}
	buf_adds(&seen->text, e->lastmod ? e->lastmod : "-");
	buf_adds(&seen->text, e->is_index ? "i" : "p");
	seen->urls++;
}

/* The next piece's size, from 1; seed 0: all at once. */
static size_t
piece(unsigned *seed, size_t left)
{
	size_t n;

	if (*seed == 0)
		return left;
	*seed = *seed * 1103515245u + 12345u;
	n = 1 + (*seed >> 16) % (*seed & 0x40000000u ? 4 : 200);
	return n < left ? n : left;
}

static void
run(const struct sitemap_limits *limits, const struct buf *file, unsigned seed,
    struct buf *text, struct sitemap_report *report)
{
	struct seen seen = {.limits = limits};
	struct sitemap *s = sitemap_new(limits, on_entry, &seen);
	enum rc rc = OK;
	size_t n;

	buf_init(&seen.text, 8 << 20);
	for (size_t at = 0; at < file->len && rc == OK; at += n) {
		n = piece(&seed, file->len - at);
		rc = sitemap_feed(s, file->data + at, n);
	}
	sitemap_end(s, report);
	must(report->urls <= limits->urls && report->bytes <= limits->bytes);
	must(report->urls == seen.urls);
	must(report->kind < SITEMAP_KIND_MAX);
	must(report->kind != SITEMAP_NONE || report->note != NULL);
	must(!report->doctype || report->urls == 0);
	*text = seen.text;
	sitemap_free(s);
}

static void
compress_to(struct buf *to, const char *p, size_t n)
{
	unsigned char out[4096];
	z_stream z = {.next_in = (Bytef *)(uintptr_t)p, .avail_in = (uInt)n};
	int rc;

	must(deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 8, 0) == Z_OK);
	do {
		z.next_out = out;
		z.avail_out = sizeof(out);
		rc = deflate(&z, Z_FINISH);
		buf_add(to, out, sizeof(out) - z.avail_out);
	} while (rc == Z_OK);
	deflateEnd(&z);
}

static void
make_file(struct buf *file, unsigned flags, const char *p, size_t n)
{
	struct buf wide;
	size_t first = flags & GZIP_TWO ? n / 2 : n;

	buf_init(&wide, 8 << 20);
	if (flags & UTF16) {
		buf_adds(&wide, "\xff\xfe");
		for (size_t i = 0; i < n; i++) {
			buf_addc(&wide, p[i]);
			buf_addc(&wide, '\0');
		}
		p = wide.data;
		n = wide.len;
		first = flags & GZIP_TWO ? n / 2 : n;
	}
	if (flags & GZIP) {
		compress_to(file, p, first);
		if (first < n)
			compress_to(file, p + first, n - first);
		if (flags & GZIP_CUT)
			buf_cut(file, file->len - file->len / 3);
	} else {
		buf_add(file, p, n);
	}
	buf_release(&wide);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct sitemap_limits limits = {
	    .bytes = 1 << 20, .urls = 50, .url_bytes = 64, .alternates = 2};
	struct buf file, whole, split;
	struct sitemap_report a, b;

	if (len < 2)
		return 0;
	if (data[1] & WIDE)
		limits = (struct sitemap_limits){.bytes = 50 << 20,
		    .urls = 50000,
		    .url_bytes = 2048,
		    .alternates = 64};
	buf_init(&file, 16 << 20);
	make_file(&file, data[1], (const char *)data + 2, len - 2);
	run(&limits, &file, 0, &whole, &a);
	run(&limits, &file, 1 + data[0], &split, &b);
	/* A faulty file may be mended in another way when it is split. */
	if (!a.malformed && !a.truncated && !b.malformed && !b.truncated) {
		must(strcmp(whole.data, split.data) == 0);
		must(a.kind == b.kind && a.urls == b.urls && a.bad == b.bad);
	}
	buf_release(&whole);
	buf_release(&split);
	buf_release(&file);
	return 0;
}
