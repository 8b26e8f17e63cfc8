/* Titles, descriptions and the file they make, on sites of a few pages. */
#include "core/arena.h"
#include "core/buf.h"
#include "t/tap.h"
#include "worker/extract/doc.h"
#include "worker/llms/check.h"
#include "worker/llms/describe.h"
#include "worker/llms/introduce.h"
#include "worker/llms/digest.h"
#include "worker/llms/group.h"
#include "worker/llms/site.h"
#include "worker/llms/plain.h"
#include "worker/llms/write.h"

#include <time.h>
#include <unistd.h>

struct bed {
	struct arena a;
	struct site site;
};

static const struct doc silent = {.title = "",
    .raw_title = "",
    .h1 = "",
    .og_title = "",
    .site_name = "",
    .description = "",
    .lang = "",
    .markdown = ""};

static void
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

static void
page(struct bed *b, const char *path, const char *title,
    const char *description, const char *markdown)
{
	struct site_page *p = &b->site.pages[b->site.npages];
	struct doc d = silent;

	d.title = title;
	d.raw_title = title;
	d.description = description;
	d.description_from = *description == '\0' ? DOC_NONE : DOC_META;
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

static const char *
file(struct bed *b)
{
	struct buf out;
	const char *text;

	describe_site(&b->site);
	group_site(&b->site);
	introduce_overview(&b->site);
	buf_init(&out, 1 << 20);
	write_llms(&out, &b->site);
	text = arena_strdup(&b->a, out.data);
	buf_release(&out);
	return text;
}

static int
is_valid(struct bed *b, const char *text)
{
	struct check_report r;
	enum rc rc = check_llms(&b->a, text, strlen(text), &r);

	for (size_t i = 0; i < r.nissues; i++)
		printf("# line %u: %s\n", r.issues[i].line, r.issues[i].what);
	return rc == OK;
}

static void
writes_a_site(void)
{
	struct bed b;
	const char *text;

	start(&b);
	page(&b, "/", "Home | Acme", "Acme makes anvils that do not break.",
	    "# Acme\n\nAnvils have been our trade since 1920, and nobody "
	    "makes them better.\n");
	page(&b, "/shop/anvil", "Anvil | Acme", "The 50 kg anvil.", "");
	page(&b, "/shop/hammer_(small)", "Hammer [small] | Acme", "",
	    "# Hammer\n\n- A list\n\nThe hammer weighs only 300 g and fits "
	    "every hand. It is sold in pairs.\n");
	page(&b, "/shop/tongs", "Tongs | Acme", "",
	    "## Sizes\n\n## Prices\n\n## Care\n");
	page(&b, "/imprint", "Imprint | Acme", "", "");
	text = file(&b);
	is(text,
	    "# Acme\n"
	    "\n"
	    "> Acme makes anvils that do not break.\n"
	    "\n"
	    "Anvils have been our trade since 1920, and nobody makes them "
	    "better.\n"
	    "\n"
	    "## Overview\n"
	    "\n"
	    "- [Acme](https://site.test/): Acme makes anvils that do not "
	    "break.\n"
	    "\n"
	    "## Shop\n"
	    "\n"
	    "- [Anvil](https://site.test/shop/anvil): The 50 kg anvil.\n"
	    "- [Hammer (small)](https://site.test/shop/hammer_%28small%29): "
	    "The hammer weighs only 300 g and fits every hand. It is sold in "
	    "pairs.\n"
	    "- [Tongs](https://site.test/shop/tongs): Covers Sizes, Prices "
	    "and Care.\n"
	    "\n"
	    "## Optional\n"
	    "\n"
	    "- [Imprint](https://site.test/imprint): A page without "
	    "text of its own.\n",
	    "the whole file");
	ok(is_valid(&b, text), "which the checker takes");
	arena_release(&b.a);
}

static void
defuses_hostile_words(void)
{
	struct bed b;
	const char *text;

	start(&b);
	page(&b, "/", "\n# Evil\r\n", "> quote\n## Section\n- [x](y)",
	    "# A\n\n## B\n\n> not a paragraph\n\n```\ncode. code. code\n```\n");
	page(&b, "/a", "](https://evil.test/) [click",
	    "\x1b[31mred\x07 alert "
	    "for everyone",
	    "");
	page(&b, "/b", "Right \xe2\x80\xae to left",
	    "caf\xe9 is not UTF-8 "
	    "but it is read",
	    "");
	page(&b, "/c", "", "", "");
	page(&b, "/d", "# - > *", ": : : : : :", "");
	text = file(&b);
	ok(is_valid(&b, text), "make a valid file");
	ok(strstr(text, "\n## Section") == NULL, "without their headings");
	ok(strstr(text, "](https://evil.test/)") == NULL,
	    "without their links");
	ok(strchr(text, 0x1b) == NULL, "without control characters");
	ok(strstr(text, "\xe2\x80\xae") == NULL, "without turned text");
	arena_release(&b.a);
}

static void
keeps_links_whole(void)
{
	struct bed b;
	const char *text;

	start(&b);
	page(&b, "/", "Acme", "Acme makes anvils.", "");
	page(&b, "/c", "The ` sign", "How \"`\" is called by people.", "");
	page(&b, "/d", "The `make` program", "What it builds and how.", "");
	text = file(&b);
	ok(strstr(text, "[The ' sign](") != NULL,
	    "a lone backtick does not take the link");
	ok(strstr(text, "[The `make` program](") != NULL, "two are code");
	arena_release(&b.a);
}

static void
tells_pages_apart(void)
{
	struct bed b;
	const char *text;

	start(&b);
	page(&b, "/", "Docs", "", "");
	page(&b, "/genindex-A.html", "Index", "", "");
	page(&b, "/genindex-B.html", "Index", "", "");
	page(&b, "/api/open", "Files", "", "");
	page(&b, "/guide/open", "Files", "", "");
	text = file(&b);
	ok(strstr(text, "[Index – A]") != NULL, "by the end of the path");
	ok(strstr(text, "[Files – API]") != NULL, "by its folder");
	arena_release(&b.a);
}

static void
drops_what_every_page_says(void)
{
	struct bed b;
	const char *text;

	start(&b);
	for (unsigned i = 0; i < 5; i++)
		page(&b, arena_printf(&b.a, "/p%u", i),
		    arena_printf(&b.a, "Page %u — Handbook 2.0", i),
		    "The best handbook there is, for everyone who reads it.",
		    arena_printf(&b.a,
			"Chapter %u tells the rest of a long "
			"story in many words.\n",
			i));
	text = file(&b);
	ok(strncmp(text, "# Handbook 2.0\n", 15) == 0,
	    "the end of their titles names the site");
	ok(strstr(text, "- [Page 3](https://site.test/p3): Chapter 3 tells "
			"the rest of a long story in many words.\n") != NULL,
	    "and their own words describe them");
	arena_release(&b.a);
}

static void
cuts_at_words(void)
{
	struct arena a;

	arena_init(&a);
	is(plain_clip(&a, "One two three. Four five six seven.", 20),
	    "One two three.", "a sentence that fits");
	is(plain_clip(&a, "One two three four five", 16), "One two three…",
	    "else whole words");
	is(plain_clip(&a, "Version 3.11 is here. It is e.g. fast. More", 40),
	    "Version 3.11 is here. It is e.g. fast.",
	    "numbers and abbreviations end no sentence");
	is(plain_clip(&a, "これは文です。これも文です。まだ", 15),
	    "これは文です。これも文です。", "Japanese sentences");
	is(plain_sentence(&a, "Is it? Yes."), "Is it?", "a question");
	is(plain_fold(&a, " a\t\xc2\xa0 b\n\xe2\x80\x8b"), "a b",
	    "white space of every kind is one space");
	is(plain_markdown(
	       &a, "See [the *docs*](u \"t\") and `x[1]` ![pic](p)", 45),
	    "See the docs and x[1] pic", "Markdown becomes plain");
	is(plain_human(&a, "getting-started_with-the-api.html", 33),
	    "Getting Started with the API", "a path for people");
	arena_release(&a);
}

/* One page of such text must not hold up the job that reads it. */
static void
takes_no_seconds(void)
{
	static const char *const t[] = {"](", "[a](b", "[![a](b)](", "<a "};
	size_t n = 65536;
	char *md = malloc(n);
	struct arena a;

	arena_init(&a);
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		clock_t t0 = clock();

		for (size_t j = 0; j < n; j++)
			md[j] = t[i][j % strlen(t[i])];
		(void)plain_markdown(&a, md, n);
		ok(clock() - t0 < CLOCKS_PER_SEC / 4,
		    "64 KB of %s become plain at once", t[i]);
	}
	arena_release(&a);
	free(md);
}

