/* stream: what a page shows only once its scripts have run is its text. */
#include "t/tap.h"

#include "core/buf.h"
#include "worker/extract/page_reader.h"

#include <string.h>

static struct arena a;

#define LONG                                                                   \
	"The kiln is heated slowly over a night, so that no bowl cracks, and " \
	"it cools for a whole day before anybody opens its door to look."

static const char *
md(const char *html)
{
	struct page_reader_input in = {
	    .url = "https://example.org/docs/page.html",
	    .content_type = "text/html; charset=utf-8",
	    .bytes = html,
	    .len = strlen(html)};
	struct html_page d;

	page_reader_read(&a, &in, NULL, &d);
	return d.markdown;
}

static void
late_parts(void)
{
	is(md("<main><!--$?--><template id=B:0></template><p>Loading...</p>"
	      "<!--/$--></main><div hidden id=S:0><h1>Kilns</h1><p>" LONG
	      "</div><script>$RC=function(b,c){};$RC(\"B:0\",\"S:0\")</"
	      "script>"),
	    "# Kilns\n\n" LONG "\n",
	    "a streamed part stands where it belongs, its stand-in is gone");
	is(md("<main><h1>Kilns</h1><!--$?--><template id=B:0></template>"
	      "<p>Loading one</p><!--/$--><p>Between " LONG
	      "</p><!--$?--><template id=B:1></template><p>Loading "
	      "two</p><!--/$--><p>After " LONG
	      "</p></main><div hidden id=S:1><p>Second " LONG
	      "</div><script>$RC(\"B:1\",\"S:1\")</script>"
	      "<div hidden id=S:0><p>First " LONG
	      "</div><script>$RC(\"B:0\",\"S:0\")</script>"),
	    "# Kilns\n\nFirst " LONG "\n\nBetween " LONG "\n\nSecond " LONG
	    "\n\nAfter " LONG "\n",
	    "several come in any order, and what stands around them stays");
	is(md("<main><h1>Kilns</h1><!--$?--><template id=B:0></template>"
	      "<i>wait</i><!--/$--></main><div hidden id=S:0><p>Outer " LONG
	      "</p><!--$?--><template id=B:1></template><!--$-->Loading"
	      "<!--/$--> more<!--/$--><p>Last " LONG
	      "</div><script>$RC('B:0','S:0')</script><div hidden id=S:3><p>"
	      "Inner " LONG "</div><script>$RC('B:1', 'S:3')</script>"),
	    "# Kilns\n\nOuter " LONG "\n\nInner " LONG "\n\nLast " LONG "\n",
	    "a part inside a part, and numbers that differ");
	is(md("<main><h1>Kilns</h1><p>" LONG
	      "</p><table><thead><tr><th>Cone<th>Heat</thead><tbody><template "
	      "id=P:1></template></tbody></table></main><table hidden><tbody "
	      "id=S:1><tr><td>6<td>1222<tr><td>10<td>1305</tbody></table>"
	      "<script>$RS(\"S:1\",\"P:1\")</script>"),
	    "# Kilns\n\n" LONG
	    "\n\n| Cone | Heat |\n| --- | --- |\n| 6 | 1222 |\n"
	    "| 10 | 1305 |\n",
	    "rows of a table that come late");
	is(md("<main><template id=pl-0-1></template><b>Loading</b>"
	      "<!--pl-0-1--></main><template id=0-1><h1>Kilns</h1><p>" LONG
	      "</template><script>$df(\"0-1\")</script>"),
	    "# Kilns\n\n" LONG "\n", "parts that come in templates");
	is(md("<main><span id=afph0>Loading</span></main><div id=af0 "
	      "style='display:none'><h1>Kilns</h1><p>" LONG
	      "</div><script>$af(0)</script>"),
	    "# Kilns\n\n" LONG "\n", "places that are elements");
	is(md("<main><h1>Kilns</h1><p>" LONG
	      "</main><div hidden id=S:0><p>Second " LONG
	      "</div><script>$RC(\"B:0\",\"S:0\")</script>"),
	    "# Kilns\n\n" LONG "\n", "a part without a place stays hidden");
	is(md("<main><h1>Kilns</h1><p>" LONG
	      "</p><div id=open>Terms</div></main><div id=terms hidden><p>"
	      "Terms " LONG "</div><p>So " LONG
	      "<script>bind(\"open\",\"terms\")</script>"),
	    "# Kilns\n\n" LONG "\n\nTerms\n\nSo " LONG "\n",
	    "scripts that name two ids move nothing by that alone");
}

static void
hidden_at_first(void)
{
	static const char *const bodies[] = {"style='display:none'",
	    "style='visibility: hidden'", "style='opacity:0'", "hidden",
	    "class=js-loading"};
	char html[1000];

	for (size_t k = 0; k < sizeof(bodies) / sizeof(*bodies); k++) {
		snprintf(html, sizeof(html),
		    "<style>.js-loading{display:none}</style><body %s><main>"
		    "<h1>Kilns</h1><p>" LONG
		    "</main><script>document.body.show()</script>",
		    bodies[k]);
		is(md(html), "# Kilns\n\n" LONG "\n",
		    "a body that waits for its style is text");
	}
	is(md("<html style='visibility:hidden'><main><h1>Kilns</h1><p>" LONG),
	    "# Kilns\n\n" LONG "\n", "so is the whole page");
	is(md("<body><p>Please wait<div id=app style='display: none'><main>"
	      "<h1>Kilns</h1><p>" LONG "<p>" LONG
	      "<span hidden>not this</span></main></div>"),
	    "# Kilns\n\n" LONG "\n\n" LONG "\n",
	    "and a page's frame that nothing else is shown beside");
	is(md("<main><h1>Kilns</h1><p>" LONG "<p>" LONG "<p>" LONG
	      "</main><div hidden><p>Cookies " LONG "<p>" LONG "<p>" LONG
	      "<p>" LONG "</div>"),
	    "# Kilns\n\n" LONG "\n\n" LONG "\n\n" LONG "\n",
	    "what is hidden beside text stays so");
}

static void
hostile(void)
{
	struct buf b;

	is(md("<main><h1>Kilns</h1><p>" LONG
	      "</main><div hidden id=S:0><template id=B:1></template>x</div>"
	      "<div hidden id=S:1><template id=B:0></template>y</div>"
	      "<script>$RC('B:0','S:0');$RC('B:1','S:1')</script>"),
	    "# Kilns\n\n" LONG "\n", "parts that wait for one another");
	is(md("<main><h1>Kilns</h1><p>" LONG
	      "</main><div hidden id=S:0><template id=B:0></template>x</div>"
	      "<script>$RC('B:0','S:0')</script>"),
	    "# Kilns\n\n" LONG "\n", "a part that waits for itself");
	buf_init(&b, 1 << 20);
	for (int i = 0; i < 5000; i++)
		buf_printf(&b,
		    "<template id=B:%d></template><div hidden id=S:%d>"
		    "<p>x<template id=B:%d></template></div>",
		    i, i, i + 5000);
	md(b.data);
	buf_clear(&b);
	for (int i = 0; i < 600; i++)
		buf_printf(&b,
		    "<div hidden id=S:%d>x<template id=B:%d></template></div>",
		    i, i + 1);
	buf_adds(&b, "<template id=B:0></template>");
	md(b.data);
	ok(true, "thousands of them, and a deep chain, end");
	buf_release(&b);
}

int
main(void)
{
	arena_init(&a);
	late_parts();
	hidden_at_first();
	hostile();
	arena_release(&a);
	return done();
}
