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
	    "- [Imprint](https://site.test/imprint): Part of "
	    "Acme.\n",
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

int
main(void)
{
	writes_a_site();
	defuses_hostile_words();
	tells_pages_apart();
	drops_what_every_page_says();
	cuts_at_words();
	writes_the_full_text();
	return done();
}