static void
writes_the_full_text(void)
{
	struct bed b;
	FILE *texts = tmpfile(), *out = tmpfile();
	char got[1000] = "";

	start(&b);
	page(&b, "/", "Acme", "Acme makes anvils for all of us.", "");
	page(&b, "/a", "Anvil", "", "");
	fputs("# Anvil\n\nHeavy.\n", texts);
	fflush(texts);
	b.site.pages[1].text_at = 0;
	b.site.pages[1].text_len = 16;
	file(&b);
	is_int(write_full(out, fileno(texts), &b.site), OK, "it is written");
	rewind(out);
	(void)!fread(got, 1, sizeof(got) - 1, out);
	is(got,
	    "# Acme\n\n> Acme makes anvils for all of us.\n\n"
	    "2 pages of site.test.\n"
	    "\n# Acme\n\nURL: https://site.test/\n"
	    "\n# Anvil\n\nURL: https://site.test/a\n\n# Anvil\n\nHeavy.\n",
	    "every page with its address and its text");
	fclose(texts);
	fclose(out);
	arena_release(&b.a);
}

/* raw: sets the title as it was written of the last page. */
static void
raw(struct bed *b, const char *title)
{
	b->site.pages[b->site.npages - 1].raw_title = title;
}

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
	snprintf(line, sizeof(line), "%s", b.site.pages[0].line);
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
	strips_bare_numbers();
	describes_pages_without_sentences();
	sums_up_a_silent_site();
	writes_a_site();
	defuses_hostile_words();
	keeps_links_whole();
	tells_pages_apart();
	drops_what_every_page_says();
	cuts_at_words();
	takes_no_seconds();
	writes_the_full_text();
	return done();
}
