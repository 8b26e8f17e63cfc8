/* extract: what a page is called, says, and where it leads. */
#include "t/tap.h"

#include "worker/extract/page_reader.h"

#include <stdbool.h>
#include <string.h>

static struct arena a;

static struct html_page
page_at(const char *url, const char *html)
{
	struct page_reader_input in = {.url = url,
	    .agent = "platen",
	    .content_type = "text/html; charset=utf-8",
	    .bytes = html,
	    .len = strlen(html)};
	struct html_page d;

	page_reader_read(&a, &in, NULL, &d);
	return d;
}

static struct html_page
page(const char *html)
{
	return page_at("https://www.acme.example/docs/page.html", html);
}

#define TEXT                                                              \
	"<p>The quick brown fox jumps over the lazy dog, which does not " \
	"even lift its head, because it has seen it all before.</p>"

static void
titles(void)
{
	is(page("<title>Kites &mdash; Acme</title>" TEXT).title, "Kites",
	    "a suffix that is the host's name goes");
	is(page("<title>Acme | Kites and more</title>" TEXT).title,
	    "Kites and more", "so does a prefix");
	is(page("<title>Flying kites in winter - The Wind Page</title>" TEXT)
		.title,
	    "Flying kites in winter", "and a short one nobody names");
	is(page("<title>Kites - Strings</title><meta property=og:site_name "
		"content=Strings>" TEXT)
		.title,
	    "Kites", "and what og:site_name says");
	is(page("<title>shelve \xe2\x80\x94 Persistence \xe2\x80\x94 Python "
		"3.11</title><h1>shelve \xe2\x80\x94 Persistence<a "
		"class=headerlink href=#x>\xc2\xb6</a></h1>" TEXT)
		.title,
	    "shelve \xe2\x80\x94 Persistence",
	    "a heading tells what is the page's");
	is(page("<title>Moon - Wikipedia</title><h1>Moon</h1>" TEXT).site_name,
	    "Wikipedia", "what was cut is the site's name");
	is(page("<title>Bread - a short guide</title><h1>Bread - a short "
		"guide</h1>" TEXT)
		.title,
	    "Bread - a short guide", "a heading that is all of it, too");
	is(page("<title>Trade-offs</title>" TEXT).title, "Trade-offs",
	    "a hyphen in a word is no separator");
	is(page_at(
	       "https://acme.example/", "<title>Acme - Kites for all</title>")
		.title,
	    "Acme - Kites for all", "a home page keeps its title");
	is(page_at(NULL, "<title>Kites - Acme</title><h1>Kites</h1>").title,
	    "Kites", "a file without an address has its own");
	is(page("<h1>Only a heading</h1>" TEXT).title, "Only a heading",
	    "without a title the heading is it");
	is(page("<svg><title>icon</title></svg><title>Real</title>").title,
	    "Real", "an icon's title is not the page's");
	is(page("<title>a &amp; b\n  c</title>").raw_title, "a & b c",
	    "the raw title is on one line");
	is(page("").title, "", "an empty page has none");
	is(page("<title>Forms \xe2\x80\x94 Acme docs</title><h1><a href=/>Acme "
		"docs</a></h1><h1>Forms</h1>" TEXT)
		.title,
	    "Forms", "the site's name as a heading names no page");
}

static bool
says(const struct html_page *d, const char *what)
{
	return strstr(d->markdown, what) != NULL;
}

