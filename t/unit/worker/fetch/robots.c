/* robots: no page is fetched that robots.txt forbids, and none is missed. */
#include "t/cpu.h"
#include "t/tap.h"

#include "worker/fetch/robots.h"

#include <string.h>

static struct arena a;

#define LIMIT (500 * 1024)

static struct robots *
parse(const char *agent, const char *text)
{
	return robots_parse(&a, text, strlen(text), agent, LIMIT);
}

/* Whether FooBot may fetch url by the text. */
static void
rules(const char *text, const char *url, bool want, const char *what)
{
	ok(robots_check(parse("FooBot", text), url).allowed == want,
	    "%s: %s %s", what, url, want ? "allowed" : "forbidden");
}

#define yes(text, url, what) rules(text, url, true, what)
#define no(text, url, what) rules(text, url, false, what)

#define ONLY(allow) "User-agent: FooBot\nDisallow: /\nAllow: " allow "\n"

static void
reads_lines(void)
{
	yes("", "http://a.b/", "an empty file");
	no("user-agent: FooBot\ndisallow: /\n", "http://a.b/x", "colons");
	no("user-agent FooBot\ndisallow /\n", "http://a.b/x", "no colons");
	yes("user-agent: FooBot\ndisallow all / of it\n", "http://a.b/x",
	    "prose");
	yes("foo: FooBot\nbar: /\n", "http://a.b/x", "unknown keys");
	no("USER-AGENT: foobot\nDISALLOW: /\n", "http://a.b/x", "upper case");
	no(" \tUser-agent \t:\tFooBot \t\n \tDisallow : / \n", "http://a.b/",
	    "white space");
	no("User-agent: FooBot # me\nDisallow: /x#y\n", "http://a.b/x1",
	    "comments");
	yes("User-agent: FooBot\n#Disallow: /\n", "http://a.b/", "a comment");
	no("\xef\xbb\xbfUser-agent: FooBot\nDisallow: /\n", "http://a.b/",
	    "a byte order mark");
	no("\xef\xbbUser-agent: FooBot\nDisallow: /\n", "http://a.b/",
	    "half a byte order mark");
	no("User-agent: FooBot\rDisallow: /\r", "http://a.b/", "CR");
	no("User-agent: FooBot\r\nDisallow: /\r\n", "http://a.b/", "CR LF");
	no("User-agent: FooBot\nDisallow: /", "http://a.b/",
	    "no last line end");
	yes("<!DOCTYPE html>\n<html><head>\n<title>404: no</title>\n"
	    "<p>User-agent: FooBot<br>Disallow: /</p>\n",
	    "http://a.b/", "a web page");
}

static void
reads_typos(void)
{
	static const char *const keys[] = {"disallow", "dissallow", "dissalow",
	    "disalow", "diasllow", "disallaw", "disallows"};
	static const char *const agents[] = {
	    "user-agent", "useragent", "user agent", "User-Agents"};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		no(arena_printf(&a, "user-agent: FooBot\n%s: /\n", keys[i]),
		    "http://a.b/", keys[i]);
	for (size_t i = 0; i < sizeof(agents) / sizeof(agents[0]); i++)
		no(arena_printf(&a, "%s: FooBot\nDisallow: /\n", agents[i]),
		    "http://a.b/", agents[i]);
}

