/* lines: code whose lines are elements is one block of code. */
#include "t/cpu.h"
#include "t/tap.h"

#include "core/buf.h"
#include "worker/extract/page_reader.h"

#include <string.h>

static struct arena a;

#define AROUND                                                             \
	"<p>The press was made by a printer in Mainz, who ran it for ten " \
	"years, and sold it when he was old.</p>"

/* says: the page with body says want, and nothing else of it. */
static void
says(const char *body, const char *want, const char *name)
{
	static const char around[] =
	    "The press was made by a printer in Mainz, who ran it for ten "
	    "years, and sold it when he was old.\n";
	char *html = arena_printf(&a,
	    "<html lang=en><title>Press</title><main><h1>Press</h1>" AROUND
	    "%s" AROUND "</main></html>",
	    body);
	struct page_reader_input in = {
	    .url = "https://example.org/docs/page.html",
	    .content_type = "text/html; charset=utf-8",
	    .bytes = html,
	    .len = strlen(html)};
	struct html_page d;

	page_reader_read(&a, &in, NULL, &d);
	is(d.markdown,
	    arena_printf(&a, "# Press\n\n%s\n%s\n%s", around, want, around),
	    name);
}

#define CODE "```\nint main()\n{\n  return 0;\n}\n```\n"

/* Tables of lines whose numbers a style sheet writes, and other lines. */
static void
unnumbered(void)
{
	says("<table><tr><td class=n><span></span></td><td class=c><code><b>int"
	     "</b> main()\n</code></td></tr><tr><td class=n><span></span></td>"
	     "<td class=c><code>{\n</code></td></tr><tr><td class=n><span>"
	     "</span></td><td class=c><code>  return 0;\n</code></td></tr><tr>"
	     "<td class=n><span></span></td><td class=c><code>}\n</code></td>"
	     "</tr></table>",
	    CODE, "rows with an empty cell first, each with its line feed");
	says(
	    "<pre><code style='display:grid'><span><b>int</b> main()</span>"
	    "<span>{</span><span>  return 0;</span><span>}</span></code></pre>",
	    CODE, "lines that a style stacks");
	says("<pre><code><span data-line><b>int</b> main()</span><span "
	     "data-line>{</span><span data-line>  return 0;</span><span "
	     "data-line>}</span></code></pre>",
	    CODE, "lines that say so in another way");
	says("<table><tr><td></td><td>Ink for the press</td></tr><tr><td></td>"
	     "<td>Paper of rags</td></tr></table>",
	    "|  |  |\n| --- | --- |\n|  | Ink for the press |\n|  | Paper of "
	    "rags |\n",
	    "a table of words stays one");
}

