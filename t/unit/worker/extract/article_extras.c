/* story: a dated article is its text, without what stands around and in it. */
#include "t/tap.h"

#include "worker/extract/page_reader.h"

#include <string.h>

static struct arena a;

#define ONE                                                                 \
	"The small harbour town voted on Sunday to keep its ferry through " \
	"the "                                                              \
	"winter, after a campaign that split families and filled the town " \
	"hall on three evenings in a row, the clerk said."
#define TWO                                                                   \
	"Opponents had asked what the money would be taken from. The indoor " \
	"pool, which needs a roof, is likely to close first, the mayor said " \
	"in an interview that was printed before the vote."
#define THREE                                                                \
	"The ferry, built in 1987, will be inspected in May. If its hull "   \
	"does "                                                              \
	"not pass, the town will have to vote again, and this time about a " \
	"loan that it would have to pay back within ten years."
#define DATED                                      \
	"<meta property='article:published_time' " \
	"content='2019-06-03T10:00:00Z'>"

static const char *
md(const char *head, const char *before, const char *between, const char *after)
{
	char *html = arena_printf(&a,
	    "<html lang=en><title>Ferry - The Paper</title>%s<main><article>"
	    "<h1>Ferry</h1>%s<p>" ONE "</p><p>" TWO "</p>%s<p>" THREE
	    "</p><p>" ONE "</p>%s</article></main></html>",
	    head, before, between, after);
	struct page_reader_input in = {
	    .url = "https://paper.example/local/ferry",
	    .content_type = "text/html; charset=utf-8",
	    .bytes = html,
	    .len = strlen(html)};
	struct html_page d;

	page_reader_read(&a, &in, NULL, &d);
	return d.markdown;
}

#define ALL "# Ferry\n\n" ONE "\n\n" TWO "\n\n" THREE "\n\n" ONE "\n"

static void
cuts(void)
{
	static const struct {
		const char *before, *between, *after, *name;
	} pages[] = {
	    {"",
		"<p><b>Read more: </b><a href=/l/1>Mayor resigns over a "
		"bridge</a></p>",
		"", "a link to another story between paragraphs"},
	    {"", "<p><a href=/l/1>Mayor resigns over a bridge</a></p>", "",
		"one without a word"},
	    {"", "",
		"<section><h2>More on this</h2><ul><li><a href=/1>Five "
		"soups</a></li><li><a href=/2>A storm</a></li></ul>"
		"</section>",
		"a list of related stories, with its heading"},
	    {"",
		"<div class=c><div><a href=/1><img src=1.jpg alt=''></a><h4><a "
		"href=/1>Five soups for a cold week</a></h4><p>All of them "
		"take less than an hour, and one needs no stove at all.</p>"
		"</div><div><a href=/2><img src=2.jpg alt=''></a><h4><a "
		"href=/2>Storm closes the pass</a></h4><p>Forecasters expect "
		"gusts of a hundred kilometres an hour there.</p></div></div>",
		"", "teasers with their words"},
	    {"",
		"<figure><a href=/3><img src=3.jpg alt=''><figcaption>The last "
		"cinema with one screen</figcaption></a></figure>",
		"", "the caption of another story"},
	    {"",
		"<div><h3>The morning letter</h3><p>What the valley talks "
		"about, in your inbox at six, written by our night desk.</p>"
		"<form><input type=email><button>Get it</button></form></div>",
		"", "a box that asks for an address"},
	    {"<div class=w>By <a href=/s/1>Anna Holm</a> <time>June 3</time> "
	     "4 min read</div>",
		"", "<div>Tags: <a href=/t/1>harbour</a></div>",
		"lines about the story"},
	    {"", "",
		"<section><h2>3 thoughts</h2><ol><li><b>Tom</b> <time>June 4"
		"</time><p>I was there, and it was nothing like that, there "
		"were forty people at most in the hall.</p></li><li><b>Ann</b> "
		"<time>June 5</time><p>Thank you for this, nobody else writes "
		"about it, and we who live here want to know.</p></li></ol>"
		"</section>",
		"what readers wrote"},
	    {"", "",
		"<div class=x><h3>Comments 2</h3><div><div>Tom, 1 hour ago"
		"</div><div>They should have done this years ago, and all of "
		"us know it.</div><div><a href=#r>Reply</a></div></div><div>"
		"<div>Ann, now</div><div>And who is going to pay for it? You "
		"and me, as it always was.</div><div><a href=#r>Reply</a>"
		"</div></div></div>",
		"without a date"},
	};

	for (size_t k = 0; k < sizeof(pages) / sizeof(*pages); k++)
		is(md(DATED, pages[k].before, pages[k].between, pages[k].after),
		    ALL, pages[k].name);
}

static void
keeps(void)
{
	const char *s;

	s = md(DATED, "",
	    "<p>These are the papers that it asked for:</p><ul><li><a "
	    "href=/1>The report of the county</a></li><li><a href=/2>The "
	    "count of passengers</a></li></ul>",
	    "");
	ok(strstr(s, "The report of the county") != NULL,
	    "a list that a sentence announces is text");
	s = md(DATED, "<p>Residents turned out in numbers to save it.</p>", "",
	    "");
	ok(strstr(s, "Residents turned out") != NULL, "so is a first line");
	s = md(DATED, "",
	    "<figure><img src=1.jpg alt=''><figcaption>The ferry in 1987"
	    "</figcaption></figure>",
	    "<p>Reporting by Tilda Vang; editing by Rosa Hill.</p>");
	ok(strstr(s, "The ferry in 1987") != NULL, "and its own caption");
	ok(strstr(s, "Reporting by") != NULL, "and a last line");
	s = md("", "",
	    "<p><a href=/l/1>How to install the ferry</a></p><ul><li><a "
	    "href=/1>The report</a></li><li><a href=/2>The count</a></li></ul>",
	    "");
	ok(strstr(s, "How to install") != NULL &&
		strstr(s, "The report") != NULL,
	    "a page that is no dated story keeps its links");
}

int
main(void)
{
	arena_init(&a);
	cuts();
	keeps();
	arena_release(&a);
	return done();
}
