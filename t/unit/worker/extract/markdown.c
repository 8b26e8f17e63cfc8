/* markdown: what a page says survives, in Markdown that means the same. */
#include "t/tap.h"

#include "worker/extract/page_reader.h"

#include <stdbool.h>
#include <string.h>

static struct arena a;

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
paragraphs(void)
{
	is(md("<p>One\n  two <b>three</b>.<p>Four <em>five</em>"),
	    "One two **three**.\n\nFour *five*\n",
	    "paragraphs, bold and emphasis; white space is one space");
	is(md("<p>a<b> b </b>c<i></i> <strong><b>d</b></strong>"),
	    "a **b** c **d**\n",
	    "marks stand at the words; empty and doubled ones go");
	is(md("<div>a<br>b<br><br>c</div>"), "a  \nb\n\nc\n",
	    "a line break, and a paragraph made of two");
	is(md("<p>x<sup>2</sup> 10<sup>6</sup> <del>old</del> "
	      "<q>said</q>"),
	    "x^2 10^6 ~~old~~ \xe2\x80\x9csaid\xe2\x80\x9d\n",
	    "a million is not 106");
	is(md("<p>Hello<p><hr><p>World<hr>"), "Hello\n\n---\n\nWorld\n\n---\n",
	    "rules between blocks");
	is(md("<b>bold <p>first<p>second</b>"),
	    "**bold**\n\n**first**\n\n**second**\n",
	    "marks do not reach across paragraphs");
	is(md("<p>soft&shy;hy&#8203;phen"), "softhyphen\n",
	    "invisible characters go");
}

static void
headings(void)
{
	is(md("<h1>A</h1><h2>B <code>c</code></h2><h6><b>D</b></h6><p>x"),
	    "# A\n\n## B `c`\n\n###### D\n\nx\n", "headings by level");
	is(md("<h2 id=a>Install<a class=headerlink href=#a>\xc2\xb6</a></h2>"
	      "<p>x"),
	    "## Install\n\nx\n", "Sphinx's pilcrow is no text");
	is(md("<h2><a href=#a>Install</a> <a href=#a>#</a></h2><p>x"),
	    "## Install\n\nx\n", "a heading that leads to itself");
	is(md("<h2>Install<a href='page.html#a'>\xc2\xb6</a></h2><p>x<a "
	      "href='#r'>\xe2\x86\xa9</a>"),
	    "## Install\n\nx\n", "a sign that leads here, or back from a note");
	is(md("<h2></h2><p>x"), "x\n", "an empty heading is none");
}

static void
links(void)
{
	is(md("<p>See <a href='../up/x.html?a=1&amp;b=2#f'>it</a> now, and "
	      "read it twice."),
	    "See [it](https://example.org/up/x.html?a=1&b=2#f) now, and read "
	    "it twice.\n",
	    "links are absolute");
	is(md("<base href=//cdn.example/v1/><p>Go <a href=x>there</a>, the "
	      "place is nice and large."),
	    "Go [there](https://cdn.example/v1/x), the place is nice and "
	    "large.\n",
	    "a base is followed");
	is(md("<p>Press <a href='javascript:go()'>here</a> or "
	      "<a href=#top>top</a> or <a href=page.html#x>self</a>, or "
	      "<a href='mailto:a@b.c'>write</a> to us all."),
	    "Press here or top or self, or [write](mailto:a@b.c) to us all.\n",
	    "scripts and places on this page are no links");
	is(md("<p>A text with one <a href='/a b(c)'>odd one</a> in the "
	      "middle."),
	    "A text with one [odd one](https://example.org/a%20b%28c%29) in "
	    "the middle.\n",
	    "spaces and parentheses cannot end a link early");
	is(md("<p>A note<sup><a href='https://other.example/n#1'>[1]</a></sup>"
	      " at the end of the text."),
	    "A note [1] at the end of the text.\n",
	    "a footnote mark is not a link in brackets");
	is(md("<a href=/x><h3>Card</h3><p>The text of the card says what it "
	      "is about.</p></a>"),
	    "### [Card](https://example.org/x)\n\n"
	    "The text of the card says what it is about.\n",
	    "a link around blocks stays with the first");
	is(md("<p>Now it is new!<a href=/x>Read</a> all that there is."),
	    "Now it is new\\![Read](https://example.org/x) all that there "
	    "is.\n",
	    "a link behind an exclamation mark is no image");
	is(md("<table><tr><td><th>A<tr><th>x<td><a href='/a|b'>y</a></table>"),
	    "|  | A |\n| --- | --- |\n"
	    "| x | [y](https://example.org/a%7Cb) |\n",
	    "a bar in an address does not end the cell");
}