static void
elements(void)
{
	says("<div class=fragment><div class=line><a id=l1></a><span "
	     "class=lineno>    1</span> <b>int</b> main()</div>\n<div "
	     "class=line><span class=lineno>    2</span> {</div>\n<div "
	     "class=line><span class=lineno>    3</span>   <b>return</b> 0;"
	     "</div>\n<div class=line><span class=lineno>    4</span> }</div>"
	     "\n</div>",
	    CODE, "Doxygen's lines, with numbers");
	says("<div class=fragment><div class=line><b>int</b> main()</div>\n"
	     "<div class=line>{</div>\n<div class=line>  <b>return</b> 0;"
	     "</div>\n<div class=line>}</div>\n</div>",
	    CODE, "and without");
	says("<div class=fragment><div class=line><b>int</b> main()</div><div "
	     "class=foldopen><div class=line>{</div><div class=line>  "
	     "<b>return</b> 0;</div><div class=line>}</div></div><div "
	     "class=ttc><div class=ttname>main</div><div class=ttdeci>int "
	     "main()</div></div></div>",
	    CODE, "with folds, and what a pointer shows");
	says("<table><tr><th>Example:</th><th>Output:</th></tr><tr><td><div "
	     "class=fragment><div class=line>a = 1;</div><div class=line>b = "
	     "2;</div><div class=line>c = 3;</div><div class=line>d = 4;"
	     "</div><div class=line>e = 5;</div><div class=line>f = 6;</div>"
	     "</div></td><td><pre>21</pre></td></tr></table>",
	    "Example:\n\nOutput:\n\n```\na = 1;\nb = 2;\nc = 3;\nd = 4;\n"
	    "e = 5;\nf = 6;\n```\n\n```\n21\n```\n",
	    "an example beside its output is no table");
	says("<div class=fragment><div class=line>make <b>all</b></div></div>",
	    "```\nmake all\n```\n", "one line");
	says("<div class=x1><div class=q>int main()</div><div class=q>{</div>"
	     "<div class=q>&nbsp;&nbsp;<b>return</b>&nbsp;0;</div><div "
	     "class=q>}</div></div>",
	    CODE, "an editor's lines, known by their shape");
	says("<div style='font-family: monospace'><div>int main()</div>"
	     "<div>{</div><div>&nbsp; return 0;</div><div>}</div></div>",
	    CODE, "or by their letters");
	says("<div class=CodeMirror-code><div><div class=CodeMirror-linenumber>"
	     "1</div><pre class='CodeMirror-line'><span>int main()</span></pre>"
	     "</div><div><div class=CodeMirror-linenumber>2</div><pre "
	     "class='CodeMirror-line'>{</pre></div><div><div "
	     "class=CodeMirror-linenumber>3</div><pre class='CodeMirror-line'>"
	     "  return 0;</pre></div><div><div class=CodeMirror-linenumber>4"
	     "</div><pre class='CodeMirror-line'>}</pre></div></div>",
	    CODE, "lines that are blocks of code themselves");
	says("<ol class=linenums><li class=L0><span>int</span> main()</li><li "
	     "class=L1>{</li><li class=L2>  return 0;</li><li class=L3>}</li>"
	     "</ol>",
	    CODE, "a numbered list of lines");
	says("<pre><ol class=linenums><li class=L0><span>int</span> main()</li>"
	     "<li class=L1>{</li><li class=L2>  return 0;</li><li>}</li></ol>"
	     "</pre>",
	    CODE, "and in a block of code");
	says("<pre><code><span class=line>int main()</span><span class=line>{"
	     "</span><span class=line>  return 0;</span><span class=line>}"
	     "</span></code></pre>",
	    CODE, "lines that a style sheet parts");
	says("<pre><code><span class=line>int main()</span>\n<span "
	     "class=line>{</span>\n<span class=line>  return 0;</span>\n<span "
	     "class=line>}</span></code></pre>",
	    CODE, "are not parted twice");
	says("<pre><code><span style='display:block'>int main()</span><span "
	     "style='display:block'>{</span><span style='display:block'>  "
	     "return 0;</span><span style='display:block'>}</span></code>"
	     "</pre>",
	    CODE, "lines by their own style");
}

static void
numbers(void)
{
	says("<table class=highlight><tr><td id=L1 class=blob-num "
	     "data-line-number=1></td><td id=LC1 class='blob-code'>int main()"
	     "</td></tr>\n<tr><td id=L2 class=blob-num></td><td "
	     "class=blob-code>{</td></tr>\n<tr><td class=blob-num></td><td "
	     "class=blob-code>  <span>return</span> 0;</td></tr><tr><td "
	     "class=blob-num></td><td class=blob-code>}</td></tr></table>",
	    CODE, "a table with a row for each line");
	says("<table class=code><thead><tr><th class=lineno>Line</th><th> </th>"
	     "</tr></thead><tbody><tr><th id=L1><a href=#L1>1</a></th><td>int "
	     "main()</td></tr><tr><th id=L2><a href=#L2>2</a></th><td>{</td>"
	     "</tr><tr><th><a href=#L3>3</a></th><td>  return 0;</td></tr><tr>"
	     "<th><a href=#L4>4</a></th><td>}</td></tr></tbody></table>",
	    CODE, "with its numbers");
	says("<table><tr><td class=linenos><div><pre>1\n2\n3\n4</pre></div>"
	     "</td><td class=code><div><pre>int main()\n{\n  return 0;\n}"
	     "</pre></div></td></tr></table>",
	    CODE, "a column of numbers beside the code");
	says("<table><tr><td class=gutter><div class='line number1'>1</div>"
	     "<div class='line number2'>2</div><div class='line'>3</div><div "
	     "class='line'>4</div></td><td class=code><div class=container>"
	     "<div class='line number1'><code>int</code> "
	     "<code>main()</code></div><div class='line number2'><code>{</code>"
	     "</div><div class=line><code>&nbsp;&nbsp;</code><code>return "
	     "0;</code></div><div class=line><code>}</code></div></div></td>"
	     "</tr></table>",
	    CODE, "with lines in it that are elements");
	says("<pre><span class=source-line-no>001</span><span id=line-1>int "
	     "main()</span>\n<span class=source-line-no>002</span><span>{"
	     "</span>\n<span class=source-line-no>003</span><span>  return 0;"
	     "</span>\n<span class=source-line-no>004</span><span>}</span>\n"
	     "</pre>",
	    CODE, "numbers in each line of a block");
	says("<pre class=src><code><a href=#1 id=1>1</a>int main()\n<a "
	     "href=#2>2</a>{\n<a href=#3>3</a>  return 0;\n<a href=#4>4</a>}\n"
	     "</code></pre>",
	    CODE, "that are links");
	says("<table><tr><td>1</td><td>Gutenberg</td></tr><tr><td>2</td><td>"
	     "Fust</td></tr><tr><td>3</td><td>Sch\xc3\xb6"
	     "ffer</td></tr></table>",
	    "|  |  |\n| --- | --- |\n| 1 | Gutenberg |\n| 2 | Fust |\n"
	    "| 3 | Sch\xc3\xb6"
	    "ffer |\n",
	    "numbered people are no code");
}

