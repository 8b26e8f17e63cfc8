/*
 * One byte that says how the rest is split, then a sitemap.  Split or whole,
 * it must give the same.
 */
#include "t/fuzz/fuzz.h"

#include "core/buf.h"
#include "worker/crawl/sitemap.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
on_entry(void *ctx, const struct sitemap_entry *e)
{
	must(strncasecmp(e->loc, "http://", 7) == 0 ||
	     strncasecmp(e->loc, "https://", 8) == 0);
	must(strpbrk(e->loc, " \t\r\n") == NULL && strlen(e->loc) <= 64);
	must(e->alternate_n <= 2);
	buf_adds(ctx, e->loc);
	for (size_t i = 0; i < e->alternate_n; i++) {
		buf_adds(ctx, e->alternates[i].lang);
		buf_adds(ctx, e->alternates[i].href);
	}
	buf_adds(ctx, e->lastmod ? e->lastmod : "-");
}

static void
run(const uint8_t *p, size_t n, size_t piece, struct buf *seen,
    struct sitemap_report *report)
{
	static const struct sitemap_limits limits = {
	    .bytes = 1 << 20, .urls = 50, .url_bytes = 64, .alternates = 2};
	struct sitemap *s = sitemap_new(&limits, on_entry, seen);
	enum rc rc = OK;

	for (size_t at = 0; at < n && rc == OK; at += piece)
		rc = sitemap_feed(s, p + at, n - at < piece ? n - at : piece);
	sitemap_end(s, report);
	must(report->urls <= limits.urls && report->bytes <= limits.bytes);
	must(report->kind < SITEMAP_KIND_MAX);
	sitemap_free(s);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct buf whole, split;
	struct sitemap_report a, b;

	if (len == 0)
		return 0;
	buf_init(&whole, 1 << 20);
	buf_init(&split, 1 << 20);
	run(data + 1, len - 1, len, &whole, &a);
	run(data + 1, len - 1, data[0] + 1u, &split, &b);
	/* A faulty file may be mended in another way when it is split. */
	if (!a.malformed && !a.truncated && !b.malformed && !b.truncated) {
		must(strcmp(whole.data, split.data) == 0);
		must(a.kind == b.kind && a.urls == b.urls && a.bad == b.bad);
	}
	buf_release(&whole);
	buf_release(&split);
	return 0;
}
