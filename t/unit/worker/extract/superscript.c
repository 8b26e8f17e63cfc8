/* raise: marks of notes, powers, indices and formulas keep their meaning. */
#include "t/tap.h"

#include "worker/extract/page_reader.h"

#include <stdio.h>
#include <string.h>

static struct arena a;

#define AROUND                                                             \
	"<p>The press was made by a printer in Mainz, who ran it for ten " \
	"years, and sold it when he was old.</p>"

static struct html_page
read_page(const char *body)
{
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
	return d;
}

/* says: the page with body says want, and nothing else of it. */
static void
says(const char *body, const char *want, const char *name)
{
	static const char around[] =
	    "The press was made by a printer in Mainz, who ran it for ten "
	    "years, and sold it when he was old.\n";
	struct html_page d = read_page(body);

	is(d.markdown,
	    arena_printf(&a, "# Press\n\n%s\n%s\n%s", around, want, around),
	    name);
}

/* A page that is hardly more than one formula, drawn and in words. */
static void
drawn_beside(void)
{
	static const char *const drawn[] = {
	    "<span class=k><span><math><mi>a</mi><mo>=</mo><mi>b</mi></math>"
	    "</span><span aria-hidden=true><span>a</span><span>=</span><span>b"
	    "</span><span></span><span></span><span></span></span></span>",
	    "<mjx-container><mjx-math aria-hidden=true><i>a</i><i>=</i><i>b</i>"
	    "<i></i><i></i></mjx-math><mjx-assistive-mml><math><mi>a</mi><mo>="
	    "</mo><mi>b</mi></math></mjx-assistive-mml></mjx-container>",
	};

	for (size_t i = 0; i < sizeof(drawn) / sizeof(*drawn); i++) {
		char *body = arena_printf(&a, "<p>So %s holds.</p>", drawn[i]);
		struct html_page d = read_page(body);

		ok(strstr(d.markdown, "So a=b holds.") != NULL ||
			strstr(d.markdown, "So a = b holds.") != NULL,
		    "what is drawn beside a formula is not said again: %s",
		    d.markdown);
	}
}

static void
short_notes(void)
{
	says("<p>It has five levels<sup class=footnote>[<a id=r1 href='#d1'>1"
	     "</a>]</sup> now.</p><div id=footnotes><div class=footnote "
	     "id=d1><a href='#r1'>1</a>. The double hail.</div></div>",
	    "It has five levels [1] now.\n\n1. The double hail.\n",
	    "a note of three words stays");
}