static void
breaks(void)
{
	says("<code>int main()<br>{<br>&nbsp; return 0;<br>}</code>", CODE,
	    "breaks in code end its lines");
	says("<p><code>int main()</code><br><code>{</code><br><code>&nbsp; "
	     "return 0;</code><br><code>}</code></p>",
	    CODE, "so do breaks between pieces of it");
	says("<p>Call <code>one<br>two</code> when it is time for that.",
	    "Call `one two` when it is time for that.\n",
	    "but a sentence stays one");
}

static void
no_code(void)
{
	says("<ul><li><code>ls</code></li><li><code>cd</code></li><li><code>rm"
	     "</code></li></ul>",
	    "- `ls`\n- `cd`\n- `rm`\n", "a list of commands is a list");
	says("<div><div>The first press had a screw, which a man turned.</div>"
	     "<div>  The second had a lever, which was less work.</div>"
	     "<div>  The third one was made of iron, and lasted.</div></div>",
	    "The first press had a screw, which a man turned.\n\nThe second "
	    "had a lever, which was less work.\n\nThe third one was made of "
	    "iron, and lasted.\n",
	    "short paragraphs are text");
	says("<ol><li>Open the lid.</li><li>Take out the plate;</li><li>Clean "
	     "it (twice)</li></ol>",
	    "1. Open the lid.\n2. Take out the plate;\n3. Clean it (twice)\n",
	    "steps are steps");
}

static void
cells(void)
{
	says("<table><tr><th>Option</th><th>Example</th></tr><tr><td>mode</td>"
	     "<td><pre>mode = fast</pre></td></tr><tr><td>level</td><td>1 to 9"
	     "</td></tr></table>",
	    "| Option | Example |\n| --- | --- |\n| mode | `mode = fast` |\n"
	    "| level | 1 to 9 |\n",
	    "a block of code in a cell is code in a cell");
	says("<table><tr><th>Option</th><th>Example</th></tr><tr><td>mode</td>"
	     "<td><div class=highlight><pre><code>a: 1\n  b: x|y\n</code></pre>"
	     "</div></td></tr></table>",
	    "| Option | Example |\n| --- | --- |\n"
	    "| mode | `a: 1` `b: x\\|y` |\n",
	    "each of its lines");
	says("<table><tr><td>mode</td><td><pre>mode = fast</pre></td></tr><tr>"
	     "<td>level</td><td>1 to 9</td></tr></table>",
	    "|  |  |\n| --- | --- |\n| mode | `mode = fast` |\n"
	    "| level | 1 to 9 |\n",
	    "without a head, too");
}

/* took: milliseconds of CPU to read what says n times, after start. */
static double
took(const char *start, const char *what, int n)
{
	struct page_reader_input in = {.url = "https://example.org/"};
	struct buf b;
	struct html_page d;
	double from;

	buf_init(&b, 16 << 20);
	buf_adds(&b, start);
	for (int i = 0; i < n; i++)
		buf_adds(&b, what);
	in.bytes = b.data;
	in.len = b.len;
	from = cpu();
	page_reader_read(&a, &in, NULL, &d);
	buf_release(&b);
	return (cpu() - from) * 1000;
}

static void
hostile(void)
{
	static const char *const pages[] = {"<div><div class=line>x</div>",
	    "<div class=line>", "<span class=line>", "<code><br>",
	    "<div><b>1</b>", "<sup><a href=#a>", "<table><tr><td>1<td><pre>x",
	    "x<sup>2</sup>", "<math><msup><mfrac>", "<template id=B:0>",
	    "<input type=checkbox><label>x</label>"};

	for (size_t k = 0; k < sizeof(pages) / sizeof(*pages); k++) {
		double small = took("<pre>", pages[k], 5000) + 5;
		double large = took("<pre>", pages[k], 40000);

		ok(large < 8 * 4 * small,
		    "eight times the page takes no 64 times the time");
		small = took("", pages[k], 5000) + 5;
		large = took("", pages[k], 40000);
		ok(large < 8 * 4 * small, "outside of code, too");
	}
}

int
main(void)
{
	arena_init(&a);
	elements();
	unnumbered();
	numbers();
	breaks();
	no_code();
	cells();
	hostile();
	arena_release(&a);
	return done();
}
