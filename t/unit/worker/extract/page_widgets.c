/* page_widgets: text that only looks like a menu or a button stays. */
#include "t/tap.h"

#include "worker/extract/page_reader.h"

#include <string.h>

static struct arena a;

#define TEXT                                                              \
	"<p>The quick brown fox jumps over the lazy dog, which does not " \
	"even lift its head, because it has seen it all before.</p>"

static const char *
text(const char *html)
{
	struct page_reader_input in = {
	    .url = "https://www.acme.example/docs/page.html",
	    .agent = "platen",
	    .content_type = "text/html; charset=utf-8",
	    .bytes = html,
	    .len = strlen(html)};
	struct html_page d;

	page_reader_read(&a, &in, NULL, &d);
	return d.markdown;
}

static void
keeps_text_beside_links(void)
{
	static const char *const kept[] = {
	    "<h3>Related articles</h3><ul><li><a href=/a>One</a><li>"
	    "<a href=/b>Two</a></ul><p>KEPT is what the line of a kite may "
	    "be made of: cotton, nylon, or steel wire in older times.</p>",
	    "<h2>Related topics</h2><p>The theory of KEPT is related to <a "
	    "href=/x>aerodynamics</a> and <a href=/y>mechanics</a>, which "
	    "study the forces on bodies that move in the air.</p>",
	    "<section><h2>More from our workshop</h2><p>KEPT is what we "
	    "make with <a href=/x>lathes</a> and <a href=/y>saws</a>, as "
	    "our fathers did in the same house.</p></section>",
	    "<p>Phone: <a href='tel:123'>123</a> | KEPT: <a "
	    "href='mailto:a@b.c'>a@b.c</a></p>",
	    "<p>KEPT: <a href=/1.pdf>PDF</a> / <a href=/2.epub>EPUB</a></p>",
	    "<h3>Share on KEPT</h3><p>It is shared on startup, which may "
	    "take some seconds on old machines.</p>",
	    "<div class='row no-gutters'>KEPT 500</div>"};
	const char *md;

	for (size_t i = 0; i < sizeof(kept) / sizeof(*kept); i++) {
		md = text(arena_printf(&a,
		    "<main><h1>Kites</h1>" TEXT "%s" TEXT "</main>", kept[i]));
		ok(strstr(md, "KEPT") != NULL, "kept: %s", kept[i]);
	}
	md = text("<main><h1>Kites</h1>" TEXT
		  "<p>You are here: <a href=/>GONE</a> &gt; <a href=/k>K</a>"
		  " &gt; Lines</p><div><h3>You may also like</h3><div><a "
		  "href=/1>GONE</a><p>A teaser says what stands there, as "
		  "all teasers do.</p></div><div><a href=/2>Two</a><p>Here "
		  "too, a teaser says what stands there.</p></div></div>"
		  "</main>");
	ok(strstr(md, "GONE") == NULL, "but not ways and cards");
}

int
main(void)
{
	arena_init(&a);
	keeps_text_beside_links();
	arena_release(&a);
	return done();
}