/* What looks like boilerplate by its numbers and is none. */
static void
references(void)
{
	struct html_page d =
	    page("<main><h1>Class Kite</h1>" TEXT
		 "<h2>Methods</h2><table><tr><td><a href=i>int</a>"
		 "<td><a href=#f>fly</a><tr><td><a href=v>void</a>"
		 "<td><a href=#l>land</a></table>" TEXT TEXT TEXT "</main>");

	ok(says(&d, "fly") && says(&d, "land"),
	    "a table of links is data where it has rows and columns");
	d = page(
	    "<body>" TEXT TEXT TEXT "<div class=sidebar>" TEXT
	    "<p>Kites of old were made of silk, and flew.</p></div>" TEXT
	    "<div class=sidebar><a href=a>All</a> <a href=b>News</a></div>");
	ok(says(&d, "made of silk"),
	    "a box of text in the midst of text stays");
	ok(!says(&d, "News"), "one of links goes");
	d = page("<body><div id=menu class=nav><a href=/>Home</a></div><div>"
		 "<h1>Guides</h1><h2>Begin</h2><ul><li><a href=a>A first "
		 "kite</a><li><a href=b>A second kite</a></ul><h2>Go on</h2>"
		 "<ul><li><a href=c>Kites for two</a><li><a href=d>Kites in "
		 "storms and other weather</a></ul></div>");
	ok(says(&d, "A first kite") && says(&d, "Kites in storms"),
	    "a page of lists is its lists");
	ok(!says(&d, "Home"), "without the menu");
	d = page("<body><div class=s><h2>Name</h2><p>kite - flies</p></div>"
		 "<div class=s><h2>Options</h2>" TEXT TEXT TEXT
		 "</div><div class=s><h2>Files</h2><p>/etc/kite</p></div>");
	ok(says(&d, "flies") && says(&d, "/etc/kite"),
	    "short sections stay with the long one");
}

/* What stands around a text whatever its names, and what only looks so. */
/* What may be pressed may be spoken of. */
static void
words_of_buttons(void)
{
	struct html_page d = page(
	    "<main><h1>Mail</h1>" TEXT TEXT
	    "<p>Click <b>Reply</b>.</p><p>Or <span>Show more</span>, then "
	    "<i><b>Buy now</b></i>.</p><h2>Contents</h2>" TEXT
	    "<ul><li>Load more<li>Forward</ul><dl><dt>Key<dd>Quick view</dl>"
	    "<h2>Read more</h2><p><b>Advertisement</b></p>"
	    "<p>Five comments <a href=/r>Copy link</a></p>"
	    "<p>Skip to step 4 on Linux.</p><p>Share this with all...</p>"
	    "<p><span>See more</span> \xc2\xb7 <span>Other</span></p>"
	    "</main>");

	ok(says(&d, "Click **Reply**."), "a button's name in a sentence stays");
	ok(says(&d, "Or Show more, then ***Buy now***."), "in any element");
	ok(says(&d, "## Contents"), "so does a heading of running text");
	ok(says(&d, "- Load more\n- Forward"), "and an item of a list");
	ok(says(&d, "Quick view"), "and what explains a word");
	ok(!says(&d, "Read more") && !says(&d, "Advert") &&
		!says(&d, "Copy link") && !says(&d, "See more"),
	    "what stands alone, or is a link, goes");
	ok(says(&d, "Skip to step 4 on Linux.") && !says(&d, "Share this"),
	    "a whole sentence stays");
}

