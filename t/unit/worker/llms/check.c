/* What `platen check` says about a file, line by line. */
#include "core/arena.h"
#include "core/buf.h"
#include "t/tap.h"
#include "worker/llms/check.h"

#include <stdbool.h>

#define HEAD "# Site\n\n> What it is.\n\nMore about it.\n\n"
#define LINK "- [One](https://example.org/1): First page\n"

/* The issues as "line what" lines. */
static char *
issues(struct arena *a, const char *text, size_t n)
{
	struct check_report r;
	char *out = arena_strdup(a, "");
	enum rc rc = check_llms(a, text, n, &r);

	for (size_t i = 0; i < r.nissues; i++) {
		bool advice = llms_issue_level(r.issues[i].kind) == LLMS_ADVICE;

		out = arena_printf(a, "%s%u %s%s\n", out, r.issues[i].line,
		    advice ? "advice: " : "", r.issues[i].what);
	}
	if ((rc == OK) != (r.found == 0))
		return "the result does not match the issues";
	return out;
}

struct bad {
	const char *text;
	const char *want;
	const char *name;
};

static const struct bad cases[] = {
    {HEAD "## A\n\n" LINK, "", "a good file passes"},
    {HEAD "## A\n- [One](http://a.example/%28x%29)\n\n## Optional\n" LINK, "",
	"so does one without descriptions, with Optional last"},
    {"", "0 the file is empty\n", "an empty file"},
    {"\xEF\xBB\xBF" HEAD "## A\n" LINK,
	"1 the file begins with a byte order mark, so some readers do not see "
	"its title\n",
	"a byte order mark"},
    {HEAD "## A\r\n" LINK,
	"7 advice: the line ends in CR LF; LF alone is usual\n", "CR LF"},
    {HEAD "## A\n- [One](https://example.org/1): caf\xE9\n" LINK,
	"8 byte 0xE9 is not UTF-8\n", "Latin-1"},
    {HEAD "## A\n" LINK "- [\x1B[2J](https://example.org/2)\n",
	"9 advice: control character 0x1B\n"
	"9 advice: '[' in the link's title\n",
	"an escape sequence"},
    {HEAD "## A \n" LINK, "7 advice: white space at the end of the line\n",
	"trailing white space"},
    {HEAD "## A\n- [One](https://example.org/1)",
	"8 advice: the last line does not end in a line feed\n",
	"a missing last line feed"},
    {"> What.\n\nText.\n\n## A\n" LINK,
	"1 the file must begin with '# Title'\n", "no title"},
    {"\n# Site\n\n> What.\n\nText.\n\n## A\n" LINK,
	"2 advice: blank lines before the title\n", "a title that comes late"},
    {HEAD "# Again\n## A\n" LINK, "7 advice: a second title\n", "two titles"},
    {"# Site\n\nText.\n\n## A\n" LINK,
	"5 advice: there is no '> summary' after the title\n", "no summary"},
    {"# Site\n\n> One\n> two\n\nText.\n\n## A\n" LINK,
	"4 advice: the summary has more than one line; some readers take only "
	"the first\n",
	"a summary of two lines"},
    {"# Site\n\n> What.\n\n## A\n" LINK,
	"5 advice: there is no paragraph of information before the first "
	"section\n",
	"no paragraph"},
    {HEAD "### A\n\n## B\n" LINK,
	"7 advice: a heading below '##'; some readers take it for a section\n",
	"a third level"},
    {HEAD "##A\n" LINK,
	"7 advice: a section must be '## ', then its name without white space "
	"around it\n",
	"a section without its space"},
    {HEAD "## A\n\n## B\n" LINK, "7 advice: section 'A' has no links\n",
	"an empty section"},
    {HEAD "## A\n" LINK "\n## B\n\n", "10 advice: section 'B' has no links\n",
	"an empty last section"},
    {HEAD "## A\n" LINK "## a\n- [Two](https://example.org/2)\n",
	"9 advice: a second section 'a'; some readers keep only one of them\n",
	"two sections of one name"},
    {HEAD "## Optional\n" LINK "## B\n- [Two](https://example.org/2)\n",
	"9 advice: section 'B' comes after 'Optional', which should be the "
	"last\n",
	"Optional in the middle"},
    {HEAD "## A\nSome text\n" LINK,
	"8 a section can contain only '- [title](URL): description' lines\n",
	"text in a section"},
    {HEAD "## A\n" LINK "  - [Two](https://example.org/2)\n",
	"9 advice: white space before the link\n", "a nested list"},
    {HEAD "## A\n- [One](/1): First\n",
	"8 advice: '/1' is a relative link; write the whole URL\n",
	"a relative link"},
    {HEAD "## A\n- [One](https://?1): First\n",
	"8 advice: the URL has no host\n", "a query alone"},
    {HEAD "## A\n- [One](https:///1): First\n",
	"8 advice: the URL has no host\n", "a link without a host"},
    {HEAD "## A\n- [One](https://:80/1): First\n",
	"8 advice: the URL has no host\n", "a port without a host"},
    {HEAD "## A\n- [One](https://example.org:65536/1): First\n",
	"8 advice: '65536' is not a port number (1 to 65535)\n",
	"a port that none is"},
    {HEAD "## A\n- [One](https://example.org:0/1): First\n",
	"8 advice: '0' is not a port number (1 to 65535)\n", "port 0"},
    {HEAD "## A\n- [One](https://example.org:8x/1): First\n",
	"8 advice: '8x' is not a port number (1 to 65535)\n",
	"a port with a letter"},
    {HEAD "## A\n- [One](https://example.org:65535?1): First\n"
	  "- [Two](http://[2001:db8::1]:80/)\n"
	  "- [Three](https://b\xC3\xBC"
	  "cher.example./)\n",
	"", "the last port, IPv6, and a name in its own letters pass"},
    {HEAD "## A\n- [One](https://me:pw@example.org/1): First\n",
	"8 advice: a user or password in the URL\n", "a password in a link"},
    {HEAD "## A\n- [One](http://[::1/1): First\n",
	"8 advice: '[' is not the name of a host\n",
	"an IPv6 host that does not end"},
    {HEAD "## A\n- [One](http://a..b/1): First\n",
	"8 advice: 'a..b' is not the name of a host\n",
	"a host with an empty label"},
    {HEAD "## A\n- [One](http://a,b/1): First\n",
	"8 advice: 'a,b' is not the name of a host\n", "a host with a comma"},
    {HEAD "## A\n- [One](http://a.example\\@b.example/1): First\n",
	"8 advice: a space, bracket or quote in the URL; it must be "
	"percent-encoded\n",
	"a backslash in a link"},
    {HEAD "## A\n- [\xC2\xA0](https://example.org/1): First\n",
	"8 the link's title is empty\n", "a title of a no-break space"},
    {HEAD "## A\n- [One\xE3\x80\x80](https://example.org/1): First\n",
	"8 advice: white space around the link's title\n",
	"a title that ends in an ideographic space"},
    {HEAD "## \xC2\xA0\n" LINK,
	"7 advice: a section must be '## ', then its name without white space "
	"around it\n",
	"a section of a no-break space"},
    {HEAD "## A\n- [One](https://example.org/1): \xE2\x80\x83\n",
	"8 advice: the description is empty or has white space around it\n",
	"a description of an em space"},
    {"# \xC2\xA0\n\n> \xC2\xA0\n\n\xC2\xA0\n\n## A\n" LINK,
	"1 the title is empty\n"
	"3 advice: the summary must be '> ', then its text without white space "
	"around it\n"
	"5 advice: white space around the information\n",
	"a head of no-break spaces"},
    {HEAD "## A\n- [One](https://example.org/1): a\xE2\x80\xA8"
	  "b\n" LINK,
	"8 advice: a line separator (U+2028); some readers end the line there\n"
	"9 advice: 'https://example.org/1' is listed twice\n",
	"a line that some readers part"},
    {HEAD "## A\n- [One](https://example.org/1): a\xC2\x85"
	  "b\n" LINK,
	"8 advice: control character 0x85\n"
	"9 advice: 'https://example.org/1' is listed twice\n",
	"a control character above ASCII"},
    {HEAD "## A\n- [One](https://example.org/a(b)): First\n",
	"8 advice: a space, bracket or quote in the URL; it must be "
	"percent-encoded\n",
	"parentheses in a link"},
    {HEAD "## A\n- [One](https://example.org/a b)\n",
	"8 advice: a space, bracket or quote in the URL; it must be "
	"percent-encoded\n",
	"a space in a link"},
    {HEAD "## A\n- [One [1]](https://example.org/1): First\n",
	"8 ']' in the link's title, so readers do not find its URL\n",
	"brackets in a title"},
    {HEAD "## A\n- [](https://example.org/1): First\n",
	"8 the link's title is empty\n", "an empty title"},
    {HEAD "## A\n- [One](https://example.org/1) - First\n",
	"8 advice: only ': description' should follow the link\n",
	"a dash for the colon"},
    {HEAD "## A\n- [One](https://example.org/1):  First\n",
	"8 advice: the description is empty or has white space around it\n",
	"two spaces before the description"},
    {HEAD "## A\n" LINK LINK,
	"9 advice: 'https://example.org/1' is listed twice\n",
	"a page listed twice"},
    {HEAD "## A\n* [One](https://example.org/1)\n",
	"8 advice: the line begins with '* '; '- ' is usual, and some readers "
	"take nothing else\n",
	"asterisks"},
    {HEAD "## A\n1. [One](https://example.org/1)\n",
	"8 advice: the line begins with '1. '; '- ' is usual, and some readers "
	"take nothing else\n",
	"a numbered list"},
    {HEAD "## A\n-[One](https://example.org/1)\n",
	"8 advice: the line begins with '-'; '- ' is usual, and some readers "
	"take nothing else\n",
	"no space after the dash"},
    {HEAD "## A\n- [One [1](https://example.org/1)\n",
	"8 advice: '[' in the link's title\n", "an opening bracket in a title"},
    {HEAD "## A\n- One\n",
	"8 a section can contain only '- [title](URL): description' lines\n",
	"a list's line without a link"},
    {HEAD "## A\n- [One]\n",
	"8 the link has no URL: write '- [title](URL): description'\n",
	"a link without a URL"},
    {HEAD "## A\n- [One]()\n",
	"8 the link has no URL: write '- [title](URL): description'\n",
	"a link with an empty URL"},
    {HEAD "## A\n- [One](https://example.org/1\n",
	"8 no ')' after the link's URL\n", "a link that does not end"},
    {HEAD "## A\n- [One](https://example.org/1)Two\n",
	"8 advice: only ': description' should follow the link\n",
	"text at once after a link"},
    {HEAD "## A\n" LINK "# Again\n",
	"9 a second title; a section can contain only '- [title](URL): "
	"description' lines\n",
	"a title in a section"},
    {"#Site\n\n> What.\n\nText.\n\n## A\n" LINK,
	"1 advice: the title must be '# ', then its text without white space "
	"around it\n",
	"a title without its space"},
    {"# Site\n\nText.\n\n> What.\n\n## A\n" LINK,
	"5 advice: the summary should come right after the title\n",
	"a summary behind the paragraph"},
    {HEAD "> A quote.\n\n- a list\n\n## A\n" LINK, "",
	"a quote and a list among the information pass"},
    {"# Site\n\n## A\n" LINK,
	"3 advice: there is no '> summary' after the title\n"
	"3 advice: there is no paragraph of information before the first "
	"section\n",
	"a title and links alone"},
    {"<!doctype html>\n<title>Site</title>\n",
	"1 the file must begin with '# Title'\n", "an HTML page"},
    {HEAD "## A\n- [One](mailto:a@example.org)\n",
	"8 advice: 'mailto:a@example.org' is not an http(s) URL\n",
	"an address of mail"},
    {"\n\n", "0 the file is empty\n", "blank lines alone"},
    {HEAD, "0 advice: there is no '## Section' with links\n", "no section"},
};