/* What is typed is no mark. */
static void
typed(void)
{
	is(md("<p>~~~<p>* Required<p>* * *"),
	    "\\~\\~\\~\n\n\\* Required\n\n\\* * *\n",
	    "no fence, no bullet, no rule, no strike");
	is(md("<p>One <b>foo</b><b>bar</b> <i>a</i> <i>b</i>"),
	    "One **foobar** *a* *b*\n", "bold goes on in the next element");
	is(md("<pre>one\rtwo\r\nthree</pre>"), "```\none\ntwo\nthree\n```\n",
	    "lines end in CR, too");
	is(md("<ul><li>a</li><ul><li>b</li></ul><li>c</li></ul>"),
	    "- a\n  - b\n- c\n", "a list right in a list is its item's");
	is(md("<table><thead><tr><td>A<td>B<tbody><tr><td>1<td>2</table>"),
	    "| A | B |\n| --- | --- |\n| 1 | 2 |\n",
	    "what stands in <thead> names the columns");
	is(md("<h2>C #</h2><p>One.<h2>C#</h2><p>Two."),
	    "## C \\#\n\nOne.\n\n## C#\n\nTwo.\n",
	    "a heading keeps the sign at its end");
	is(md("<p>One<!--->, two<!-- three -->"), "One, two\n",
	    "the shortest of comments ends");
}

static void
images(void)
{
	is(md("<p>Look: <img src=/i/a.png alt='A red kite'> there."),
	    "Look: A red kite there.\n", "an image is its alt text");
	is(md("<p>Look <img src=a.gif alt=''><img src=b.gif>"
	      "<img src=c.gif alt='IMG_2041.jpg'>there."),
	    "Look there.\n", "one that says nothing is left out");
	is(md("<p>Text <a href=/k><img src=k.gif alt='A kite of red silk'>"
	      "<b>A kite of red silk</b></a> and more of it, in some more "
	      "words. <img src=l.gif alt=Acme>"),
	    "Text [**A kite of red silk**](https://example.org/k) and more of "
	    "it, in some more words.\n",
	    "nor is one that says again what stands beside it, or a name");
	is(md("<figure><img src=a.png alt='Long alt'><figcaption>The caption"
	      "</figcaption></figure><p>x"),
	    "The caption\n\nx\n", "a caption stands for its image");
}

static void
lists(void)
{
	is(md("<ul><li>a<li>b<ol start=3><li>c<li><p>d<p>e</ol><li>f</ul>"),
	    "- a\n- b\n  3. c\n  4. d\n\n     e\n\n- f\n",
	    "nested lists, numbers, paragraphs in items");
	is(md("<ul><li></li><li>a</li></ul>"), "- a\n", "an empty item goes");
	is(md("<ul><li><ul><li>a</ul></ul>"), "- - a\n",
	    "a list that begins with a list");
	is(md("<dl><dt>Term<dd>What it means.<dt><code>x</code><dd>Y</dl>"),
	    "**Term**\n\nWhat it means.\n\n**`x`**\n\nY\n",
	    "terms and what they mean");
	is(md("<dl class=py><dt class='sig sig-object' id=f>f(<em>x</em>)"
	      "<a class=headerlink href=#f>\xc2\xb6</a><dd>Does x.</dl>"),
	    "`f(x)`\n\nDoes x.\n", "Sphinx's signatures are code");
	is(md("<p>Write &amp;amp; for &amp; &amp;x;"),
	    "Write \\&amp; for & \\&x;\n", "what is shown stays what it was");
	is(md("<p>a<blockquote>b</blockquote><blockquote>c</blockquote>d"),
	    "a\n\n> b\n\n> c\n\nd\n", "quotes stand apart");
	is(md("<blockquote>a<blockquote><p>b<ul><li>c</ul></blockquote>"
	      "</blockquote>"),
	    "> a\n>\n> > b\n> >\n> > - c\n", "quotes in quotes");
}

static void
code(void)
{
	is(md("<pre><code class=language-c>int x;\n\n  y();\n</code></pre>"),
	    "```c\nint x;\n\n  y();\n```\n", "code with its language");
	is(md("<div class='highlight-python3 notranslate'><div class=highlight>"
	      "<pre><span class=k>if</span> x:\n    y</pre></div></div>"),
	    "```python\nif x:\n    y\n```\n", "Sphinx's way");
	is(md("<div class='highlight highlight-source-shell'><pre>ls</pre>"
	      "</div>"),
	    "```shell\nls\n```\n", "GitHub's way");
	is(md("<table class=highlighttable><tr><td class=linenos><pre>1\n2"
	      "</pre></td><td class=code><pre class='brush: js;'>a\nb</pre>"
	      "</td></tr></table>"),
	    "```js\na\nb\n```\n", "line numbers are not code");
	is(md("<table><tr><td><pre>1\n2</pre></td><td><pre>a\nb</pre></td></tr>"
	      "</table>"),
	    "```\na\nb\n```\n", "a column of numbers beside code is none");
	is(md("<pre><span class=ln>1</span>a\n<span class=ln>2</span>b <span "
	      "class=ln>x</span></pre>"),
	    "```\na\nb x\n```\n", "nor are numbers at its lines");
	is(md("<pre>a\n```\nb</pre>"), "````\na\n```\nb\n````\n",
	    "a fence in code needs a longer fence");
	is(md("<p>Use <code>a ` b</code> and <tt>\n c  d </tt>!"),
	    "Use ``a ` b`` and `c d` !\n", "code in a line");
	is(md("<ul><li>x<pre>a\n\n b</pre></ul>"),
	    "- x\n\n  ```\n  a\n\n   b\n  ```\n", "code in a list is indented");
	is(md("<pre>a<br>b<div>c</div>d</pre>"), "```\na\nb\nc\nd\n```\n",
	    "lines that are no line feeds");
}

