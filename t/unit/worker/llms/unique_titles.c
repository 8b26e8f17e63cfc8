/* unique: pages of one title are told apart by their paths, and a site whose
 * pages have one title and endless paths takes no longer than others. */
#include "core/arena.h"
#include "t/cpu.h"
#include "t/tap.h"
#include "worker/site/crawled_site.h"
#include "worker/llms/unique_titles.h"

#include <string.h>

#define PAGES 2000
#define PARTS 1000

static void
name(struct crawled_site *site, size_t i, const char *path)
{
	site->pages[i].name = site->pages[i].title = "Index";
	site->pages[i].h1 = site->pages[i].description = "";
	site->pages[i].label = site->pages[i].lang = "";
	site->pages[i].path = path;
	site->pages[i].url = path;
}

static void
tells_apart(void)
{
	struct arena a;
	struct crawled_site site = {0};

	arena_init(&a);
	site.arena = &a;
	site.npages = 3;
	site.pages = arena_array(&a, 3, sizeof(*site.pages));
	name(&site, 0, "/docs/red-kiln/all/index.html");
	name(&site, 1, "/docs/blue-kiln/all/index.html");
	name(&site, 2, "/docs/old/green/all/index.html");
	unique_titles(&site);
	is(site.pages[0].name, "Index – Red Kiln", "by the part that differs");
	is(site.pages[1].name, "Index – Blue Kiln", "of each");
	is(site.pages[2].name, "Index – Old Green", "or several");
	arena_release(&a);
}

static void
is_quick(void)
{
	struct arena a;
	struct crawled_site site = {0};
	double t0;

	arena_init(&a);
	site.arena = &a;
	site.npages = PAGES;
	site.pages = arena_array(&a, PAGES, sizeof(*site.pages));
	for (size_t i = 0; i < PAGES; i++) {
		char *path = arena_alloc(&a, 2 * PARTS + 40), *at = path;

		at += snprintf(at, 20, "/%zu", i);
		for (size_t k = 0; k < PARTS; k++)
			at += snprintf(at, 3, "/a");
		name(&site, i, path);
	}
	a.used = 0;
	t0 = cpu();
	unique_titles(&site);
	ok(cpu() - t0 < 2 && a.used < 64u << 20,
	    "%d pages with one title and %d equal parts at their end: %.3f s, "
	    "%zu kB",
	    PAGES, PARTS, cpu() - t0, a.used >> 10);
	for (size_t i = 0; i < PAGES; i++) {
		char *path = arena_alloc(&a, 2 * PARTS + 40), *at = path;

		for (size_t k = 0; k < PARTS; k++)
			at += snprintf(at, 3, "/%c", (int)('a' + (i + k) % 7));
		snprintf(at, 20, "/%zu", i);
		name(&site, i, path);
	}
	a.used = 0;
	t0 = cpu();
	unique_titles(&site);
	ok(cpu() - t0 < 4 && a.used < 64u << 20,
	    "and with parts that all differ: %.3f s, %zu kB", cpu() - t0,
	    a.used >> 10);
	arena_release(&a);
}

int
main(void)
{
	tells_apart();
	is_quick();
	return done();
}