static void
says_what_is_wrong(void)
{
	struct arena a;

	arena_init(&a);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		is(issues(&a, cases[i].text, strlen(cases[i].text)),
		    cases[i].want, cases[i].name);
	arena_release(&a);
}

static void
counts_what_is_there(void)
{
	struct check_report r;
	struct arena a;
	const char *text = HEAD "Two\nlines.\n\n## A\n" LINK "\n## Optional\n"
				"- [Two](https://example.org/2)\n";

	arena_init(&a);
	is_int(check_llms(&a, text, strlen(text), &r), OK, "a good file");
	is(r.title, "Site", "its title");
	is(r.summary, "What it is.", "its summary");
	is_int(r.paragraphs, 2, "its paragraphs");
	is_int(r.sections, 2, "its sections");
	is_int(r.links, 2, "its links");
	arena_release(&a);
}

/* A thousand lines of one fault are told ten times, then counted. */
static void
counts_what_it_does_not_tell(void)
{
	struct check_report r;
	struct buf b;
	struct arena a;

	arena_init(&a);
	buf_init(&b, 1 << 20);
	buf_adds(&b, "# Site\r\n\r\n## A\r\n");
	for (int i = 0; i < 1000; i++)
		buf_printf(&b, "- [One](/%d)\r\n", i);
	is_int(check_llms(&a, b.data, b.len, &r), E_INPUT, "advice is given");
	is_int((int)r.invalid, 0, "but the file is valid");
	is_int((int)r.links, 1000, "and all its links are read");
	is_int((int)r.dropped[LLMS_URL_RELATIVE], 990,
	    "ten relative links are told, the others counted");
	is_int((int)r.dropped[LLMS_CR], 1002,
	    "lines that end in CR LF are told once");
	buf_release(&b);
	arena_release(&a);
}

static void
survives_junk(void)
{
	struct check_report r;
	struct arena a;
	size_t n = 1 << 20;
	char *junk = malloc(n);

	for (size_t i = 0; i < n; i++)
		junk[i] = i % 2 ? '\n' : 'x';
	arena_init(&a);
	is_int(
	    check_llms(&a, junk, n, &r), E_INPUT, "a megabyte of junk fails");
	ok(r.nissues <= LLMS_ISSUES, "and its issues are bounded");
	memset(junk, 0, n);
	is_int(check_llms(&a, junk, n, &r), E_INPUT, "so does one of NULs");
	arena_release(&a);
	free(junk);
}

int
main(void)
{
	says_what_is_wrong();
	counts_what_is_there();
	counts_what_it_does_not_tell();
	survives_junk();
	return done();
}
