/*
 * llms_bed: a site of a few pages, made by hand, and the file it becomes; for
 * the units of worker/llms.
 */
#ifndef T_UNIT_LLMS_BED_H
#define T_UNIT_LLMS_BED_H

#include "core/arena.h"
#include "core/buf.h"
#include "t/tap.h"
#include "worker/extract/page_reader.h"
#include "worker/llms/describe.h"
#include "worker/llms/introduction.h"
#include "worker/site/digest.h"
#include "worker/llms/group.h"
#include "worker/llms/described_site.h"
#include "worker/site/text_line.h"
#include "worker/llms/write.h"

struct bed {
	struct arena a;
	struct crawled_site site;
	struct described_site described; /* by file() */
};

static const struct html_page silent = {.title = "",
    .raw_title = "",
    .h1 = "",
    .og_title = "",
    .site_name = "",
    .description = "",
    .lang = "",
    .markdown = ""};

__attribute__((unused)) static void
start(struct bed *b)
{
	memset(b, 0, sizeof(*b));
	arena_init(&b->a);
	b->site.arena = &b->a;
	b->site.host = "site.test";
	b->site.origin = "https://site.test";
	b->site.home = SITE_NONE;
	b->site.pages = arena_array(&b->a, 100, sizeof(*b->site.pages));
	digest_page(&b->a, &silent, &b->site.front);
}

__attribute__((unused)) static void
page(struct bed *b, const char *path, const char *title,
    const char *description, const char *markdown)
{
	struct crawled_page *p = &b->site.pages[b->site.npages];
	struct html_page d = silent;

	d.title = title;
	d.raw_title = title;
	d.description = description;
	d.description_from =
	    *description == '\0' ? DESCRIPTION_NONE : DESCRIPTION_META;
	d.markdown = markdown;
	d.markdown_len = strlen(markdown);
	digest_page(&b->a, &d, p);
	p->path = path;
	p->url = arena_printf(&b->a, "https://site.test%s", path);
	if (strcmp(path, "/") == 0) {
		b->site.front = *p;
		b->site.home = (uint32_t)b->site.npages;
	}
	b->site.npages++;
}

__attribute__((unused)) static const char *
file(struct bed *b)
{
	struct buf out;
	const char *text;

	described_site_init(&b->described, &b->a, &b->site);
	describe_site(&b->described);
	group_site(&b->described);
	introduction_overview(&b->described);
	buf_init(&out, 1 << 20);
	write_llms_txt(&out, &b->described);
	text = arena_strdup(&b->a, out.data);
	buf_release(&out);
	return text;
}

/* raw: sets the title as it was written of the last page. */
__attribute__((unused)) static void
raw(struct bed *b, const char *title)
{
	b->site.pages[b->site.npages - 1].raw_title = title;
}

#endif
