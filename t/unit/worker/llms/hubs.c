/* hubs and groups: what sites of many pages may cost, whatever they link. */
#include "core/arena.h"
#include "t/cpu.h"
#include "t/tap.h"
#include "worker/llms/group.h"
#include "worker/llms/described_site.h"

#include <stdio.h>
#include <string.h>

struct bed {
	struct arena a;
	struct crawled_site site;
	struct described_site described;
	uint32_t *links;
};

static void
start(struct bed *b, size_t pages, size_t links)
{
	memset(b, 0, sizeof(*b));
	arena_init(&b->a);
	b->site.arena = &b->a;
	b->site.host = "site.test";
	b->site.home = SITE_NONE;
	b->site.pages = arena_array(&b->a, pages, sizeof(*b->site.pages));
	b->described.arena = &b->a;
	b->described.crawled = &b->site;
	b->described.title = "Site";
	b->described.pages =
	    arena_array(&b->a, pages, sizeof(*b->described.pages));
	b->links = arena_array(&b->a, links + 1, sizeof(*b->links));
	b->site.links = b->links;
}

static struct crawled_page *
page(struct bed *b, const char *path)
{
	struct crawled_page *p = &b->site.pages[b->site.npages];
	struct described_page *d = &b->described.pages[b->site.npages];

	p->path = path;
	p->url = arena_printf(&b->a, "https://site.test%s", path);
	d->crawled = p;
	d->line = "";
	d->name = d->own_name = arena_printf(&b->a, "Page %zu", b->site.npages);
	p->label = "";
	p->links_at = (uint32_t)b->site.nlinks;
	b->site.npages++;
	return p;
}

static void
link_to(struct bed *b, size_t to)
{
	b->links[b->site.nlinks++] = (uint32_t)to;
	b->site.pages[b->site.npages - 1].nlinks++;
}

/* A site of about n pages. */
typedef void make(struct bed *b, unsigned n);

/* Each page lists the three after it: one chain of hubs through all. */
static void
chain(struct bed *b, unsigned n)
{
	start(b, n, 3 * (size_t)n);
	for (unsigned i = 0; i < n; i++) {
		page(b, arena_printf(&b->a, "/%u", i));
		for (unsigned k = 1; k <= 3; k++)
			if (i + k < n)
				link_to(b, i + k);
	}
}

/* A group for each three pages. */
static void
triples(struct bed *b, unsigned n)
{
	start(b, n + 4, (size_t)n + 4);
	for (unsigned i = 0; i < n; i++) {
		page(b, arena_printf(&b->a, "/%u", i));
		if (i % 4 == 0)
			for (unsigned k = 1; k < 4 && i + k < n; k++)
				link_to(b, i + k);
	}
}

/* Half are a chapter 1, half a section of it, and nothing links. */
static void
chapters(struct bed *b, unsigned n)
{
	start(b, n, 0);
	for (unsigned i = 0; i < n; i++) {
		page(b, arena_printf(&b->a, "/%u", i));
		b->described.pages[i].chapter = 1;
		b->described.pages[i].is_chapter = i % 2 == 0;
	}
}

/* Folders of 64 pages each, and each page lists 64 of all over the site. */
static void
folders(struct bed *b, unsigned n)
{
	start(b, n, 64 * (size_t)n);
	for (unsigned i = 0; i < n; i++) {
		page(b, arena_printf(&b->a, "/f%u/%u", i / 64, i));
		for (unsigned k = 0; k < 64; k++)
			link_to(b, (i + k * (n / 64)) % n);
	}
}

/* The home page has a heading for each page. */
static void
headings(struct bed *b, unsigned n)
{
	size_t size = 100 * (size_t)n;
	char *outline, *to;

	start(b, n, 0);
	to = outline = arena_alloc(&b->a, size);
	for (unsigned i = 0; i < n; i++) {
		struct crawled_page *p = page(b, arena_printf(&b->a, "/%u", i));

		to += snprintf(to, size - (size_t)(to - outline),
		    "#\tA heading as long as headings may be, "
		    "of page %u\n1\t%s\n",
		    i, p->url);
	}
	b->site.front.outline = outline;
}

static double
seconds(make *of, unsigned n)
{
	struct bed b;
	double began, took;

	of(&b, n);
	began = cpu();
	group_site(&b.described);
	took = cpu() - began;
	arena_release(&b.a);
	return took;
}

static void
costs_what_it_is_large(const char *what, make *of)
{
	double once = seconds(of, 10000), twice = seconds(of, 20000);

	ok(twice < 3.2 * once + 0.1,
	    "%s: 10,000 pages take %.3f s, twice as many %.3f s", what, once,
	    twice);
}

/* What is below has gone where it belongs when the whole is judged. */
static void
finds_every_group(void)
{
	struct bed b;
	size_t pages = 0;

	triples(&b, 4000);
	group_site(&b.described);
	for (size_t i = 0; i < b.described.nsections; i++)
		pages += b.described.sections[i].npages;
	ok(pages == b.site.npages, "each page is in one section");
	arena_release(&b.a);
}

int
main(void)
{
	finds_every_group();
	costs_what_it_is_large("a chain of hubs", chain);
	costs_what_it_is_large("a hub for each three pages", triples);
	costs_what_it_is_large("chapters of one number", chapters);
	costs_what_it_is_large("full folders full of links", folders);
	costs_what_it_is_large("a heading for each page", headings);
	return done();
}