static void
page_widgets(void)
{
	struct html_page d = page(
	    "<main><p><a href=/>Home</a> &gt; <a href=/d>Docs</a> &gt; "
	    "Kites</p><h1>Kites</h1><ul><li><a href=#a>Silk</a><li>"
	    "<a href=#b>Paper</a><li><a href=#c>Linen</a></ul>" TEXT
	    "<aside class='callout note'>" TEXT
	    "</aside><h2 id=a>Silk</h2>" TEXT
	    "<p><a href=/edit>Edit this page on Forge</a></p>"
	    "<p>Press <b>Edit this page</b> when you find a mistake in it, "
	    "and tell us what it is about.</p></main>");

	ok(!says(&d, "Docs"), "the way to the page is no text");
	ok(!says(&d, "Paper"), "nor are its contents");
	ok(!says(&d, "on Forge"), "nor what one may do with it");
	ok(says(&d, "Press **Edit this page**"), "but a sentence about it is");
	ok(strstr(strstr(d.markdown, "quick") + 5, "quick") != NULL &&
		strstr(strstr(strstr(d.markdown, "quick") + 5, "quick") + 5,
		    "quick") != NULL,
	    "an aside that is a note stays");
	d = page(
	    "<body><main><h1>Kite</h1>" TEXT "<div role=tablist><button "
	    "role=tab aria-controls=care>Care</button></div><div id=care "
	    "role=tabpanel hidden><p>Wash it cold.</p></div><button "
	    "aria-controls=q>Does it fly?</button><div id=q "
	    "style='display: none'>It does.</div><div hidden>Not "
	    "yet.</div><div id=m role=dialog hidden>Log in.</div></main>"
	    "<button aria-controls=c>Cart</button><div id=c class=cart-drawer "
	    "hidden><p>It is empty.</p></div>"
	    "<button aria-controls=m>Menu</button>");
	ok(says(&d, "Wash it cold") && says(&d, "fly?") && says(&d, "It does"),
	    "what a tab or a question opens is text");
	ok(!says(&d, "Not yet") && !says(&d, "Log in") && !says(&d, "empty"),
	    "what else is hidden is none");
	d = page("<body class=x><div class='wy-nav nav-grid nav'><div "
		 "role=navigation><a href=/>Docs</a> Menu</div><main>" TEXT
		 "</main></div>");
	ok(says(&d, "quick") && !says(&d, "Menu"),
	    "a frame around the main element is no menu, whatever its name");
	d = page("<main><h1>Terms</h1><section class=cookies-and-privacy><h2>"
		 "Cookies</h2><p>We set two.</p></section>" TEXT
		 "</main><div class=cookie-bar><p>We use cookies.</p>"
		 "<button>Fine</button></div>");
	ok(says(&d, "We set two") && !says(&d, "We use cookies"),
	    "a section about cookies is no banner");
	d = page("<body><div class=top><h1>Blue Teapot</h1><p>$24.00</p></div>"
		 "<div class=mid><div class=text>" TEXT TEXT "</div></div>"
		 "<div class=cards><a href=/1>Cup one</a> $1<a href=/2>Cup "
		 "two</a> $2<a href=/3>Cup three</a> $3</div>");
	ok(says(&d, "Blue Teapot") && says(&d, "$24.00"),
	    "the heading of a short text and its price belong to it");
	ok(!says(&d, "Cup two"), "cards of other things do not");
	d = page(
	    "<main><h1>Kite</h1>" TEXT "<div id=reviews><div id=comments>"
	    "<h2>Two reviews</h2><p>It flies.</p></div></div><div "
	    "id=comments><p>First!</p></div><div class=signature>Sent from "
	    "a kite.</div><h2>More kites</h2><ul class=related><li><a "
	    "href=/a>Red kite</a><li><a href=/b>Blue kite</a></ul></main>");
	ok(says(&d, "It flies") && !says(&d, "First!"),
	    "reviews stay, comments do not");
	ok(!says(&d, "Sent from"), "nor does what is under every post");
	d = page("<main><div class=product><h1>Blue Teapot</h1><p>$24.00</p>"
		 "<p>A round pot of clay for four cups.</p></div><div "
		 "class=row><h2>You may also "
		 "like</h2><div><h3><a href=/1>Cup one</a></h3>" TEXT
		 "</div><div><h3><a href=/2>Cup two</a></h3>" TEXT
		 "</div></div></main>");
	ok(says(&d, "Blue Teapot") && says(&d, "$24.00") && !says(&d, "Cup") &&
		!says(&d, "also like"),
	    "a small product is not lost among the cards of others");
	d = page("<main><div class=job-header><h1>Baker</h1><ul><li>Leeds, at "
		 "the old market<li>Full time</ul></div>" TEXT "<h2 class="
		 "anchorWithStickyNavbar_LWe7>Hours</h2>" TEXT "</main>");
	ok(says(&d, "Full time") && says(&d, "## Hours"),
	    "a header with the page's heading stays, and so does a heading "
	    "that is named after a bar");
	d = page(
	    "<body><div class=top><h1><a href=/q/11>Why do kites fly?</a>"
	    "</h1></div><div class=q><div class=v>4812</div><div class=b>" TEXT
	    "</div></div><article><header><ul><li><time>Jan 21</time>"
	    "<li>#2</ul></header>" TEXT "</article>");
	ok(says(&d, "Why do kites fly?") && !says(&d, "Jan 21"),
	    "a question's heading is its own link; a post's date is no text");
	d = page("<main><h1>Kite</h1>" TEXT "<h2>More kites</h2><ul "
		 "class=related><li><a href=/a>Red kite</a><li><a href=/b>Blue "
		 "kite</a></ul></main>");
	ok(!says(&d, "More kites"),
	    "a heading goes with all that stood under it");
}