static void
notes(void)
{
	static const struct {
		const char *mark, *said, *name;
	} marks[] = {
	    {"<sup class=reference id=r1><a href='#n1'>2</a></sup>", " [2]",
		"a raised link"},
	    {"<sup id=c class=reference><a href=#n><span>&#91;</span>1<span>"
	     "&#93;</span></a></sup>",
		" [1]", "an encyclopedia's, in brackets"},
	    {"<sup><a href=#n1>&#91;1&#93;</a></sup><sup><a href=#n2>&#91;2"
	     "&#93;</a></sup>",
		" [1] [2]", "two of them"},
	    {"<a href=#fn1 class=footnote-ref role=doc-noteref><sup>1</sup>"
	     "</a>",
		" [1]", "pandoc's, the link around it"},
	    {"<a class='footnote-reference brackets' href=#id2>1</a>", " [1]",
		"Sphinx's, which is not raised by an element"},
	    {"<a href=#id2 role=doc-noteref><span>[</span>3<span>]</span></a>",
		" [3]", "Sphinx's with its brackets"},
	    {"<sup id='fnref:1'><a href='#fn:1' rel=footnote>1</a></sup>",
		" [1]", "kramdown's"},
	    {"<a href=#ftn.id1 name=id1><sup>[1]</sup></a>", " [1]",
		"DocBook's"},
	    {"<sup>[<a name=id2 href=#ftn.id2>2</a>]</sup>", " [2]",
		"DocBook's other"},
	    {"<a href=#_ftn1 title=''><span class=Mso><span><sup>[1]</sup>"
	     "</span></span></a>",
		" [1]", "a word processor's"},
	    {"<sup><a href='https://example.org/docs/page.html#n'>1</a></sup>",
		" [1]", "with the page's whole address"},
	    {"<sup><a href='https://other.example/x'>4</a></sup>", " [4]",
		"to a source elsewhere"},
	    {"<sup><a href=#a>a</a>,<a href=#b>b</a></sup>", " [a,b]",
		"two in one"},
	    {"<sup class=ltx_note_mark>1</sup>", " [1]",
		"no link, but called a note"},
	    {"<sup>[5]</sup>", " [5]", "no link at all, but brackets"},
	};

	for (size_t k = 0; k < sizeof(marks) / sizeof(*marks); k++)
		says(arena_printf(&a, "<p>It was built in 1450%s and sold.",
			 marks[k].mark),
		    arena_printf(&a, "It was built in 1450%s and sold.\n",
			marks[k].said),
		    arena_printf(&a, "the mark of a note touches no number: %s",
			marks[k].name));
	says("<p>Seen in 1450<sup><a href=#n>1</a></sup>(see below) and so on.",
	    "Seen in 1450 [1]\\(see below) and so on.\n",
	    "a mark before a parenthesis is no link");
	says("<p><sup><a href=#r>1</a></sup>: what it says of this.",
	    "[1]\\: what it says of this.\n",
	    "a note after its mark is no link's address");
	says("<p>See <a href=#two>2</a> and <a href=#x>chapter two</a> of it.",
	    "See 2 and chapter two of it.\n",
	    "a link between words is no mark");
	is(read_page("").description,
	    "The press was made by a printer in Mainz, who ran it for ten "
	    "years, and sold it when he was old.",
	    "a description");
	is(read_page("<h1>Press<sup><a href=#n>1</a></sup> of "
		     "10<sup>6</sup></h1>")
		.h1,
	    "Press", "the first heading is the page's");
}

static void
powers(void)
{
	says("<p>It has 10<sup>6</sup> parts, 2<sup>32</sup>-1 bytes, "
	     "10<sup>-3</sup> m, 5 m<sup>2</sup>, <i>x</i><sup>2</sup> and "
	     "(a+b)<sup>2</sup>.",
	    "It has 10^6 parts, 2^32-1 bytes, 10^-3 m, 5 m^2, *x*^2 and "
	    "(a+b)^2.\n",
	    "powers are kept apart from what they raise");
	says("<p>So 2<sup>n+1</sup>, x<sup>n</sup>, e<sup>ix</sup>, "
	     "A<sup>T</sup> and Ca<sup>2+</sup>.",
	    "So 2^(n+1), x^n, e^ix, A^T and Ca^2+.\n", "and so are variables");
	says("<p>The 1<sup>st</sup>, 5<sup>th</sup>, M<sup>me</sup> Curie, "
	     "n<sup>o</sup> 5, XX<sup>e</sup> and Brand<sup>TM</sup>.",
	    "The 1st, 5th, Mme Curie, no 5, XXe and BrandTM.\n",
	    "ends of words are not");
	says("<p>It takes 3<sup>1</sup>/<sub>2</sub> cups, or "
	     "<sup>1</sup>/<sub>4</sub>.",
	    "It takes 3 1/2 cups, or 1/4.\n", "a fraction after a number");
	says("<p>So H<sub>2</sub>O, CO<sub>2</sub>, Fe<sub>2</sub>O<sub>3</sub>"
	     ", x<sub>1</sub>, <i>a</i><sub>n</sub>, 101<sub>2</sub> and "
	     "V<sub>max</sub>.",
	    "So H2O, CO2, Fe2O3, x_1, *a*_n, 101_2 and V_max.\n",
	    "what is lowered is an index, but in chemistry");
	says("<p>Write <code>2<sup>32</sup></code> there.",
	    "Write `2^32` there.\n", "in code, too");
}

