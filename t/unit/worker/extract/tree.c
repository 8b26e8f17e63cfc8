/* html: a page says what it says in a browser, however it is written. */
#include "t/tap.h"

#include "core/buf.h"
#include "worker/extract/page_reader.h"
#include "worker/extract/tree.h"

#include <stdbool.h>
#include <string.h>

static struct arena a;

static const struct tree *
parse(const char *html)
{
	struct tree *t = arena_alloc(&a, sizeof(*t));
	struct page_reader_limits limits;
	size_t len = strlen(html);

	page_reader_limits_default(&limits);
	tree_parse(t, &a, arena_strndup(&a, html, len + 1), len, &limits);
	return t;
}

/* outline: what can be read, with the blocks in brackets. */
static const char *
outline(const char *html)
{
	const struct tree *t = parse(html);
	struct buf b;
	uint32_t ends[300];
	unsigned n = 0;
	const char *s;

	buf_init(&b, 100000);
	for (uint32_t i = 1; i <= t->n; i++) {
		for (; n > 0 && (i == t->n || ends[n - 1] <= i); n--)
			buf_addc(&b, ')');
		if (i == t->n)
			break;
		if (t->nodes[i].tag == TAG_TEXT) {
			struct slice v = tree_text(t, i);

			buf_add(&b, v.s, v.len);
		} else if (tag_kind(t->nodes[i].tag) & (T_SKIP | T_HEAD)) {
			i = t->nodes[i].end - 1;
		} else if ((tag_kind(t->nodes[i].tag) & T_BLOCK) &&
			   t->nodes[i].tag != TAG_BODY && n < 300) {
			buf_adds(&b, tag_name(t->nodes[i].tag));
			buf_addc(&b, '(');
			ends[n++] = t->nodes[i].end;
		}
	}
	s = arena_strdup(&a, b.data);
	buf_release(&b);
	return s;
}

/* link_to: the address of the page's first link. */
static const char *
link_to(const char *html)
{
	const struct tree *t = parse(html);
	struct slice v = tree_attr(t, tree_find(t, TAG_A, 1, t->n), ATTR_HREF);

	return arena_strndup(&a, v.s, v.len);
}

static void
drawings(void)
{
	is(outline("<header><svg/></header><p>x"), "header()p(x)",
	    "a closed drawing in a header does not take the page with it");
	is(outline("<div><svg><path></div><p>x"), "div()p(x)",
	    "nor does an open one, which its container ends");
	is(outline("<svg><path><p>x"), "p(x)", "nor one that a block ends");
	is(outline("<math><mi>a</math><p>x"), "ap(x)",
	    "a formula that was left open inside ends as a whole");
	is(outline("<math><mtext><p>x</p></mtext></math>y"), "p(x)y",
	    "a formula may hold a paragraph");
	is(outline("<svg><desc><p>a</p></desc></svg><p>x"), "p(x)",
	    "what a drawing holds is the drawing's");
	is(outline("<svg><title>a</title></svg><p>x"), "p(x)",
	    "a drawing's title is not the page's");
	is(outline("<math><![CDATA[a<b]]></math><![CDATA[no]]><p>x"), "a<bp(x)",
	    "CDATA is text in a formula, and a comment elsewhere");
}

static void
controls(void)
{
	is(outline("<div><button>Menu</div><p>x"), "div(Menu)p(x)",
	    "a button ends with what it stands in");
	is(outline("<button>a<button>b</button><p>x"), "abp(x)",
	    "and with the next one");
	is(outline("<p>a<button><p>b</button>c"), "p(ap(b)c)",
	    "a paragraph in a button is its own");
	is(outline("<select><option>a<input><p>x"), "p(x)",
	    "an input ends a choice that was left open");
	is(outline("<select><option>a<textarea>b</textarea><p>x"), "p(x)",
	    "so does a text area");
	is(outline("<select><option>a<select><p>x"), "p(x)",
	    "and a second choice");
	is(outline("<div><select><option>a</div><p>x"), "div()p(x)",
	    "and the end of what it stands in");
	is(outline("<form><select><option>a</form><p>x"), "form()p(x)",
	    "be it a form");
	is(outline("<form><button>a</form><p>x"), "form(a)p(x)",
	    "which ends a button, too");
	is(outline("<table><tr><td><select><td>x</table>y"),
	    "table(tbody(tr(td()td(x))))y", "and the next cell");
	is(outline("<template><table></template><p>x"), "p(x)",
	    "a template ends what is open in it");
	is(outline("<table><template><tr></template><tr><td>x</table>y"),
	    "table(tbody(tr(td(x))))y", "in a table, too");
	is(outline("<div><template><p></div>a</template>x</div>y"), "div(x)y",
	    "what is in a template ends nothing outside");
}