static void
descriptions(void)
{
	struct html_page d;

	d = page("<meta name=description content='What it is all about.'>"
		 "<meta property=og:description content='Another one here.'>");
	is(d.description, "What it is all about.", "the meta comes first");
	is_int(d.description_from, DESCRIPTION_META, "and is named");
	d = page("<title>Kites for everybody</title><meta name=description "
		 "content='Kites for everybody'><meta property="
		 "'x og:description' content='We make kites by hand.'>");
	is(d.description, "We make kites by hand.",
	    "one that repeats the title is none");
	is_int(d.description_from, DESCRIPTION_OG, "the next is Open Graph's");
	d = page("<script type=application/ld+json>{\"@graph\":[{\"@type\":"
		 "\"WebSite\",\"name\":\"Kiteland\"},{\"@type\":[\"NewsArticle"
		 "\"],\"description\":\"Wind &amp; weather of the week.\","
		 "\"datePublished\":\"2024-05-01T10:00:00+02:00\","
		 "\"inLanguage\":\"pt_br\"}]}</script>");
	is(d.description, "Wind & weather of the week.", "then JSON-LD");
	is_int(d.description_from, DESCRIPTION_JSONLD, "which is named, too");
	is(d.site_name, "Kiteland", "JSON-LD names the site");
	is(d.published, "2024-05-01T10:00:00+02:00", "and the date");
	is(d.lang, "pt-BR", "and the language");
	d = page("<script type=application/ld+json>{\"@type\":\"Product\","
		 "\"description\":\"<p>A <b>big</b>ger kite.</p><p>It flies."
		 "</p>\"}</script>");
	is(d.description, "A bigger kite. It flies.",
	    "tags in JSON-LD are no words");
	d = page("<meta name=description content='The &lt;b&gt; element.'>");
	is(d.description, "The <b> element.", "a tag that is named stays");
	d = page("<title>Solar</title><h1>Solar for renters</h1><div>Hang it "
		 "on the balcony. Plug it in.</div><p>Pay less.</p><p>Anybody "
		 "can carry it up the stairs.</p>");
	is(d.description,
	    "Hang it on the balcony. Plug it in. Pay less. Anybody can carry "
	    "it up the stairs.",
	    "short sentences are a description together");
	d = page("<p>Home</p><p>Posted on Monday</p>" TEXT);
	is(d.description,
	    "The quick brown fox jumps over the lazy dog, which does not "
	    "even lift its head, because it has seen it all before.",
	    "else the first real sentence");
	is_int(d.description_from, DESCRIPTION_SENTENCE, "which is named");
	d = page("<script type='application/ld+json'>{broken" TEXT "</script>");
	is(d.description, "", "broken JSON-LD breaks nothing");
}

