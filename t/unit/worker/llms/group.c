/* The sections of a site: what they are called and what is in them. */
#include "core/arena.h"
#include "t/tap.h"
#include "worker/llms/describe.h"
#include "worker/llms/group.h"
#include "worker/llms/described_site.h"

#include <sys/resource.h>
#include <time.h>

struct bed {
	struct arena a;
	struct crawled_site site;
	struct described_site described;
	uint32_t links[4096];
};

static void
start_large(struct bed *b, size_t room)
{
	memset(b, 0, sizeof(*b));
	arena_init(&b->a);
	b->site.arena = &b->a;
	b->site.host = "site.test";
	b->site.home = SITE_NONE;
	b->site.pages = arena_array(&b->a, room, sizeof(*b->site.pages));
	b->described.arena = &b->a;
	b->described.crawled = &b->site;
	b->described.title = "Site";
	b->described.pages =
	    arena_array(&b->a, room, sizeof(*b->described.pages));
	b->site.links = b->links;
}

static void
start(struct bed *b)
{
	start_large(b, 2000);
}

static uint32_t
page(struct bed *b, const char *path, const char *name)
{
	struct crawled_page *p = &b->site.pages[b->site.npages];
	struct described_page *d = &b->described.pages[b->site.npages];

	p->path = arena_strdup(&b->a, path);
	p->url = arena_printf(&b->a, "https://site.test%s", path);
	d->crawled = p;
	d->line = "";
	d->name = d->own_name = arena_strdup(&b->a, name);
	p->label = "";
	p->links_at = (uint32_t)b->site.nlinks;
	return (uint32_t)b->site.npages++;
}

static void
pages(struct bed *b, const char *folder, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		page(b, arena_printf(&b->a, "%s%u.html", folder, i),
		    arena_printf(&b->a, "Page %u", i));
}

/* link: from the page that was added last. */
static void
link_to(struct bed *b, uint32_t to)
{
	b->links[b->site.nlinks++] = to;
	b->site.pages[b->site.npages - 1].nlinks++;
}

/* sections: "name n" of each, a line each. */
static const char *
sections(struct bed *b)
{
	const char *out = "";

	group_site(&b->described);
	for (size_t i = 0; i < b->described.nsections; i++)
		out = arena_printf(&b->a, "%s%s %zu\n", out,
		    b->described.sections[i].name,
		    b->described.sections[i].npages);
	return out;
}

static void
follows_the_folders(void)
{
	struct bed b;

	start(&b);
	page(&b, "/", "Site");
	page(&b, "/about", "About us");
	page(&b, "/library/", "Library Reference");
	pages(&b, "/library/", 10);
	pages(&b, "/c-api/", 5);
	pages(&b, "/tiny/", 2);
	page(&b, "/privacy", "Privacy");
	is(sections(&b),
	    "Overview 4\nLibrary Reference 11\nC API 5\nOptional 1\n",
	    "a section for each folder, named by its index page or its path");
	is_int(
	    b.described.sections[1].pages[0], 2, "its index page comes first");
	ok(b.described.sections[3].optional, "legal notices come last");
	arena_release(&b.a);
}

static void
knows_a_folder_without_its_slash(void)
{
	struct bed b;

	start(&b);
	page(&b, "/guide", "The Guide");
	pages(&b, "/guide/", 4);
	pages(&b, "/api/", 4);
	is(sections(&b), "The Guide 5\nAPI 4\n", "its page is in its section");
	arena_release(&b.a);
}

static void
looks_below_a_common_folder(void)
{
	struct bed b;

	start(&b);
	pages(&b, "/en/latest/install/", 4);
	pages(&b, "/en/latest/usage/", 4);
	page(&b, "/en/latest/", "Manual");
	is(sections(&b), "Overview 1\nInstall 4\nUsage 4\n",
	    "a folder that holds everything says nothing");
	arena_release(&b.a);
}

static void
splits_a_full_folder(void)
{
	struct bed b;

	start(&b);
	page(&b, "/docs/", "Documentation");
	pages(&b, "/docs/", 10);
	pages(&b, "/docs/setup/", 40);
	pages(&b, "/docs/usage/", 30);
	pages(&b, "/docs/rare/", 2);
	pages(&b, "/blog/", 5);
	is(sections(&b),
	    "Documentation 13\nDocumentation: Setup 40\n"
	    "Documentation: Usage 30\nBlog 5\n",
	    "by its subfolders");
	arena_release(&b.a);
}

/* 100 pages in one folder; two of them list 30 others each. */
static void
splits_a_flat_folder(void)
{
	struct bed b;

	start(&b);
	pages(&b, "/", 98);
	page(&b, "/text.html", "Text Processing");
	for (uint32_t i = 0; i < 30; i++)
		link_to(&b, i);
	page(&b, "/net.html", "Networking");
	for (uint32_t i = 30; i < 60; i++)
		link_to(&b, i);
	is(sections(&b), "Overview 38\nText Processing 31\nNetworking 31\n",
	    "by the pages that list others");
	is(b.described.pages[b.described.sections[1].pages[0]].name,
	    "Text Processing", "which come first in their sections");
	arena_release(&b.a);
	start(&b);
	pages(&b, "/", 98);
	page(&b, "/break.html", "break");
	for (uint32_t i = 0; i < 5; i++)
		link_to(&b, i);
	is(sections(&b), "Pages 99\n", "but by none that say \"see also\"");
	arena_release(&b.a);
}

