/* What `platen check` says about a file, line by line. */
#include "core/arena.h"
#include "t/tap.h"
#include "worker/llms/check.h"

#define HEAD "# Site\n\n> What it is.\n\nMore about it.\n\n"
#define LINK "- [One](https://example.org/1): First page\n"

/* The issues as "line what" lines. */
static char *
issues(struct arena *a, const char *text, size_t n)
{
	struct check_report r;
	char *out = arena_strdup(a, "");
	enum rc rc = check_llms(a, text, n, &r);

	for (size_t i = 0; i < r.nissues; i++)
		out = arena_printf(
		    a, "%s%u %s\n", out, r.issues[i].line, r.issues[i].what);
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
	"1 the file begins with a byte order mark\n", "a byte order mark"},
    {HEAD "## A\r\n" LINK, "7 the line ends in CR LF; only LF may end it\n",
	"CR LF"},
    {HEAD "## A\n- [One](https://example.org/1): caf\xE9\n" LINK,
	"8 byte 0xE9 is not UTF-8\n", "Latin-1"},
    {HEAD "## A\n" LINK "- [\x1B[2J](https://example.org/2)\n",
	"9 control character 0x1B\n", "an escape sequence"},
    {HEAD "## A \n" LINK,
	"7 white space at the end of the line\n"
	"7 a section must be '## ' and its name\n",
	"trailing white space"},
    {HEAD "## A\n- [One](https://example.org/1)",
	"8 no line feed ends the last line\n", "a missing last line feed"},
    {"> What.\n\nText.\n\n## A\n" LINK,
	"1 the file must begin with '# Title'\n", "no title"},
    {"\n# Site\n\n> What.\n\nText.\n\n## A\n" LINK,
	"2 the title must be the first line\n", "a title that comes late"},
    {HEAD "# Again\n## A\n" LINK, "7 a second title\n", "two titles"},
    {"# Site\n\nText.\n\n## A\n" LINK,
	"3 the summary must come before this\n"
	"5 there is no '> summary' after the title\n",
	"no summary"},
    {"# Site\n\n> One\n> two\n\nText.\n\n## A\n" LINK,
	"4 the summary takes more than one line\n", "a summary of two lines"},
    {"# Site\n\n> What.\n\n## A\n" LINK,
	"5 there is no paragraph of information before the first section\n",
	"no paragraph"},
    {HEAD "### A\n\n## B\n" LINK,
	"7 a heading below '##'; only sections may follow\n", "a third level"},
    {HEAD "##A\n" LINK, "7 a section must be '## ' and its name\n",
	"a section without its space"},
    {HEAD "## A\n\n## B\n" LINK, "7 section 'A' has no links\n",
	"an empty section"},
    {HEAD "## A\n" LINK "\n## B\n\n", "10 section 'B' has no links\n",
	"an empty last section"},
    {HEAD "## A\n" LINK "## a\n- [Two](https://example.org/2)\n",
	"9 a second section 'a'\n", "two sections of one name"},
    {HEAD "## Optional\n" LINK "## B\n- [Two](https://example.org/2)\n",
	"9 section 'B' comes after 'Optional', which must be the last\n",
	"Optional in the middle"},
    {HEAD "## A\nSome text\n" LINK,
	"8 only '- [title](url): description' lines may stand in a section\n",
	"text in a section"},
    {HEAD "## A\n" LINK "  - [Two](https://example.org/2)\n",
	"9 only '- [title](url): description' lines may stand in a section\n",
	"a nested list"},
    {HEAD "## A\n- [One](/1): First\n", "8 '/1' is not an http(s) address\n",
	"a relative link"},
    {HEAD "## A\n- [One](https://?1): First\n", "8 the address has no host\n",
	"a query alone"},
    {HEAD "## A\n- [One](https:///1): First\n", "8 the address has no host\n",
	"a link without a host"},
    {HEAD "## A\n- [One](https://:80/1): First\n",
	"8 the address has no host\n", "a port without a host"},
    {HEAD "## A\n- [One](https://example.org:65536/1): First\n",
	"8 '65536' is not a port; from 1 to 65535 are\n",
	"a port that none is"},
    {HEAD "## A\n- [One](https://example.org:0/1): First\n",
	"8 '0' is not a port; from 1 to 65535 are\n", "port 0"},
    {HEAD "## A\n- [One](https://example.org:8x/1): First\n",
	"8 '8x' is not a port; from 1 to 65535 are\n", "a port with a letter"},
    {HEAD "## A\n- [One](https://example.org:65535?1): First\n"
	  "- [Two](http://[2001:db8::1]:80/)\n"
	  "- [Three](https://b\xC3\xBC"
	  "cher.example./)\n",
	"", "the last port, IPv6, and a name in its own letters pass"},
    {HEAD "## A\n- [One](https://me:pw@example.org/1): First\n",
	"8 a user or password in the address\n", "a password in a link"},
    {HEAD "## A\n- [One](http://[::1/1): First\n",
	"8 '[' is not the name of a host\n", "an IPv6 host that does not end"},
    {HEAD "## A\n- [One](http://a..b/1): First\n",
	"8 'a..b' is not the name of a host\n", "a host with an empty label"},
    {HEAD "## A\n- [One](http://a,b/1): First\n",
	"8 'a,b' is not the name of a host\n", "a host with a comma"},
    {HEAD "## A\n- [One](http://a.example\\@b.example/1): First\n",
	"8 a space, bracket or quote in the address; it must be "
	"percent-encoded\n",
	"a backslash in a link"},
    {HEAD "## A\n- [\xC2\xA0](https://example.org/1): First\n",
	"8 the link's title is empty or has white space around it\n",
	"a title of a no-break space"},
    {HEAD "## A\n- [One\xE3\x80\x80](https://example.org/1): First\n",
	"8 the link's title is empty or has white space around it\n",
	"a title that ends in an ideographic space"},
    {HEAD "## \xC2\xA0\n" LINK, "7 a section must be '## ' and its name\n",
	"a section of a no-break space"},
    {HEAD "## A\n- [One](https://example.org/1): \xE2\x80\x83\n",
	"8 the description is empty or has white space around it\n",
	"a description of an em space"},
    {"# \xC2\xA0\n\n> \xC2\xA0\n\n\xC2\xA0\n\n## A\n" LINK,
	"1 white space around the title\n"
	"3 the summary must be '> ' and its text\n"
	"5 white space around the information\n"
	"7 there is no paragraph of information before the first section\n",
	"a head of no-break spaces"},
    {HEAD "## A\n- [One](https://example.org/1): a\xE2\x80\xA8"
	  "b\n" LINK,
	"8 a line separator (U+2028)\n", "a line that some readers part"},
    {HEAD "## A\n- [One](https://example.org/1): a\xC2\x85"
	  "b\n" LINK,
	"8 control character 0x85\n", "a control character above ASCII"},
    {HEAD "## A\n- [One](https://example.org/a(b)): First\n",
	"8 a space, bracket or quote in the address; it must be "
	"percent-encoded\n"
	"8 a ')' in the address; it must be percent-encoded\n",
	"parentheses in a link"},
    {HEAD "## A\n- [One](https://example.org/a b)\n",
	"8 a space, bracket or quote in the address; it must be "
	"percent-encoded\n",
	"a space in a link"},
    {HEAD "## A\n- [One [1]](https://example.org/1): First\n",
	"8 '[' or ']' in the link's title\n", "brackets in a title"},
    {HEAD "## A\n- [](https://example.org/1): First\n",
	"8 the link's title is empty or has white space around it\n",
	"an empty title"},
    {HEAD "## A\n- [One](https://example.org/1) - First\n",
	"8 only ': description' may follow the link\n", "a dash for the colon"},
    {HEAD "## A\n- [One](https://example.org/1):  First\n",
	"8 the description is empty or has white space around it\n",
	"two spaces before the description"},
    {HEAD "## A\n" LINK LINK, "9 'https://example.org/1' is listed twice\n",
	"a page listed twice"},
    {HEAD, "0 there is no '## Section' with links\n", "no section"},
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
	survives_junk();
	return done();
}