static void
metadata(void)
{
	struct html_page d;

	d = page("<html lang=EN_us><head><base href=/v2/>"
		 "<link rel=canonical href=kites>"
		 "<link rel='next prefetch' href='?p=2'>"
		 "<link rel=alternate hreflang=de-AT href=//at.example/k>"
		 "<link rel=alternate type=application/rss+xml href=/feed>"
		 "<meta name=generator content='Hugo 0.111'>"
		 "<meta http-equiv=Refresh content='5; URL=\"new.html\"'>"
		 "<meta name=date content='Wed, 01 May 2024 10:00:00 GMT'>"
		 "<body><p>Updated <time datetime='2024-06-02' "
		 "itemprop=dateModified>June</time>");
	is(d.lang, "en-US", "the language in its usual case");
	is(d.canonical, "https://www.acme.example/v2/kites",
	    "canonical against the base");
	is(d.next, "https://www.acme.example/v2/?p=2", "rel=next");
	is_int((long long)d.nalternates, 1, "a feed is no translation");
	is(d.alternates[0].lang, "de-at", "hreflang");
	is(d.alternates[0].url, "https://at.example/k", "and where it is");
	is(d.generator, "Hugo 0.111", "generator");
	is(d.refresh, "https://www.acme.example/v2/new.html", "meta refresh");
	is_int(d.refresh_after, 5, "and its delay");
	is(d.published, "2024-05-01T10:00:00Z", "a date in words");
	is(d.modified, "2024-06-02", "microdata in the text");
	ok(!d.noindex && !d.nofollow, "nothing forbids anything");
	d = page("<title>x</title><p>Mine<link rel=canonical href=/theirs>");
	is(d.canonical, "", "a canonical in the text is none");
	d = page("<title>x</title><script></script><link rel=canonical "
		 "href=/x><p>Mine");
	is(d.canonical, "https://www.acme.example/x",
	    "one before it is, though no head is written");
	d = page("<meta name=date content=2024-02-31>");
	is(d.published, "", "no such day, no date");
	d = page("<meta name=date content=2024-02-29>");
	is(d.published, "2024-02-29", "in a leap year there is one more");
}

static void
robots(void)
{
	bool noindex = false, nofollow = false;
	struct html_page d;

	d = page("<meta name=ROBOTS content='NOINDEX, follow'>");
	ok(d.noindex && !d.nofollow, "noindex in a meta");
	d = page("<meta name=Platen content=none>");
	ok(d.noindex && d.nofollow, "none, for us by name");
	d = page("<p>x<template><meta name=robots content=none></template>");
	ok(!d.noindex, "a template's meta is nobody's");
	d = page("<meta name=googlebot content=noindex>");
	ok(!d.noindex, "another robot's meta is not ours");
	page_reader_robots(
	    "googlebot: noindex, nofollow", "platen", &noindex, &nofollow);
	ok(!noindex && !nofollow, "another robot's header is not ours");
	page_reader_robots("googlebot: noarchive, platen: nofollow", "platen",
	    &noindex, &nofollow);
	ok(!noindex && nofollow, "ours is, behind another's");
	page_reader_robots(
	    "unavailable_after: 25 Jun 2030 15:00:00 PST, noindex", "platen",
	    &noindex, &nofollow);
	ok(noindex, "a rule with a colon is no robot's name");
	noindex = nofollow = false;
	page_reader_robots("max-image-preview: none, otherbot:noindex",
	    "platen", &noindex, &nofollow);
	ok(!noindex && !nofollow, "its value is no rule, nor another robot's");
	page_reader_robots("max-snippet: 20, nofollow, platen:noindex",
	    "platen", &noindex, &nofollow);
	ok(noindex && nofollow, "names need no space behind them");
}

static const struct html_link *
link_to(const struct html_page *d, const char *url)
{
	for (size_t i = 0; i < d->nlinks; i++)
		if (strcmp(d->links[i].url, url) == 0)
			return &d->links[i];
	return NULL;
}

static void
links(void)
{
	const struct html_link *l;
	struct html_page d;

	d = page("<nav><a href=/a>A</a><a href=/b>B menu</a></nav>"
		 "<main>" TEXT "<p>Read <a href='/b#part'>about B</a> and "
		 "<a rel='nofollow ugc' href='c?x=1'><img alt='See C'></a> "
		 "<a href='mailto:x@y.z'>mail</a> <a href='#top'>up</a>"
		 "</main><div class=sidebar><a href=//other.example>O</a>"
		 "</div><footer><a href=/b>B again</a></footer>");
	is_int((long long)d.nlinks, 4, "each page once; no mail, no places");
	l = link_to(&d, "https://www.acme.example/a");
	ok(l != NULL && l->in_nav, "a link of the menu");
	l = link_to(&d, "https://www.acme.example/b");
	ok(l != NULL && !l->in_nav, "one in menu and text counts as text");
	is(l->text, "about B", "with the words of the text");
	l = link_to(&d, "https://www.acme.example/docs/c?x=1");
	ok(l != NULL && l->nofollow, "nofollow");
	is(l->text, "See C", "an image's alt text is its words");
	l = link_to(&d, "https://other.example/");
	ok(l != NULL && l->in_nav, "a sidebar by its name");
	d = page(
	    "<main>" TEXT "<p><a href='ht\ntp://acme.exa\r\nmple/a\tb'>A</a>"
	    " <a href='http://\n/c'>C</a> <a href='http://\n'>D</a></main>");
	ok(link_to(&d, "http://acme.example/ab") != NULL &&
		link_to(&d, "http://c/") != NULL,
	    "an address may be broken over lines anywhere");
	is_int((long long)d.nlinks, 2, "but one that is all breaks is none");
}