static void
tables(void)
{
	is(md("<table><tr><th>a<th>b|c<tr><td>1<td><p>2</p><p>3</p></table>"),
	    "| a | b\\|c |\n| --- | --- |\n| 1 | 2 3 |\n", "a table of data");
	is(md("<table><tr><td colspan=2>a<tr><td>b<td>c<tr><td>d</table>"),
	    "|  |  |\n| --- | --- |\n| a |  |\n| b | c |\n| d |  |\n",
	    "wide and missing cells");
	is(md("<table><tr><th>a<th>b<tr><td rowspan=2>r<td>1<tr><td>2"
	      "<tr><td>s<td>3</table>"),
	    "| a | b |\n| --- | --- |\n| r | 1 |\n|  | 2 |\n| s | 3 |\n",
	    "a high cell leaves its place below empty");
	is(md("<table><tr><th>a<th>b<tr><td><code>x|y</code><td>z</table>"),
	    "| a | b |\n| --- | --- |\n| `x\\|y` | z |\n",
	    "a bar in code in a cell");
	is(md("<table><tr><td><h2>Left</h2><p>text<td><p>right</table>"),
	    "## Left\n\ntext\n\nright\n", "a table that only lays out");
	is(md("<b><table><tr><th>a<th>b<tr><td><i>c</i><td>d</table>e</b>"),
	    "| a | b |\n| --- | --- |\n| *c* | d |\n\n**e**\n",
	    "marks around a table stay out of it");
}

static void
escapes(void)
{
	is(md("<p># a<p>1. b<p>- c<p>&gt; d<p>+ e<p>2024 f"),
	    "\\# a\n\n1\\. b\n\n\\- c\n\n\\> d\n\n\\+ e\n\n2024 f\n",
	    "a text that looks like a block stays a text");
	is(md("<p>a<br>~~~~<br>=====<br>* b<br>~~~perl"),
	    "a  \n\\~\\~\\~\\~  \n\\=====  \n\\* b  \n"
	    "\\~\\~\\~perl\n",
	    "and so does one of its lines");
	is(md("<p>*args **kw __init__ snake_case 2 * 3 a`b &lt;div&gt; x[1]"),
	    "\\*args \\*\\*kw \\_\\_init\\_\\_ snake_case 2 * 3 a\\`b "
	    "\\<div> x[1]\n",
	    "characters that are marks only where they would be");
	is(md("<p>&lt;/b&gt; &lt;!-- c --&gt; &lt;?php 1 &lt; 2"),
	    "\\</b> \\<!-- c --> \\<?php 1 < 2\n",
	    "what would be HTML is shown");
	is(md("<p>[x](y) and [z][w]"), "[x\\](y) and [z\\][w]\n",
	    "what looks like a link is none");
	is(md("<p>See <a href=/x>list[0]</a> in the text that follows here."),
	    "See [list\\[0\\]](https://example.org/x) in the text that "
	    "follows here.\n",
	    "brackets inside a link");
}

static void
formulas(void)
{
	is(md("<p>Let <span class=katex><span class=katex-mathml><math>"
	      "<semantics><mi>x</mi><annotation encoding='application/x-tex'>"
	      "x^2</annotation></semantics></math></span><span "
	      "class=katex-html "
	      "aria-hidden=true>x2</span></span> be"),
	    "Let $x^2$ be\n", "a formula is there once, as it was typed");
	is(md("<p>Let <math><mi>x</mi><mo>=</mo><mn>2</mn></math> be"),
	    "Let x=2 be\n", "one without TeX is its text");
}

static void
limit(void)
{
	struct page_reader_limits l;
	struct page_reader_input in = {.bytes = "<p>first block<p>second block",
	    .len = 29,
	    .content_type = "text/html"};
	struct html_page d;

	page_reader_limits_default(&l);
	l.text = 20;
	page_reader_read(&a, &in, &l, &d);
	is(d.markdown, "first block\n", "a text too long ends with a block");
	ok(d.flags & HTML_PAGE_TEXT, "and says so");
	is_int((long long)d.markdown_len, 12, "its length is right");
}

int
main(void)
{
	arena_init(&a);
	paragraphs();
	headings();
	links();
	typed();
	images();
	lists();
	code();
	tables();
	escapes();
	formulas();
	limit();
	arena_release(&a);
	return done();
}
