/* llms_outline: how a home page arranges the pages it lists. */
#include "t/tap.h"

#include "core/arena.h"
#include "worker/site/outline.h"
#include "worker/site/prose.h"
#include "worker/site/crawled_site.h"

#include <string.h>

static const char *const paths[] = {
    "/", "/a.html", "/b.html", "/c/", "/d.html", "/e.html"};

static struct crawled_site
site_of(struct arena *a, const char *md)
{
	struct crawled_site s = {.arena = a, .npages = 6, .home = 0};

	s.pages = arena_array(a, 6, sizeof(*s.pages));
	for (unsigned i = 0; i < 6; i++)
		s.pages[i].url =
		    arena_printf(a, "https://site.test%s", paths[i]);
	s.front.outline = outline_note(a, md, strlen(md));
	return s;
}

static void
reads_headings(struct arena *a)
{
	struct crawled_site s = site_of(a,
	    "# Site\n\n## First [steps](https://site.test/x)\n\n"
	    "- [A](https://site.test/a.html)\n"
	    "- [B](https://site.test/b.html#part) and more\n\n"
	    "## Then\n\n**[C](https://site.test/c/index.html)**\n\n"
	    "Not [D](https://site.test/d.html), which is in a sentence.\n");
	struct outline o;

	outline_find(a, &s, &o);
	is(o.heading[1], "First steps", "a link is below its heading");
	is(o.heading[2], "First steps", "so is one to a part of a page");
	is(o.heading[3], "Then", "a folder is its index page");
	ok(o.heading[4] == NULL, "a link in a sentence is listed nowhere");
	is_int(o.headings, 3, "that is all");
}

static void
reads_lists(struct arena *a)
{
	struct crawled_site s =
	    site_of(a, "- [A](https://site.test/a.html)\n"
		       "  - [B](https://site.test/b.html)\n"
		       "    1. [C](https://site.test/c/)\n"
		       "- [Home](https://site.test/)\n\n"
		       "**[D](https://site.test/d.html)**\n\n"
		       "- [E](https://site.test/e.html) \xe2\x80\x94 of D\n");
	struct outline o;

	outline_find(a, &s, &o);
	is_int(o.parent[2], 1, "a nested link is below the one around it");
	is_int(o.parent[3], 2, "and so on");
	is_int(o.parent[1], 0, "the first has none above but the home page");
	is_int(o.parent[5], 4, "a list after a term is below the term");
	is_int(o.parent[0], SITE_NONE, "the home page is below none");
}

static void
survives_junk(struct arena *a)
{
	struct crawled_site s =
	    site_of(a, "- [\n- [a](\n**\n#\n-\n1. [b]\n- [[[](x\n- [\\](y)\n");
	struct outline o;

	outline_find(a, &s, &o);
	is_int(o.headings, 0, "half a link lists nothing");
	s.front.outline = NULL;
	outline_find(a, &s, &o);
	is_int(o.headings, 0, "nor does a home page that was not read");
}

static void
judges_lines(struct arena *a)
{
	is(prose_after_name(
	       "git-add - Add file contents to the index", "git-add(1)"),
	    "Add file contents to the index", "a manual page's name line");
	ok(prose_after_name("Kites fly - or so they say here", "Anvil") == NULL,
	    "another sentence with a dash is none");
	ok(prose_after_name("It is. A kite - or two of them", "kite") == NULL,
	    "nor is one behind a full stop");
	is(prose_tidy(a, "What it is. More..."), "What it is.",
	    "\"More...\" is no part of a line");
	is(prose_tidy(a, "It flies. For example:"), "It flies.",
	    "nor is what leads to an example");
	ok(prose_goes_on(a, "and asked for help.", "Kites"),
	    "a line that begins in mid-sentence");
	ok(!prose_goes_on(a, "kite is a tool.", "kite(1)"),
	    "but not with a small name");
	ok(!prose_sentence("\xc2\xab previous | up | next \xc2\xbb here too."),
	    "a row of links is no sentence");
}

int
main(void)
{
	struct arena a;

	arena_init(&a);
	reads_headings(&a);
	reads_lists(&a);
	survives_junk(&a);
	judges_lines(&a);
	arena_release(&a);
	return done();
}