static void
formulas(void)
{
	says("<p>Take <math><mfrac><mn>1</mn><mn>2</mn></mfrac></math> of "
	     "<math><mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mi>c"
	     "</mi></mfrac></math>.",
	    "Take 1/2 of (a+b)/c.\n", "fractions");
	says("<p>And <math><mn>2</mn><mfrac><mn>1</mn><mn>2</mn></mfrac>"
	     "</math>.",
	    "And 2 1/2.\n", "a number and a fraction");
	says("<p>Is <math><msup><mi>x</mi><mn>2</mn></msup></math>, "
	     "<math><msup><mi>x</mi><mrow><mi>n</mi><mo>+</mo><mn>1</mn></mrow>"
	     "</msup></math>, <math><msubsup><mi>x</mi><mi>i</mi><mn>2</mn>"
	     "</msubsup></math>.",
	    "Is x^2, x^(n+1), x_i^2.\n", "powers and indices");
	says(
	    "<p>Is <math><msqrt><mi>x</mi><mo>+</mo><mn>1</mn></msqrt></math>, "
	    "<math><mroot><mi>x</mi><mn>3</mn></mroot></math>.",
	    "Is \xe2\x88\x9a(x+1), x^(1/3).\n", "roots");
	says("<p>Is <math><mo>[</mo><mtable><mtr><mtd><mi>a</mi></mtd><mtd><mi>"
	     "b</mi></mtd></mtr><mtr><mtd><mi>c</mi></mtd><mtd><mi>d</mi></mtd>"
	     "</mtr></mtable><mo>]</mo></math> or <math><mfenced><mi>a</mi><mi>"
	     "b</mi></mfenced></math>.",
	    "Is [a, b; c, d] or (a, b).\n", "tables and fences");
	says("<p>So <span>[math]</span><span class=MathJax_Preview>x1</span>"
	     "<script type='math/tex'>x_1^2 \\frac{a}{b}</script> holds."
	     "<script type='math/tex; mode=display'>\\sum_i i</script>",
	    "So [math]$x_1^2 \\frac{a}{b}$ holds.\n\n$$\\sum_i i$$\n",
	    "TeX in scripts that MathJax shows");
	says("<p>So <span class=MathJax id=MathJax-Element-1-Frame><nobr>y2"
	     "</nobr></span><script type='math/tex' id=MathJax-Element-1>y^2"
	     "</script> holds.",
	    "So $y^2$ holds.\n", "once, though it was shown already");
	says(
	    "<p>So <span class=katex><span class=katex-mathml><math><semantics>"
	    "<msup><mi>x</mi><mn>2</mn></msup><annotation "
	    "encoding='application/x-tex'>x^2</annotation></semantics></math>"
	    "</span><span class=katex-html aria-hidden=true>x2</span></span> "
	    "holds.",
	    "So $x^2$ holds.\n", "KaTeX's two forms are one");
	says("<p>So <span class=mwe><span style='display: none'><math "
	     "alttext='{\\displaystyle E=mc^{2}}'><mi>E</mi></math></span>"
	     "<img aria-hidden=true class=mwe-math-fallback-image-inline "
	     "alt='{\\displaystyle E=mc^{2}}' src=x.svg></span> holds.",
	    "So ${\\displaystyle E=mc^{2}}$ holds.\n",
	    "an encyclopedia's two are one, though both are hidden");
	says("<p>So <img class=math src=1.png alt='\\frac{a}{b}'>, <img "
	     "src=2.png alt='x^{2}_i \\alpha'>, <img class=formulaInl "
	     "alt='$x^2$' src=3.png> and <img class=tex alt='a^2' src=4.png> "
	     "hold.",
	    "So $\\frac{a}{b}$, $x^{2}_i \\alpha$, $x^2$ and $a^2$ hold.\n",
	    "TeX as an image's text");
	says("<p>So <span class='math notranslate'>\\(x_1 &lt; 2\\)</span> "
	     "holds.<div class=math>\\[a_b = \\frac12\\]</div>",
	    "So $x_1 < 2$ holds.\n\n$$a_b = \\frac12$$\n",
	    "TeX that a script will set");
}

int
main(void)
{
	arena_init(&a);
	notes();
	short_notes();
	drawn_beside();
	powers();
	formulas();
	arena_release(&a);
	return done();
}