static void
finds_its_group(void)
{
	static const char groups[] =
	    "allow: /foo/bar/\n\nuser-agent: FooBot\ndisallow: /\nallow: /x/\n"
	    "user-agent: BarBot\ndisallow: /\nallow: /y/\n\n\nallow: /w/\n"
	    "user-agent: BazBot\n\nuser-agent: FooBot\nallow: /z/\n"
	    "disallow: /\n";
	static const char several[] =
	    "User-agent: a\nUser-agent: FooBot\nUser-agent: b\nDisallow: /x\n"
	    "User-agent: *\nDisallow: /\n";
	static const char other_keys[] =
	    "User-agent: FooBot\nSitemap: http://a.b/s.xml\nCrawl-delay: 3\n"
	    "Clean-param: x\nUser-agent: c\nDisallow: /\n";

	yes(groups, "http://a.b/x/b", "the first group");
	yes(groups, "http://a.b/z/d", "groups of one agent are merged");
	no(groups, "http://a.b/y/c", "another's group");
	no(groups, "http://a.b/foo/bar/", "a rule before any group");
	ok(robots_check(parse("BarBot", groups), "/w/a").allowed,
	    "an empty line ends no group");
	ok(robots_check(parse("BazBot", groups), "/z/a").allowed,
	    "agents in a row share their rules");
	no(several, "http://a.b/x", "one of several agents");
	yes(several, "http://a.b/y", "its group, not that of *");
	no(other_keys, "http://a.b/", "other keys do not end a group");
	no("User-agent: *\nDisallow: /\n", "http://a.b/", "* is for all");
	no("User-agent: * # all\nDisallow: /\n", "http://a.b/", "* and more");
	no("User-agent: * bots\nDisallow: /\n", "http://a.b/", "* and words");
	yes("User-agent: *\nDisallow: /\nUser-agent: FooBot\n", "http://a.b/",
	    "a group of its own without rules");
	yes("User-agent: *\nDisallow: /\nUser-agent: FooBot\nDisallow:\n",
	    "http://a.b/", "an empty Disallow");
	no("User-agent: FooBot/2.1 (x)\nDisallow: /\n", "http://a.b/",
	    "a version in the file");
	yes("User-agent: FooBotNews\nDisallow: /\n", "http://a.b/",
	    "a longer name is someone else");
	yes("User-agent: Foo\nDisallow: /\n", "http://a.b/",
	    "a shorter name is someone else");
	ok(!robots_check(parse("FooBot/1.0", groups), "/q").allowed,
	    "a version in our own name");
	ok(!robots_check(parse("Foo-News, FooBot", groups), "/q").allowed,
	    "the second of our names");
	ok(robots_check(
	       parse("Foo-News,FooBot",
		   "User-agent: FooBot\nDisallow: /\nUser-agent: foo-news\n"),
	       "/q")
		.allowed,
	    "the most specific of our names");
}

static void
the_longest_wins(void)
{
	static const char u[] = "http://a.b/x/page.html";

	no("User-agent: FooBot\nDisallow: /x/page.html\nAllow: /x/\n", u,
	    "longer Disallow");
	yes("User-agent: FooBot\nAllow: /x/page.html\nDisallow: /x/\n", u,
	    "longer Allow");
	yes("User-agent: FooBot\nDisallow: /x\nAllow: /x\n", u, "a tie");
	yes("User-agent: FooBot\nAllow: /x/page.\nDisallow: /*.html\n", u,
	    "stars count as an octet");
	no("User-agent: FooBot\nAllow: /x\nDisallow: /*.html\n", u,
	    "a longer pattern with a star");
	yes("User-agent: FooBot\nDisallow: /X/\n", u, "case");
	yes(ONLY("/$"), "http://a.b/", "the home page alone");
	no(ONLY("/$"), "http://a.b/x", "the home page alone");
	yes("User-agent: FooBot\nDisallow: x/\nDisallow: page\n", u,
	    "a pattern without its slash takes nothing");
}

