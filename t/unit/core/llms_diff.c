/* What changed from one llms.txt to the next, by URL. */
#include "core/arena.h"
#include "core/buf.h"
#include "core/clock.h"
#include "core/llms_diff.h"
#include "core/llms_line_match.h"
#include "core/strmap.h"

#include "t/tap.h"

#include "t/llms.h"

#define HEAD "# Site\n\n> What it is.\n\nMore about it.\n\n"
#define ONE "- [One](https://a.test/1): First\n"
#define TWO "- [Two](https://a.test/2): Second\n"
#define TRE "- [Three](https://a.test/3): Third\n"

/* The difference as words: "+Three -Two ~One(title)". */
static const char *
words(struct arena *a, const char *before, const char *after)
{
	struct llms_diff d;
	char *s = arena_strdup(a, "");

	llms_diff(a, parse(a, before), parse(a, after), &d);
	if (d.title || d.summary || d.info)
		s = arena_printf(a, "%s%s%s", d.title ? "T" : "",
		    d.summary ? "S" : "", d.info ? "I" : "");
	for (size_t i = 0; i < d.nrenamed; i++)
		s = arena_printf(a, "%s (%s>%s)", s, d.renamed[i].before,
		    d.renamed[i].after);
	for (size_t i = 0; i < d.nadded; i++)
		s = arena_printf(a, "%s +%s", s, d.added[i]->title);
	for (size_t i = 0; i < d.nremoved; i++)
		s = arena_printf(a, "%s -%s", s, d.removed[i]->title);
	for (size_t i = 0; i < d.nchanged; i++)
		s = arena_printf(a, "%s ~%s%s%s%s", s,
		    d.changed[i].after->title,
		    d.changed[i].what & LLMS_TITLE ? ".title" : "",
		    d.changed[i].what & LLMS_TEXT ? ".text" : "",
		    d.changed[i].what & LLMS_SECTION ? ".section" : "");
	if ((*s == '\0') != llms_diff_empty(&d))
		return "empty and not empty";
	return s;
}

static void
changes(struct arena *a)
{
	static const struct {
		const char *before, *after, *want, *name;
	} cases[] = {
	    {HEAD "## A\n" ONE TWO, HEAD "## A\n\n" TWO ONE, "",
		"the order of lines is no change"},
	    {HEAD "## A\n" ONE TWO, HEAD "## A\n" ONE TRE, " +Three -Two",
		"a page that came and one that went"},
	    {HEAD "## A\n" ONE, HEAD "## A\n- [Uno](https://a.test/1): First\n",
		" ~Uno.title", "another title"},
	    {HEAD "## A\n" ONE, HEAD "## A\n- [One](https://a.test/1)\n",
		" ~One.text", "a description that is gone"},
	    {HEAD "## A\n" ONE "## B\n" TWO TRE,
		HEAD "## A\n" ONE TWO "## B\n" TRE, " ~Two.section",
		"a line that moved to another section"},
	    {HEAD "## A\n" ONE "## B\n" TWO TRE,
		HEAD "## A\n" ONE "## Bee\n" TWO TRE, " (B>Bee)",
		"a section with another name, and its lines stay"},
	    {HEAD "## A\n" ONE "## B\n" TWO TRE, HEAD "## All\n" ONE TWO TRE,
		" (B>All) ~One.section", "two sections made one"},
	    {HEAD "## A\n" ONE, "# Other\n\n> What.\n\nX.\n\nY.\n\n## A\n" ONE,
		"TSI", "title, summary and information"},
	    {HEAD "two lines\n\n## A\n" ONE, HEAD "two\nlines\n\n## A\n" ONE,
		"I", "a paragraph of two lines"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		is(words(a, cases[i].before, cases[i].after), cases[i].want,
		    cases[i].name);
}

static void
order(struct arena *a)
{
	static const uint32_t n[] = {3, 0, 1, LLMS_NONE, 5, 2, 4};
	bool stays[7];
	char s[8] = {0};

	llms_find_unmoved(a, n, 7, stays);
	for (int i = 0; i < 7; i++)
		s[i] = stays[i] ? 'x' : '.';
	is(s, ".xx..xx", "the fewest lines count as moved");
}

static void
print(struct arena *a)
{
	static const char text[] = "# T\n\n> S\n\nP one\nP two\n\nQ\n\n## A\n\n"
				   "- [x](https://a.test/x)\n"
				   "- [y](https://a.test/y): Why\n\n"
				   "## Optional\n\n- [z](http://a.test/z)\n";
	struct buf b;

	buf_init(&b, 1000);
	llms_print(&b, parse(a, text));
	is(b.data, text, "what is read and written again is the same");
	buf_release(&b);
}

/* 400,000 links in no order against as many others. */
static void
big(struct arena *a)
{
	struct buf x, y;
	struct llms_file *f, *g;
	struct llms_diff d;
	int64_t start;

	buf_init(&x, 64 << 20);
	buf_init(&y, 64 << 20);
	buf_adds(&x, HEAD "## A\n");
	buf_adds(&y, HEAD "## B\n");
	for (unsigned i = 0; i < 400000; i++) {
		buf_printf(&x, "- [%u](https://a.test/%u)\n", i, i);
		buf_printf(
		    &y, "- [%u](https://a.test/%u)\n", i, i * 7 % 800000);
	}
	start = clock_ms();
	f = parse(a, x.data);
	g = parse(a, y.data);
	llms_diff(a, f, g, &d);
	within((double)(clock_ms() - start) / 1000, 10,
	    "two files of 400,000 links are compared soon");
	is_int((long long)(d.same + d.nchanged + d.nadded),
	    (long long)g->nlinks, "and no link is lost");
	buf_release(&x);
	buf_release(&y);
}

static void
maps(struct arena *a)
{
	struct strmap m, folded;

	strmap_init(&m, a, 0, false);
	strmap_init(&folded, a, 0, true);
	for (uint32_t i = 0; i < 1000; i++) {
		if (!strmap_add(&m, arena_printf(a, "K%u", i), i))
			ok(0, "a new key is taken: %u", i);
		(void)strmap_add(&folded, arena_printf(a, "K%u", i), i);
	}
	is_int(strmap_get(&m, "K777"), 777, "a key among a thousand");
	is_int(strmap_get(&m, "k777"), STRMAP_NONE, "in its own case");
	is_int(strmap_get(&folded, "k777"), 777, "or in any");
	ok(!strmap_add(&m, "K5", 9), "a key is added once");
	is_int(strmap_get(&m, "K5"), 5, "and keeps its number");
	strmap_set(&m, "K5", 9);
	is_int(strmap_get(&m, "K5"), 9, "unless it is set");
}

int
main(void)
{
	struct arena a;

	arena_init(&a);
	maps(&a);
	changes(&a);
	order(&a);
	print(&a);
	big(&a);
	arena_release(&a);
	return done();
}
