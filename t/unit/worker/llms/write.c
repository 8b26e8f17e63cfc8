/* Titles, descriptions and the file they make, on sites of a few pages. */
#include "t/llms_markdown.h"
#include "t/unit/llms_bed.h"
#include "worker/llms/check.h"

#include <time.h>
#include <unistd.h>

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
reads_drawn_headings(void)
{
	struct bed b;

	start(&b);
	page(&b, "/", "Site", "", "");
	page(&b, "/news", "News", "",
	    "Release 3  \n\\~~~~~~~~~  \nIt mends what the second one "
	    "broke.\n");
	ok(strstr(file(&b), "[News](https://site.test/news): It mends what") !=
		NULL,
	    "a heading drawn with marks is no sentence's beginning");
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

/* What a page says is read as words, wherever it stands in the file. */
static void
has_no_links_but_ours(void)
{
	static const char *const words[] = {
	    "[click](javascript:alert(1)) and read all about our anvils",
	    "[click][ref] and read all about our anvils of today",
	    "[ref]: javascript:alert(1)",
	    "![pixel](https://evil.test/p.png) is what we show to you",
	    "The <script>alert(1)</script> element of our pages",
	    "<img src=x onerror=alert(1)> is shown in this document",
	    "<!-- a comment --> is what this page is all about",
	    "</li></ul><h1>Buy</h1> is what this page is about",
	    "<?php echo 1 ?> is how scripts of that kind begin",
	    "<![CDATA[x]]> is how data is written in documents",
	    "<javascript:alert(1)> is an address of its own kind",
	    "<https://evil.test/> is an address of another site",
	    "a ` lone <img src=x> mark of code is in this line",
	    "two `` marks ` of <img src=x> code in this line here",
	    "\\<img src=x> and \\\\<img src=y> with signs before them",
	    "\\[click\\](javascript:x) and \\\\[y\\\\](javascript:y) too",
	    "use `<b>` or vector<T>::size() for a < b and c > d",
	    "`code](javascript:x)` and ](javascript:y) in a line",
	};
	struct bed b;
	const char *text, *wrong;

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		start(&b);
		page(&b, "/", words[i], words[i], words[i]);
		page(&b, "/x", words[i], words[i], words[i]);
		page(&b, "/x/y", words[i], "", words[i]);
		text = file(&b);
		wrong =
		    llms_markdown(text, strlen(text), "https://site.test/", 3);
		ok(wrong == NULL, "%s is words (%s)", words[i],
		    wrong == NULL ? "no more" : wrong);
		if (wrong != NULL)
			printf("# %s\n", text);
		ok(is_valid(&b, text), "in a valid file");
		arena_release(&b.a);
	}
	start(&b);
	page(&b, "/", "Acme", "Acme makes anvils.", "");
	page(&b, "/v", "vector<T>", "The `<b>` tag where a < b holds.", "");
	text = file(&b);
	ok(strstr(text, "[vector\\<T>](") != NULL, "a type keeps its letters");
	ok(strstr(text, "The `<b>` tag where a < b holds.") != NULL,
	    "code and comparisons stay as they are");
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
	ok(strstr(text, "[The \\` sign](") != NULL,
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
	is(text_line_clip(&a, "One two three. Four five six seven.", 20),
	    "One two three.", "a sentence that fits");
	is(text_line_clip(&a, "One two three four five", 16), "One two three…",
	    "else whole words");
	is(text_line_clip(
	       &a, "Version 3.11 is here. It is e.g. fast. More", 40),
	    "Version 3.11 is here. It is e.g. fast.",
	    "numbers and abbreviations end no sentence");
	is(text_line_clip(&a, "これは文です。これも文です。まだ", 15),
	    "これは文です。これも文です。", "Japanese sentences");
	is(text_line_sentence(&a, "Is it? Yes."), "Is it?", "a question");
	is(text_line_fold(&a, " a\t\xc2\xa0 b\n\xe2\x80\x8b"), "a b",
	    "white space of every kind is one space");
	is(text_line_markdown(
	       &a, "See [the *docs*](u \"t\") and `x[1]` ![pic](p)", 45),
	    "See the docs and x[1] pic", "Markdown becomes plain");
	is(text_line_human(&a, "getting-started_with-the-api.html", 33),
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
		(void)text_line_markdown(&a, md, n);
		within((double)(clock() - t0) / CLOCKS_PER_SEC, 0.25,
		    "64 KB of %s become plain text", t[i]);
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
	is_int(
	    write_full(out, fileno(texts), &b.described), OK, "it is written");
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

int
main(void)
{
	writes_a_site();
	reads_drawn_headings();
	defuses_hostile_words();
	has_no_links_but_ours();
	keeps_links_whole();
	tells_pages_apart();
	drops_what_every_page_says();
	cuts_at_words();
	takes_no_seconds();
	writes_the_full_text();
	return done();
}