static void
misnested(void)
{
	is(outline("<b>a<p>b</b>c</p>d"), "ap(bc)d",
	    "bold that is closed in a paragraph ends there");
	is(outline("<p><i>a<p>b</i>c"), "p(a)p(bc)",
	    "a paragraph ends one whose italics are open");
	is(outline("<a href=x>a<div>b</a>c</div>d"), "adiv(bc)d",
	    "a link around a block ends in it");
	is(outline("<table>a<tr><td>b</table>c"), "atable(tbody(tr(td(b))))c",
	    "text that may not stand in a table comes before it");
	is(outline("<table><p>a<tr><td>b"), "p(a)table(tbody(tr(td(b))))",
	    "and so does a paragraph");
	is(outline("<!doctype html><p>a<table><td>b"),
	    "p(a)table(tbody(tr(td(b))))", "a table ends a paragraph");
	is(outline("<p>a<table><td>b"), "p(atable(tbody(tr(td(b)))))",
	    "but on a page without a doctype");
	is(outline("<ul><li>a<li>b<ul><li>c</ul>d</ul>"),
	    "ul(li(a)li(bul(li(c))d))", "items end their like");
	is(outline("<dl><dt>a<dd>b<dt>c</dl>"), "dl(dt(a)dd(b)dt(c))",
	    "so do terms and their meanings");
	is(outline("<h1>a<h2>b</h1>c"), "h1(a)h2(b)c",
	    "any heading's end tag ends a heading");
	is(outline("<h1>a<span>b</h2>c"), "h1(ab)c", "whatever its number");
	is(outline("<p>a</body></html><p>b"), "p(a)p(b)",
	    "what follows the end of the page is of the page");
	is(outline("<form>a<form>b</form>c</form>d"), "form(ab)cd",
	    "forms do not nest");
	is(outline("<x-a><x-b>a</x-a><p>b</x-b>"), "ap(b)",
	    "elements of the page's making end by their own names");
	is(outline("a</p>b"), "ap()b", "an end tag may stand for a paragraph");
	is(outline("<image src=x>a<p>b"), "ap(b)", "<image> is an image");
	is(outline("<frameset><frame><noframes><p>a</noframes></frameset>"),
	    "frameset()", "what frames hide is passed over here");
}

static void
raw(void)
{
	is(outline("<script><!--<script></script>--></script><p>x"), "p(x)",
	    "a script in a script's comment ends by itself");
	is(outline("<script><!--<script>--></script><p>x"), "p(x)",
	    "the comment's end ends it, too");
	is(outline("<script>'<!--'</script><p>x"), "p(x)",
	    "a comment that is left open does not");
	is(outline("<style>a</style foo=\">\"><p>x"), "p(x)",
	    "an end tag may have attributes, with any sign in quotes");
	is(outline("<p>a</p foo='>'>b"), "p(a)b", "of any element");
	is(outline("a<plaintext>b<p>c</plaintext>"),
	    "aplaintext(b<p>c</plaintext>)", "plaintext has no end");
	is(outline("<xmp>a<b></xmp>c"), "xmp(a<b>)c", "xmp is as it stands");
	is(outline("a<!-->b<!--->c<!-- --!>d<!-- > -- >-->e"), "abcde",
	    "comments end where browsers end them");
	is(outline("a<!x>b<?y>c</ z>d</>e"), "abcde", "what is no tag is none");
	is(outline("a</"), "a</", "an end tag that was cut is text");
	is(outline("a<b title=x"), "a", "a start tag that was cut is nothing");
	is(outline("<pre>\n\na</pre>"), "pre(\na)",
	    "the first line feed of preformatted text is none");
	is(outline("a < b <- 3 <3"), "a < b <- 3 <3",
	    "a less-than sign alone is text");
}

