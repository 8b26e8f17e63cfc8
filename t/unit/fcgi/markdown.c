/*
 * Markdown by a stranger as HTML of ours: what people meant is there, what
 * could harm them is not, and nothing takes long.
 */
#include "core/arena.h"
#include "core/buf.h"
#include "core/clock.h"
#include "core/mustache.h"
#include "fcgi/markdown.h"
#include "t/tap.h"

#include <string.h>

static struct arena a;

static const char *
html(const char *text)
{
	struct json_object *o = markdown_html(text, strlen(text));
	const char *s = arena_strdup(&a, json_object_get_string(o));

	json_object_put(o);
	return s;
}

static void
renders(void)
{
	is(html("One *two* **three**.\nFour."),
	    "<p>One <em>two</em> <strong>three</strong>.\nFour.</p>\n",
	    "paragraphs and emphasis");
	is(html("# One\n\n###### Six"), "<h2>One</h2>\n<h6>Six</h6>\n",
	    "headings stand one lower: the page has the first");
	is(html("> Said\n\n* * *\n\n- a\n- b"),
	    "<blockquote>\n<p>Said</p>\n</blockquote>\n<hr />\n"
	    "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n",
	    "quotes, rules and lists");
	is(html("a < b & \"c\""), "<p>a &lt; b &amp; &quot;c&quot;</p>\n",
	    "signs are signs");
	is(html(""), "", "nothing is nothing");
}

static void
harms_nobody(void)
{
	is(html("<script>alert(1)</script>"),
	    "<p>&lt;script&gt;alert(1)&lt;/script&gt;\n</p>\n",
	    "a script is text");
	is(html("A <b onclick=x>bold</b> one"),
	    "<p>A &lt;b onclick=x&gt;bold&lt;/b&gt; one</p>\n",
	    "so is a tag in a line");
	is(html("[a](javascript:alert(1)) [b](http://x.example)"),
	    "<p>a b</p>\n", "a link is its words");
	is(html("![a *b*](http://x.example/p.png)"), "<p>a <em>b</em></p>\n",
	    "so is a picture");
	is(html("[![a](x)](y) <http://x.example>"),
	    "<p>a http://x.example</p>\n", "and one in the other");
	is(html("```<img src=x>\nx\n```"),
	    "<pre><code class=\"language-&lt;img\">x\n</code></pre>\n",
	    "a fence's language is escaped");
	is(html("[a]: javascript:x\n\n[a]"), "<p>a</p>\n",
	    "a link by reference is its words, too");
}

static void
titles(void)
{
	const char *rest;

	is(markdown_title(&a, "# A <b>\n\nOne.", &rest), "A <b>", "a title");
	is(rest, "One.", "and what follows");
	ok(markdown_title(&a, "## A\n", &rest) == NULL,
	    "a second level is none");
	is(rest, "## A\n", "and all of it stays");
	ok(markdown_title(&a, "#\nA", &rest) == NULL, "nor an empty one");
}

/* Texts that parsers of Markdown are known to be slow with. */
static void
takes_its_time(void)
{
	static const char *const pieces[] = {"[", "![", "[a](", "*a_ ", "> ",
	    "- ", "1. ", "`", "``` `", "<!--", "<a ", "&", "**a*", "[a]: x\n",
	    "[a](<", "\\", "_a __a ", "- - - a\n", "> > > a\n", "   1. a\n",
	    "<?", "<![CDATA[", "][", "a\n=\n", " \n", "\t"};
	size_t n = MARKDOWN_MAX;
	char *text = arena_alloc(&a, n + 1);
	struct json_object *o;

	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		size_t len = strlen(pieces[i]);
		int64_t began = clock_ms();

		for (size_t at = 0; at < n; at++)
			text[at] = pieces[i][at % len];
		o = markdown_html(text, n);
		json_object_put(o);
		within((double)(clock_ms() - began) / 1000, 2,
		    "256 KB of Markdown of case %zu become HTML", i);
	}
}

/* In a template: as it is; any other text, and its copy, is escaped. */
static void
stands_in_a_page(void)
{
	static const char text[] = "{{x}}|{{y}}";
	struct json_object *m = json_new(&a), *x = markdown_html("*a*", 3);
	struct mustache *t = NULL;
	struct buf out, why;

	json_put(m, "x", x);
	json_put_str(m, "y", json_object_get_string(x));
	buf_init(&out, 1000);
	buf_init(&why, 1000);
	ok(mustache_compile(text, strlen(text), &t, &why) == OK &&
		mustache_render(t, m, NULL, &out, &why) == OK,
	    "a page with both renders");
	is(out.data,
	    "<p><em>a</em></p>\n|&lt;p&gt;&lt;em&gt;a&lt;/em&gt;&lt;/p&gt;\n",
	    "only what the renderer made is written as it is");
	mustache_free(t);
	buf_release(&out);
	buf_release(&why);
}

int
main(void)
{
	arena_init(&a);
	renders();
	harms_nobody();
	titles();
	takes_its_time();
	stands_in_a_page();
	arena_release(&a);
	return done();
}
