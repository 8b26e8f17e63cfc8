/* unique: pages of one title are told apart by their paths, and a site whose
 * pages have one title and endless paths takes no longer than others. */
#include "core/arena.h"
#include "t/cpu.h"
#include "t/tap.h"
#include "worker/llms/described_site.h"
#include "worker/llms/unique_titles.h"

#include <string.h>

#define PAGES 2000
#define PARTS 1000

struct bed {
	struct arena a;
	struct crawled_site site;
	struct described_site described;
};

static void
start(struct bed *b, size_t pages)
{
	memset(b, 0, sizeof(*b));
	arena_init(&b->a);
	b->site.npages = pages;
	b->site.pages = arena_array(&b->a, pages, sizeof(*b->site.pages));
	described_site_init(&b->described, &b->a, &b->site);
}

static void
name(struct bed *b, size_t i, const char *path)
{
	struct crawled_page *p = &b->site.pages[i];

	p->title = b->described.pages[i].name = "Index";
	p->h1 = p->description = p->label = p->lang = "";
	p->path = p->url = path;
}

static void
tells_apart(void)
{
	struct bed b;

	start(&b, 3);
	name(&b, 0, "/docs/red-kiln/all/index.html");
	name(&b, 1, "/docs/blue-kiln/all/index.html");
	name(&b, 2, "/docs/old/green/all/index.html");
	unique_titles(&b.described);
	is(b.described.pages[0].name, "Index – Red Kiln",
	    "by the part that differs");
	is(b.described.pages[1].name, "Index – Blue Kiln", "of each");
	is(b.described.pages[2].name, "Index – Old Green", "or several");
	arena_release(&b.a);
}

static void
is_quick(void)
{
	struct bed b;
	double t0;

	start(&b, PAGES);
	for (size_t i = 0; i < PAGES; i++) {
		char *path = arena_alloc(&b.a, 2 * PARTS + 40), *at = path;

		at += snprintf(at, 20, "/%zu", i);
		for (size_t k = 0; k < PARTS; k++)
			at += snprintf(at, 3, "/a");
		name(&b, i, path);
	}
	b.a.used = 0;
	t0 = cpu();
	unique_titles(&b.described);
	ok(cpu() - t0 < 2 && b.a.used < 64u << 20,
	    "%d pages with one title and %d equal parts at their end: %.3f s, "
	    "%zu kB",
	    PAGES, PARTS, cpu() - t0, b.a.used >> 10);
	for (size_t i = 0; i < PAGES; i++) {
		char *path = arena_alloc(&b.a, 2 * PARTS + 40), *at = path;

		for (size_t k = 0; k < PARTS; k++)
			at += snprintf(at, 3, "/%c", (int)('a' + (i + k) % 7));
		snprintf(at, 20, "/%zu", i);
		name(&b, i, path);
	}
	b.a.used = 0;
	t0 = cpu();
	unique_titles(&b.described);
	ok(cpu() - t0 < 4 && b.a.used < 64u << 20,
	    "and with parts that all differ: %.3f s, %zu kB", cpu() - t0,
	    b.a.used >> 10);
	arena_release(&b.a);
}

int
main(void)
{
	tells_apart();
	is_quick();
	return done();
}