static void
references(void)
{
	is(outline("&Gopf; &rightarrow; &NotEqual; &bigstar; &nvgt;"),
	    "\xf0\x9d\x94\xbe \xe2\x86\x92 \xe2\x89\xa0 \xe2\x98\x85 "
	    ">\xe2\x83\x92",
	    "every named sign is known");
	is(outline("&CounterClockwiseContourIntegral;"), "\xe2\x88\xb3",
	    "the longest, too");
	is(outline("<p>&nGt;</p><a href=x>&nLt;</a><p>&amp;&nGt;&nLt;"),
	    "p(\xe2\x89\xab\xe2\x83\x92)\xe2\x89\xaa\xe2\x83\x92"
	    "p(&\xe2\x89\xab\xe2\x83\x92\xe2\x89\xaa\xe2\x83\x92)",
	    "and those that are shorter than their sign");
	is(outline("&notit; &notin; &copyx &COPY &AMP; &fooz; &"),
	    "\xc2\xacit; \xe2\x88\x89 \xc2\xa9x \xc2\xa9 & &fooz; &",
	    "the longest name counts, old ones without their semicolon");
	is(outline("&#128; &#x9F; &#0; &#xD800; &#1114112; &#x1F600; &#65 &#; "
		   "&#x;"),
	    "\xe2\x82\xac \xc5\xb8 \xef\xbf\xbd \xef\xbf\xbd "
	    "\xef\xbf\xbd \xf0\x9f\x98\x80 A &#; &#x;",
	    "numbers stand for what browsers show");
	is(link_to("<a href='?a=1&copy=2&copyx&reg;&lt'>"),
	    "?a=1&copy=2&copyx\xc2\xae<",
	    "in an address &copy= and &copyx are none");
}

/* repeated: s times n, at most a few megabytes. */
static const char *
repeated(const char *s, unsigned n, const char *rest)
{
	struct buf b;
	const char *all;

	buf_init(&b, 8u << 20);
	for (unsigned i = 0; i < n; i++)
		buf_printf(&b, s, i, i);
	buf_adds(&b, rest);
	all = arena_strdup(&a, b.data);
	buf_release(&b);
	return all;
}

/* bounded: the last words are kept, and the tree is not much too large. */
static void
bounded(const char *s, unsigned n, const char *name)
{
	const struct tree *t = parse(repeated(s, n, "</i><p>last words"));
	struct slice v;
	uint32_t i = t->n - 1;

	while (i > 0 && t->nodes[i].tag != TAG_TEXT)
		i--;
	v = tree_text(t, i);
	ok(v.len == 10 && memcmp(v.s, "last words", 10) == 0, "%s", name);
}

static void
hostile(void)
{
	bounded("<div>", 20000, "twenty thousand blocks in one another");
	bounded("<b><i><font size=%u>", 5000, "as many formatting elements");
	bounded("<font size=%u><p>x", 5000, "formatting that is never closed");
	bounded("<table>", 5000, "tables in tables");
	bounded("<table><td><b>", 5000, "tables in cells");
	bounded("<a href=%u><div>", 5000, "links around blocks in links");
	bounded("<b><p></b>", 20000, "blocks that are adopted over and over");
	bounded("<svg><desc>", 5000, "drawings in drawings");
	bounded("<template>", 5000, "templates in templates");
	bounded("<table><b>x", 5000, "text that is moved before tables");
	bounded("<body class=%u><html lang=%u>", 20000, "bodies and bodies");
	bounded("<select><option>", 20000, "choices in choices");
}

int
main(void)
{
	arena_init(&a);
	drawings();
	controls();
	misnested();
	raw();
	references();
	hostile();
	arena_release(&a);
	return done();
}