static void
keeps_a_blog_together(void)
{
	struct bed b;

	start(&b);
	for (unsigned i = 0; i < 50; i++)
		page(&b,
		    arena_printf(
			&b.a, "/%u/%02u/post-%u", 2000 + i / 5, i % 12 + 1, i),
		    arena_printf(&b.a, "Post %u", i));
	pages(&b, "/about/", 3);
	is(sections(&b), "Posts 50\nAbout 3\n", "not a section for each year");
	arena_release(&b.a);
}

static void
has_no_section_twice(void)
{
	struct bed b;

	start(&b);
	page(&b, "/a/", "Guide");
	pages(&b, "/a/", 4);
	page(&b, "/b/", "guide");
	pages(&b, "/b/", 4);
	page(&b, "/optional/", "Optional");
	pages(&b, "/optional/", 4);
	is(sections(&b), "Guide 10\nPages 5\n",
	    "folders of one name share a section; none is called Optional");
	arena_release(&b.a);
}

static void
bounds_the_sections(void)
{
	struct bed b;
	size_t seen = 0;

	start(&b);
	for (unsigned i = 0; i < 100; i++)
		pages(&b, arena_printf(&b.a, "/folder%u/", i), 3);
	sections(&b);
	ok(b.described.nsections <= 41, "100 folders do not make 100 sections");
	for (size_t i = 0; i < b.described.nsections; i++)
		seen += b.described.sections[i].npages;
	is_int(seen, 300, "and no page is lost");
	arena_release(&b.a);
}

/* peak: memory that the program has had at most, MB. */
static long
peak(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return u.ru_maxrss / 1024;
}

/* large: n pages, so many in each folder; the first section is that. */
static void
large(const char *path, unsigned n, unsigned each, const char *first)
{
	struct bed b;
	clock_t began;
	long before;

	start_large(&b, n);
	for (unsigned i = 0; i < n; i++)
		page(&b, arena_printf(&b.a, "/%s-%u/p%u", path, i / each, i),
		    arena_printf(&b.a, "Page %u", i));
	before = peak();
	began = clock();
	ok(strncmp(sections(&b), first, strlen(first)) == 0, "%s first", first);
	ok(peak() - before < 60, "in little memory");
	within((double)(clock() - began) / CLOCKS_PER_SEC, 3,
	    "%u pages are grouped soon", n);
	arena_release(&b.a);
}

/* A folder for each page, as a blog's "/slug/" are, and one for each three. */
static void
takes_as_many_folders_as_pages(void)
{
	large("slug", 10000, 1, "Pages 10000");
	large("three", 20000, 3, "Overview 2");
}

static void
takes_the_smallest_sites(void)
{
	struct bed b;

	start(&b);
	page(&b, "/", "Site");
	is(sections(&b), "Pages 1\n", "one page");
	arena_release(&b.a);
	start(&b);
	page(&b, "/imprint", "Imprint");
	is(sections(&b), "Pages 1\n", "nothing but a legal notice");
	arena_release(&b.a);
}

static void
knows_what_is_looked_up(void)
{
	static const char *const pages[][2] = {
	    {"/api/class_kite-members.html", "List of all members"},
	    {"/api/kite_8h_source.html", "kite.h"},
	    {"/api/dir_d44c64559bbebec7f509842c48db8b23.html", "src"},
	    {"/api/class-use/Kite.html", "Uses of Class Kite"},
	    {"/api/doc-index-A.html", "Index - A"},
	    {"/api/index-1.2.html", "Index of new symbols in 1.2"},
	    {"/vars.html", "Variables Index"},
	    {"/zsh_abt.html", "About This Document"},
	    {"/wiki/Talk:Mast", "Talk:Mast"},
	    {"/2023/05/", "May 2023"},
	};
	static const char *const read[][2] = {
	    {"/prices.html", "Consumer Price Index"},
	    {"/club/our-members.html", "Our members"},
	    {"/open_source.html", "Open source"},
	    {"/2023/05/03/a-mast.html", "A mast"},
	    {"/2023.html", "The year"},
	};
	size_t n = sizeof(pages) / sizeof(*pages);
	struct bed b;

	start(&b);
	for (size_t i = 0; i < n; i++)
		page(&b, pages[i][0], pages[i][1]);
	for (size_t i = 0; i < sizeof(read) / sizeof(*read); i++)
		page(&b, read[i][0], read[i][1]);
	group_site(&b.described);
	for (size_t i = 0; i < b.site.npages; i++)
		ok(b.described.sections[b.described.pages[i].section]
			    .optional == (i < n),
		    "%s is %s", b.site.pages[i].path,
		    i < n ? "looked up" : "read");
	arena_release(&b.a);
}

int
main(void)
{
	knows_what_is_looked_up();
	follows_the_folders();
	knows_a_folder_without_its_slash();
	looks_below_a_common_folder();
	splits_a_full_folder();
	splits_a_flat_folder();
	keeps_a_blog_together();
	has_no_section_twice();
	bounds_the_sections();
	takes_as_many_folders_as_pages();
	takes_the_smallest_sites();
	return done();
}
