/* The words of a site: names, descriptions, and the summary above them. */
#include "t/unit/llms_bed.h"

static void
names_pages_by_what_differs(void)
{
	struct bed b;
	const char *text;

	start(&b);
	page(&b, "/", "Board", "", "");
	raw(&b, "Board - Index page");
	page(&b, "/t?id=1", "Board", "", "");
	raw(&b, "Which rope? - Board");
	page(&b, "/t?id=2", "Board", "", "");
	raw(&b, "Splicing - Board");
	page(&b, "/t?id=3", "Kite (Part", "", "");
	raw(&b, "Kite (Part - 2) - Board");
	page(&b, "/kite__case_8h_source.html", "", "", "");
	b.site.pages[b.site.npages - 1].label = "32";
	page(&b, "/x", "", "", "");
	b.site.pages[b.site.npages - 1].label = "lines.h:288";
	text = file(&b);
	ok(strncmp(text, "# Board\n", 8) == 0, "the site has its name");
	ok(strstr(text, "[Which rope?]") != NULL,
	    "a title all pages have is not theirs");
	ok(strstr(text, "[Kite (Part - 2)]") != NULL,
	    "one that was cut in two is whole");
	ok(strstr(text, "[kite_case.h]") != NULL,
	    "a page without a title has that of its file");
	ok(strstr(text, "[lines.h]") != NULL, "or of the links to it");
	arena_release(&b.a);
}

static void
gives_a_name_to_what_is_read(void)
{
	struct bed b;
	const char *text;

	start(&b);
	page(&b, "/api/Kite.html", "Kite", "", "");
	page(&b, "/src-html/api/Kite.html", "Kite", "", "");
	page(&b, "/genindex-_.html", "Index", "", "");
	page(&b, "/genindex-A.html", "Index", "", "");
	text = file(&b);
	ok(strstr(text, "[Kite](https://site.test/api/Kite.html)") != NULL,
	    "a page has its name before its source has");
	ok(strstr(text, "[Index \xe2\x80\x93 _](") != NULL,
	    "a sign tells pages apart");
	arena_release(&b.a);
}

static void
strips_bare_numbers(void)
{
	struct bed b;
	const char *text;

	start(&b);
	page(&b, "/a", "1 The Shell", "", "");
	page(&b, "/b", "2 Files", "", "");
	page(&b, "/c", "3 Jobs", "", "");
	page(&b, "/d", "3.1 Signals", "", "");
	text = file(&b);
	ok(strstr(text, "[Jobs]") != NULL, "chapters need no numbers");
	ok(strstr(text, "[Signals]") != NULL, "nor do their sections");
	arena_release(&b.a);
	start(&b);
	page(&b, "/a", "7 Ways to Cook", "", "");
	page(&b, "/b", "12 Soups", "", "");
	page(&b, "/c", "3 Salads", "", "");
	text = file(&b);
	ok(strstr(text, "[7 Ways to Cook]") != NULL, "a count is no number");
	arena_release(&b.a);
}

/* said: the description of the only page with that Markdown. */
static const char *
said(const char *name, const char *markdown)
{
	static char line[1000];
	struct bed b;

	start(&b);
	page(&b, "/x", name, "", markdown);
	(void)file(&b);
	snprintf(line, sizeof(line), "%s", b.described.pages[0].line);
	arena_release(&b.a);
	return line;
}

static void
describes_pages_without_sentences(void)
{
	is(said("access(5)",
	       "```\nACCESS(5)   ACCESS(5)\n\nNAME\n  access - server access "
	       "table\n\nSYNOPSIS\n  x\n```\n"),
	    "server access table", "a manual page by its first line");
	is(said("Fog", "```\nDESCRIPTION\n  This text tells what infor-\n"
		       "  mation is kept for how long.\n```\n"),
	    "This text tells what information is kept for how long.",
	    "a preformatted text by its first sentence");
	is(said("Prices", "- Oak: 2 EUR\n- Pine - 1 EUR\n"),
	    "Lists Oak and Pine.", "a list by its entries");
	is(said("Sizes", "| Wood | B |\n| --- | --- |\n| Oak | 2 m |\n"),
	    "Lists Wood and Oak.", "a table by its first cells");
	is(said("Oak", "![A shelf](x.jpg)\n"), "Lists A shelf.",
	    "a picture by its words");
	is(said("Me", "I am Anna.\n"), "I am Anna.", "a short text by itself");
	is(said("Help", "And what did that do? Nothing at all, as we "
			"saw.\n\nThe key opens all the doors here.\n"),
	    "The key opens all the doors here.",
	    "no sentence that leans on another");
	is(said("Code", "```\nimport x\n```\n"), "Source code.",
	    "code is called so");
}

static void
sums_up_a_silent_site(void)
{
	struct bed b;
	const char *text;

	start(&b);
	b.site.host = "xn--bcher-kva.test:8080";
	page(&b, "/", "", "", "");
	page(&b, "/a", "Oak", "", "");
	page(&b, "/b", "Pine", "", "");
	text = file(&b);
	ok(strncmp(text,
	       "# b\xc3\xbc"
	       "cher.test:8080\n",
	       19) == 0,
	    "a host is written as people write it");
	ok(strstr(text, "\n> Covers Oak and Pine.\n") != NULL,
	    "a home page that says nothing is summed up");
	ok(strstr(text, "\n3 pages of b\xc3\xbc"
			"cher.test:8080.\n") != NULL,
	    "as is the site");
	arena_release(&b.a);
	start(&b);
	page(&b, "/", "Acme", "", "");
	raw(&b, "Acme: Tools for boats: Acme");
	b.site.front = b.site.pages[0];
	text = file(&b);
	ok(strstr(text, "\n> Tools for boats\n") != NULL,
	    "or by the slogan beside its name");
	arena_release(&b.a);
}

static void
knows_a_blog(void)
{
	struct bed b;
	const char *text;

	start(&b);
	page(&b, "/", "Salt", "",
	    "## A mast\n\nThe old mast broke in a gust last week. Read "
	    "more\n\n## Fog\n\nFog in May is thicker than in any other "
	    "month. Read more\n");
	raw(&b, "Salt - Notes from an island");
	b.site.front = b.site.pages[0];
	page(&b, "/post/1", "A mast", "",
	    "The old mast broke in a gust last week.\n\nMore of it.\n");
	page(&b, "/post/2", "Fog", "",
	    "Fog in May is thicker than in any other month.\n");
	page(&b, "/post/3", "Sun", "", "The sun shone all day, for once.\n");
	page(&b, "/category/boats/", "Boats Archives", "", "");
	text = file(&b);
	ok(strstr(text, "\n> Notes from an island\n") != NULL,
	    "the first post does not sum it up");
	ok(strstr(text, "\n\nThe old mast") == NULL,
	    "nor is it about the site");
	ok(strstr(text, "\n## Posts\n") != NULL, "a folder of posts");
	ok(strstr(text, "[Boats](") != NULL, "a category by its name");
	arena_release(&b.a);
}

int
main(void)
{
	knows_a_blog();
	names_pages_by_what_differs();
	gives_a_name_to_what_is_read();
	strips_bare_numbers();
	describes_pages_without_sentences();
	sums_up_a_silent_site();
	return done();
}