static void
stars_and_dollars(void)
{
	yes(ONLY("/fish*"), "http://a.b/fishheads/yummy.html", "/fish*");
	no(ONLY("/fish*"), "http://a.b/catfish", "/fish*");
	no(ONLY("/fish/"), "http://a.b/fish", "/fish/");
	yes(ONLY("/fish/"), "http://a.b/fish/?id=1", "/fish/");
	yes(ONLY("/*.php"), "http://a.b/folder/any.php.file.html", "/*.php");
	yes(ONLY("/*.php"), "http://a.b/index?f=x.php/", "/*.php");
	no(ONLY("/*.php"), "http://a.b/windows.PHP", "/*.php");
	yes(ONLY("/*.php$"), "http://a.b/x/filename.php", "/*.php$");
	no(ONLY("/*.php$"), "http://a.b/filename.php?p", "/*.php$");
	no(ONLY("/*.php$"), "http://a.b/filename.php5", "/*.php$");
	yes(ONLY("/*.php$"), "http://a.b/a.php/b.php", "/*.php$");
	yes(ONLY("/fish*.php"), "http://a.b/fishheads/c.php?p", "/fish*.php");
	yes(ONLY("/a*b*a$"), "http://a.b/aXbXa", "/a*b*a$");
	no(ONLY("/a*b*a$"), "http://a.b/aba b", "/a*b*a$");
	no(ONLY("/ab*ba$"), "http://a.b/aba", "pieces may not overlap");
	yes(ONLY("**/x"), "http://a.b/c/x", "a leading star");
	yes(ONLY("/a$b"), "http://a.b/a$b", "a dollar in the middle");
	yes(ONLY("/a%24"), "http://a.b/a$b", "an escaped dollar");
	yes(ONLY("/a%2Ab"), "http://a.b/a*b", "an escaped star");
	no(ONLY("/a%2Ab"), "http://a.b/axb", "an escaped star");
	yes(ONLY("/a%2ab"), "http://a.b/a%2Ab", "escaped on both sides");
	yes(ONLY("/x/index.html"), "http://a.b/x/", "an index page's folder");
	no(ONLY("/x/index.html"), "http://a.b/x/y", "an index page's folder");
	no("User-agent: FooBot\nDisallow: /x/index.html\n",
	    "http://a.b/x/index.html", "a forbidden index page");
	yes("User-agent: FooBot\nDisallow: /x/index.html\n", "http://a.b/x/",
	    "and its folder");
}

static void
escapes(void)
{
	yes(ONLY("/b\xc3\xbc"), "http://a.b/b%C3%BC", "UTF-8 in the file");
	yes(ONLY("/b%c3%bc"), "http://a.b/b\xc3\xbc", "UTF-8 in the URL");
	yes(ONLY("/foo/bar/%62%61%7A"), "http://a.b/foo/bar/baz", "letters");
	yes(ONLY("/foo/bar/baz"), "http://a.b/foo/bar/%62%61%7a", "letters");
	no(ONLY("/a%2Fb"), "http://a.b/a/b", "a slash is not %2F");
	yes(ONLY("/a%2fb"), "http://a.b/a%2Fb", "hex in either case");
	yes(ONLY("/f?a=1&b=http://c.d?e&f"),
	    "http://a.b/f?a=1&b=http://c.d?e&f", "a URL in the query");
	yes(ONLY("/100%"), "http://a.b/100%", "a lone percent sign");
}

static void
finds_the_path(void)
{
	static const char t[] = "User-agent: FooBot\nDisallow: /\n"
				"Allow: /a\nAllow: /?q\nAllow: /;p\n";

	yes(t, "/a", "a path");
	yes(t, "http://a.b/a#c", "a fragment");
	yes(t, "http://a.b?q", "a query without a path");
	yes(t, "http://a.b;p", "a parameter without a path");
	yes(t, "//a.b/a", "no scheme");
	no(t, "http://a.b", "no path");
	no(t, "http://a.b#/a", "a fragment with a slash");
	no(t, "", "nothing");
	yes(t, "/a?u=http://c.d/e", "a URL in the query");
	yes("User-agent: FooBot\nDisallow: /\n", "http://a.b/robots.txt",
	    "robots.txt itself");
	no("User-agent: FooBot\nDisallow: /\n", "http://a.b/robots.txt?x",
	    "robots.txt with a query");
}

static void
says_why(void)
{
	struct robots *r =
	    parse("FooBot", "# x\r\nUser-agent: *\r\n\r\n"
			    "Disallow: /a*  # y\r\nAllow: /a/b\r\n");
	struct robots_verdict v = robots_check(r, "http://a.b/ax");

	is(v.rule, "Disallow: /a*", "the rule that forbids");
	is_int(v.line, 4, "and its line");
	is(v.agent, "*", "and whose group it is");
	v = robots_check(r, "http://a.b/a/b");
	is(v.rule, "Allow: /a/b", "the rule that allows");
	is_int(v.line, 5, "and its line");
	v = robots_check(r, "http://a.b/c");
	ok(v.allowed && v.rule == NULL && v.line == 0, "no rule at all");
	r = parse("foobot", "User-agent: FooBot\rDisallow: /\r");
	v = robots_check(r, "/");
	is(v.agent, "FooBot", "our agent as the site writes it");
	is_int(v.line, 2, "lines are counted at CR");
	ok(!robots_check(robots_uniform(&a, false), "/x").allowed,
	    "a file we could not get forbids");
	ok(robots_check(robots_uniform(&a, true), "/x").allowed,
	    "a file that is not there allows");
}