static void
kinds(void)
{
	static const char pdf[] = "%PDF-1.7 ...";
	struct page_reader_input in = {.bytes = pdf, .len = sizeof(pdf) - 1};
	struct html_page d;

	in.content_type = "text/html";
	page_reader_read(&a, &in, NULL, &d);
	ok(!d.is_html, "a PDF is no page, whatever the server says");
	in.bytes = "<!-- x --><!DOCTYPE html><p>x";
	in.len = 29;
	in.content_type = NULL;
	page_reader_read(&a, &in, NULL, &d);
	ok(d.is_html, "a page without a type is recognized");
	in.content_type = "text/plain";
	page_reader_read(&a, &in, NULL, &d);
	ok(!d.is_html, "plain text that shows HTML is no page");
	in.bytes = "<?xml version='1.0'?><rss></rss>";
	in.len = 32;
	in.content_type = "text/html";
	page_reader_read(&a, &in, NULL, &d);
	ok(!d.is_html, "a feed is no page");
	in.bytes = "just words";
	in.len = 10;
	page_reader_read(&a, &in, NULL, &d);
	ok(d.is_html, "HTML without a tag is a page");
	is(d.markdown, "just words\n", "with its words");
}

/* repeat: n times s. */
static char *
repeat(const char *s, size_t n, size_t *len)
{
	size_t one = strlen(s);
	char *p = arena_alloc(&a, one * n + 1);

	for (size_t i = 0; i < n; i++)
		memcpy(p + i * one, s, one);
	*len = one * n;
	return p;
}

static struct html_page
flood(const char *s, size_t n)
{
	struct page_reader_input in = {.content_type = "text/html"};
	struct html_page d;

	in.bytes = repeat(s, n, &in.len);
	page_reader_read(&a, &in, NULL, &d);
	return d;
}

static void
limits(void)
{
	struct html_page d;

	d = flood("<div>x", 100000);
	ok(d.flags & HTML_PAGE_DEEP,
	    "a hundred thousand nested divs are flattened");
	ok(d.words > 250, "and read");
	d = flood("<p>", 3000000);
	ok(d.flags & HTML_PAGE_NODES,
	    "three million paragraphs end at the limit");
	d = flood("<a b=c ", 100000);
	ok(d.flags & HTML_PAGE_ATTRS,
	    "a tag with a hundred thousand attributes");
	d = flood("<figure><img alt='a b'>", 60000);
	ok(d.is_html, "nested figures cost no more than others");
	d = flood("<table><tr><td>x", 60000);
	ok(d.is_html, "nor do nested tables");
	d = flood("&aaaaaaaaaaaaaaaaaaaaaaa", 300000);
	ok(d.is_html, "nor do references that are none");
	d = flood("<a href=x><b><p>", 60000);
	ok(d.is_html, "nor does bad nesting");
	d = flood("<i>x<script>secret</script>", 300);
	ok(!says(&d, "secret"), "a script too deep to keep is no text");
	arena_reset(&a);
}

int
main(void)
{
	arena_init(&a);
	titles();
	references();
	words_of_buttons();
	page_widgets();
	descriptions();
	metadata();
	robots();
	links();
	kinds();
	limits();
	arena_release(&a);
	return done();
}