static void
other_lines(void)
{
	struct robots *r = parse("FooBot",
	    "Sitemap: http://a.b/1.xml\nUser-agent: FooBot\n"
	    "Crawl-delay: 2.5\nSite-map: /2.xml # x\nDisallow: /x\n"
	    "User-agent: *\nCrawl-delay: 9\nsitemap:http://a.b/3.xml\n");
	const char *const *s;
	size_t n;

	s = robots_sitemaps(r, &n);
	is_int((long long)n, 3, "three sitemaps, wherever they stand");
	is(s[0], "http://a.b/1.xml", "the first");
	is(s[1], "/2.xml", "the second");
	is(s[2], "http://a.b/3.xml", "the third");
	is_int(robots_delay_ms(r), 2500, "Crawl-delay of our group");
	is_int(robots_delay_ms(parse("x", "User-agent: *\nCrawl-delay: 9s\n")),
	    9000, "Crawl-delay of *");
	is_int(robots_delay_ms(parse("x", "User-agent: *\nCrawl-delay: -1\n"
					  "Crawl-delay: soon\n")),
	    -1, "a Crawl-delay that is none");
	is_int(robots_delay_ms(parse(
		   "x", "User-agent: *\nCrawl-delay: 99999999999999999999\n")) >
		   1000000000,
	    1, "an endless Crawl-delay");
}

static char *
filled(char c, size_t n)
{
	char *s = arena_alloc(&a, n + 1);

	memset(s, c, n);
	return s;
}

static void
limits(void)
{
	char *x = filled('x', 20000), *x16 = filled('x', 16300);
	char *big;
	struct robots *r;

	no(arena_printf(&a, "User-agent: FooBot\nDisallow: /%s/y\n", x16),
	    arena_printf(&a, "/%s/y", x16), "a line of 16 KiB");
	yes(arena_printf(&a, "User-agent: FooBot\nDisallow: /%s/y\n", x16),
	    arena_printf(&a, "/%s/z", x16), "a line of 16 KiB");
	no(arena_printf(&a, "User-agent: FooBot\nDisallow: /%s/y\n", x),
	    arena_printf(&a, "/%s/z", x), "a longer line is cut");
	big = arena_printf(&a,
	    "User-agent: FooBot\nDisallow: /a\n#%s\n"
	    "Disallow: /bcd\n",
	    filled('x', LIMIT - 60));
	r = parse("FooBot", big);
	ok(!robots_check(r, "/bcd").allowed && !robots_truncated(r),
	    "500 KiB are read");
	r = robots_parse(&a, big, strlen(big), "FooBot", strlen(big) - 3);
	ok(robots_check(r, "/bcd").allowed && robots_truncated(r),
	    "a rule cut by the limit does not count");
	ok(!robots_check(r, "/a").allowed, "those before it do");
}

static void
is_quick(void)
{
	char *text = arena_alloc(&a, LIMIT + 100), *at = text;
	char *url = arena_printf(&a, "/%s", filled('a', 2000));
	struct robots *r;
	double t0 = cpu();

	at += snprintf(at, 40, "User-agent: *\n");
	while (at - text < LIMIT - 40)
		at += snprintf(at, 40, "Disallow: /*a*a*a*a*a*a*a*b\n");
	r = parse("FooBot", text);
	for (int i = 0; i < 20; i++)
		if (!robots_check(r, url).allowed)
			abort();
	ok(cpu() - t0 < 0.5, "20 URLs against 500 KiB of stars: %.3f s",
	    cpu() - t0);
}

int
main(void)
{
	reads_lines();
	reads_typos();
	finds_its_group();
	the_longest_wins();
	stars_and_dollars();
	escapes();
	finds_the_path();
	says_why();
	other_lines();
	limits();
	is_quick();
	arena_release(&a);
	return done();
}
