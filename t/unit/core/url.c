/* url: one page has one address, whatever way a site writes it. */
#include "t/cpu.h"
#include "t/tap.h"

#include "core/log.h"
#include "core/url.h"
#include "core/url_glob.h"

#include <string.h>

static struct arena a;

struct pair {
	const char *in, *want, *what;
};

static void
normalizes(void)
{
	static const struct pair t[] = {
	    {"HTTP://Example.ORG", "http://example.org/", "case and path"},
	    {"http://example.org:80/", "http://example.org/", "port 80"},
	    {"https://example.org:443/x", "https://example.org/x", "443"},
	    {"https://example.org:80/x", "https://example.org:80/x",
		"80 is not https's own port"},
	    {"http://example.org:/x", "http://example.org/x", "empty port"},
	    {"http://example.org./x", "http://example.org/x", "root dot"},
	    {"http://example.org/a/./b/../c", "http://example.org/a/c",
		"dot segments"},
	    {"http://example.org/../../x", "http://example.org/x",
		"dots above the root"},
	    {"http://example.org/a/%2e%2E/b", "http://example.org/b",
		"encoded dots"},
	    {"http://example.org/a/..", "http://example.org/", "dots at end"},
	    {"http://example.org/a/.", "http://example.org/a/", "a last dot"},
	    {"http://example.org/.well-known/x",
		"http://example.org/.well-known/x", "a name with a dot"},
	    {"http://example.org/%7euser/%41", "http://example.org/~user/A",
		"letters are not encoded"},
	    {"http://example.org/%c3%bc%2f", "http://example.org/%C3%BC%2F",
		"hex in upper case"},
	    {"http://example.org/b\xc3\xbc cher",
		"http://example.org/b%C3%BC%20cher", "UTF-8 and a space"},
	    {"http://example.org/100%", "http://example.org/100%25",
		"a lone percent sign"},
	    {"http://example.org/a%2", "http://example.org/a%252",
		"half an escape"},
	    {"http://example.org/x#top", "http://example.org/x", "fragment"},
	    {"http://example.org/x?", "http://example.org/x", "empty query"},
	    {"http://example.org?a=1", "http://example.org/?a=1", "no path"},
	    {"http://example.org/?utm_source=x&a=1&UTM_medium=y&gclid=1",
		"http://example.org/?a=1", "tracking parameters"},
	    {"http://example.org/?fbclid=abc", "http://example.org/",
		"nothing but tracking"},
	    {"http://example.org/?%75tm_source=1&b", "http://example.org/?b",
		"an encoded tracker"},
	    {"http://example.org/?utm=1", "http://example.org/?utm=1",
		"utm alone is no tracker"},
	    {"http://example.org/?a=1&&b=2&", "http://example.org/?a=1&b=2",
		"empty parameters"},
	    {"http://example.org/?a[]=1", "http://example.org/?a%5B%5D=1",
		"brackets"},
	    {"http://example.org/p;jsessionid=0A1B/q?x=1",
		"http://example.org/p/q?x=1", "session id in the path"},
	    {"http://example.org/?PHPSESSID=1&b=2", "http://example.org/?b=2",
		"session id in the query"},
	    {"http://example.org/a?sid=3d028aba7e644f608debbb8a36a253bf",
		"http://example.org/a", "a forum's session"},
	    {"http://example.org/a?b=1&session_id=k4uq0v8s2m1t7e5c9a3b6d0f1g",
		"http://example.org/a?b=1", "PHP's session by another name"},
	    {"http://example.org/a?s=3d028aba7e644f608debbb8a36a253bf",
		"http://example.org/a", "a forum's short session"},
	    {"http://example.org/news?sid=1234",
		"http://example.org/news?sid=1234", "the number of a story"},
	    {"http://example.org/?s=how+to+count+lines",
		"http://example.org/?s=how+to+count+lines", "a search"},
	    {"http://example.org/talks?sid=keynote-of-monday-2024",
		"http://example.org/talks?sid=keynote-of-monday-2024",
		"words are no session"},
	    {"  http://example.org/a\n\tb \r\n", "http://example.org/ab",
		"white space"},
	    {"http:\\\\example.org\\a\\b?c\\d", "http://example.org/a/b?c%5Cd",
		"backslashes"},
	    {"http://B\xc3\xbc"
	     "cher.example/",
		"http://xn--bcher-kva.example/", "IDN"},
	    {"http://xn--bcher-kva.example/", "http://xn--bcher-kva.example/",
		"punycode stays"},
	    {"http://127.1/", "http://127.0.0.1/", "short IPv4"},
	    {"http://2130706433/", "http://127.0.0.1/", "decimal IPv4"},
	    {"http://0x7f.0.0.1/", "http://127.0.0.1/", "hex IPv4"},
	    {"http://0x7f%30%300001/", "http://127.0.0.1/", "escaped hex IPv4"},
	    {"http://0177.0.0.1/", "http://127.0.0.1/", "octal IPv4"},
	    {"http://127.0.0.1./", "http://127.0.0.1/", "IPv4 and a dot"},
	    {"http://\xef\xbc\x91\xef\xbc\x92\xef\xbc\x97.0.0.1/",
		"http://127.0.0.1/", "wide digits"},
	    {"http://%31%32%37.0.0.1/", "http://127.0.0.1/", "encoded host"},
	    {"http://[2001:DB8:0:0::1]:8080/", "http://[2001:db8::1]:8080/",
		"IPv6"},
	    {"http://[::ffff:7f00:1]/", "http://[::ffff:127.0.0.1]/",
		"mapped IPv4"},
	    {"http://a_b.example.org/", "http://a_b.example.org/",
		"an underscore"},
	    {"https:/example.org/x", "https://example.org/x",
		"one slash before the host, as browsers follow it"},
	    {"http:example.org/x", "http://example.org/x", "no slash"},
	    {"http:////example.org/x", "http://example.org/x", "four slashes"},
	    {"HTTPS:\\/example.org\\x", "https://example.org/x",
		"slashes of both kinds"},
	    {"ht\ntps:\t/\r/exam\tple.org", "https://example.org/",
		"a link broken over lines anywhere"},
	    {"http://example.org:0080/x", "http://example.org/x",
		"a port with zeros before it"},
	    {"http://0x7f.1/", "http://127.0.0.1/", "hex and short"},
	    {"http://1.2.3/", "http://1.2.0.3/", "three parts"},
	    {"http://0/", "http://0.0.0.0/", "zero"},
	    {"http://0xffffffff/", "http://255.255.255.255/", "all ones"},
	    {"http://ex\xc2\xad"
	     "ample.org/",
		"http://example.org/", "a soft hyphen in the host is none"},
	    {"http://example\xe3\x80\x82org/", "http://example.org/",
		"an ideographic dot"},
	    {"http://xn--ls8h.example/", "http://xn--ls8h.example/",
		"a host that is an emoji"},
	    {"http://r3---sn-a.example/", "http://r3---sn-a.example/",
		"three hyphens in a host that is no IDN"},
	    {"http://example.org/?q='a'", "http://example.org/?q=%27a%27",
		"a quote in a query"},
	    {"http://example.org/it's", "http://example.org/it's",
		"a quote in a path"},
	};

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		is(url_normalize(&a, t[i].in), t[i].want, t[i].what);
}

static void
refuses(void)
{
	static const char *const t[] = {"", "example.org", "/a", "ftp://a/",
	    "javascript:alert(1)", "mailto:a@b", "http:", "http:///", "http://",
	    "http://?a", "http://user@example.org/",
	    "http://user:pw@example.org/", "http://a..b/", "http://.a/",
	    "http://a/\x01x", "http://a b/", "http://1.2.3.4.5/",
	    "http://256.1.1.1/", "http://[::1/", "http://[fe80::1%25eth0]/",
	    "http://[1.2.3.4]/", "http://example.org:99999/",
	    "http://example.org:0/", "http://example.org:x/",
	    "http://exa<mple.org/", "http://xn--\xc3\xa4/", "http://a%00b/",
	    "http://a%2fb/", "http://a.0x1/", "http://a.0x/",
	    "http://\xff\xfe/", "file:///etc/passwd",
	    /* What is an escape only after the mapping names no other host. */
	    "http://%EF%BC%85%EF%BC%94%EF%BC%91.com/",
	    "http://\xef\xbc\x85\xef\xbc\x94\xef\xbc\x91.com/",
	    "http://%2541.com/", "http://a%252e.com/", "http://%EF%BC%8Fa.com/",
	    "http://a\xef\xbc\x8f"
	    "b.com/",
	    "http://a\xef\xbc\xa0"
	    "b.com/",
	    "http://a\xef\xbc\x9a"
	    "80/",
	    "http://a\xe2\x84\x80.com/", "http://\xc2\xad/", "http://%C2%AD/",
	    "http://xn--/", "http://xn--a/", "http://xn--pokxncvks/",
	    "http://a.xn--zn7c.com/", "http://1.2.3.08/", "http://1.2.3.4.5/",
	    "http://4294967296/", "http://0x100000000/", "http://1..2/",
	    "http://1.2.3.256/", "http://1.65536.1/", "http://09.1.1.1/",
	    "http://a:65536/", "http://a:-1/", "http://a:8a/",
	    "http://a:80:80/", "http://[::1]a/", "http://[::1", "http://::1/",
	    "http://[v1.a]/", "http://[1:2:3:4:5:6:7:8:9]/", "http://@a/",
	    "http://:@a/", "http://a b", "http://a%20b/", "http://a%09b/",
	    "http://a<b", "h_ttp://a/", "https//a", "://a/"};
	char *longest = arena_alloc(&a, URL_MAX_BYTES + 100);

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		ok(url_normalize(&a, t[i]) == NULL, "refused: '%s'", t[i]);
	memset(longest, 'a', URL_MAX_BYTES + 20);
	memcpy(longest, "http://a/", 9);
	ok(url_normalize(&a, longest) == NULL, "refused: an endless URL");
	memset(longest + 9, '\xfc', 2000);
	longest[2009] = '\0';
	ok(url_normalize(&a, longest) == NULL, "refused: endless once encoded");
	is(url_normalize(&a, "http://foo\\@127.0.0.1/"),
	    "http://foo/@127.0.0.1/", "a backslash ends the host");
}

static void
has_parts(void)
{
	struct url u;

	ok(url_parse(&a, "https://Example.org:8443/a%20b/c?d=1#e", &u) == OK,
	    "an URL with everything parses");
	is(u.scheme, "https", "scheme");
	is(u.host, "example.org", "host");
	is_int(u.port, 8443, "port");
	is(u.path, "/a%20b/c", "path");
	is(u.query, "d=1", "query");
	is(u.target, "/a%20b/c?d=1", "target");
	ok(!url_port_is_default(&u), "8443 must be written");
}

static void
resolves(void)
{
	static const struct pair t[] = {
	    /* RFC 3986, 5.4, with the canonical form's query and fragment. */
	    {"g", "http://a.b/b/c/g", "g"},
	    {"./g", "http://a.b/b/c/g", "./g"},
	    {"g/", "http://a.b/b/c/g/", "g/"},
	    {"/g", "http://a.b/g", "/g"},
	    {"//g.h", "http://g.h/", "//g.h"},
	    {"?y", "http://a.b/b/c/d;p?y", "?y"},
	    {"g?y", "http://a.b/b/c/g?y", "g?y"},
	    {"#s", "http://a.b/b/c/d;p?q", "#s"},
	    {"g#s", "http://a.b/b/c/g", "g#s"},
	    {"g?y#s", "http://a.b/b/c/g?y", "g?y#s"},
	    {";x", "http://a.b/b/c/;x", ";x"},
	    {"g;x", "http://a.b/b/c/g;x", "g;x"},
	    {"", "http://a.b/b/c/d;p?q", "nothing"},
	    {".", "http://a.b/b/c/", "."},
	    {"./", "http://a.b/b/c/", "./"},
	    {"..", "http://a.b/b/", ".."},
	    {"../", "http://a.b/b/", "../"},
	    {"../g", "http://a.b/b/g", "../g"},
	    {"../..", "http://a.b/", "../.."},
	    {"../../g", "http://a.b/g", "../../g"},
	    {"../../../g", "http://a.b/g", "../../../g"},
	    {"/./g", "http://a.b/g", "/./g"},
	    {"/../g", "http://a.b/g", "/../g"},
	    {"g.", "http://a.b/b/c/g.", "g."},
	    {".g", "http://a.b/b/c/.g", ".g"},
	    {"g..", "http://a.b/b/c/g..", "g.."},
	    {"./../g", "http://a.b/b/g", "./../g"},
	    {"g;x=1/../y", "http://a.b/b/c/y", "g;x=1/../y"},
	    {"g?y/./x", "http://a.b/b/c/g?y/./x", "dots in a query"},
	    {"g?y?z", "http://a.b/b/c/g?y?z", "two question marks"},
	    {"https://A.B/x", "https://a.b/x", "another scheme"},
	    {"http://a.b/x?utm_id=1", "http://a.b/x", "the same site, whole"},
	    {"http://a.b:81/x", "http://a.b:81/x", "another port"},
	    {"http://a.bc/x", "http://a.bc/x", "a longer host"},
	    {"http://a.b", "http://a.b/", "the site alone"},
	    {" g h ", "http://a.b/b/c/g%20h", "spaces"},
	    {"g\nh", "http://a.b/b/c/gh", "a line break"},
	    {"\\g\\h", "http://a.b/g/h", "backslashes"},
	    {"a:b", NULL, "an unknown scheme"},
	    {"mailto:x@a.b", NULL, "mailto"},
	    {"javascript:void(0)", NULL, "javascript"},
	    {"JAVASCRIPT://a.b/", NULL, "javascript with slashes"},
	    {"//user@a.b/", NULL, "a user"},
	    {"http:g", "http://a.b/b/c/g", "a scheme without slashes"},
	    {"http:/g", "http://a.b/g", "a scheme and one slash"},
	    {"http:", "http://a.b/b/c/d;p?q", "a scheme alone"},
	    {"http:?y", "http://a.b/b/c/d;p?y", "a scheme and a query"},
	    {"https:g", "https://g/", "another scheme without slashes"},
	    {"https:/g.h/i", "https://g.h/i", "another scheme, one slash"},
	    {"http:///g.h/i", "http://g.h/i", "the scheme, three slashes"},
	    {"///g.h/i", "http://g.h/i", "three slashes"},
	    {"/\\g.h\\i", "http://g.h/i", "a slash and a backslash"},
	    {"\\\\g.h/i", "http://g.h/i", "two backslashes"},
	    {"/\t/g.h/i", "http://g.h/i", "a tab between slashes"},
	    {" \n //g.h/i", "http://g.h/i", "white space before"},
	    {"///", NULL, "slashes alone"},
	    {"//", NULL, "two slashes alone"},
	    {"https:", NULL, "another scheme alone"},
	    {"a_b:c", "http://a.b/b/c/a_b:c", "no scheme has an underscore"},
	    {"1:2", "http://a.b/b/c/1:2", "no scheme begins with a digit"},
	    {"//%EF%BC%85%EF%BC%94%EF%BC%91.com", NULL, "an escaped escape"},
	    {"./a:b", "http://a.b/b/c/a:b", "a colon in a name"},
	};
	struct url base, u;

	ok(url_parse(&a, "http://a.b/b/c/d;p?q", &base) == OK, "base");
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		is(url_resolve(&a, &base, t[i].in, &u) == OK ? u.text : NULL,
		    t[i].want, t[i].what);
}

static int
same(const char *x, const char *y)
{
	struct url u, v;

	if (url_parse(&a, x, &u) != OK || url_parse(&a, y, &v) != OK)
		return -1;
	return url_same_site(&u, &v);
}

static void
knows_its_site(void)
{
	is_int(same("http://a.b/", "https://www.a.b/x"), 1, "www and https");
	is_int(same("http://a.b/", "http://c.a.b/"), 0, "a subdomain");
	is_int(same("http://a.b/", "http://a.b:8080/"), 0, "another port");
	is_int(same("http://a.b:8080/", "http://www.a.b:8080/"), 1,
	    "the same odd port");
	is_int(same("http://www.org/", "http://org/"), 0, "www.org");
}

static int
twins(const char *x, const char *y)
{
	struct url u, v;

	if (url_parse(&a, x, &u) != OK || url_parse(&a, y, &v) != OK)
		return -1;
	return strcmp(url_twin_key(&a, &u), url_twin_key(&a, &v)) == 0;
}

static void
joins_twins(void)
{
	is_int(twins("http://a.b/x", "https://www.a.b/x/"), 1, "https, www, /");
	is_int(twins("http://a.b/", "http://a.b/index.html"), 1, "index.html");
	is_int(
	    twins("http://a.b/d/", "http://a.b/d/INDEX.PHP"), 1, "index.php");
	is_int(twins("http://a.b/d", "http://a.b/d/Default.htm"), 1, "default");
	is_int(twins("http://a.b//d///e", "http://a.b/d/e/"), 1, "slashes");
	is_int(twins("http://a.b/?b=2&a=1", "http://a.b/?a=1&b=2"), 1, "order");
	is_int(twins("http://a.b/?b=2&b=1", "http://a.b/?b=1&b=2"), 0,
	    "the order of one name counts");
	is_int(twins("http://a.b/f(x)", "http://a.b/f%28x%29"), 1, "brackets");
	is_int(twins("http://a.b/x", "http://a.b/X"), 0, "case counts");
	is_int(twins("http://a.b/x", "http://a.b/x.html"), 0, "suffix counts");
	is_int(twins("http://a.b/?a=1", "http://a.b/"), 0, "a query counts");
	is_int(twins("http://a.b/%2f", "http://a.b/"), 0, "%2F is no slash");
	is_int(twins("http://a.b:81/", "http://a.b/"), 0, "a port counts");
	is_int(twins("http://a.b/(S(lit3py55t21z5v55vlm25s55))/x.aspx",
		   "http://a.b/x.aspx"),
	    1, "a session of ASP.NET in the path");
	is_int(twins("http://a.b/x/(A(b)S(lit3py55t21z5v55vlm25s55))/y",
		   "http://a.b/x/%28S(aaaaaaaaaaaaaaaa)%29/y"),
	    1, "any session");
	is_int(twins("http://a.b/(S(x))/y", "http://a.b/y"), 0,
	    "brackets alone are none");
}

static void
globs(void)
{
	static const struct {
		const char *pattern, *url;
		int want;
	} t[] = {
	    {"/docs/", "/docs/a/b", 1},
	    {"/docs/", "/docs", 0},
	    {"/docs", "/docsify", 1},
	    {"docs/", "/docs/a", 1},
	    {"/docs/**", "/docs", 1},
	    {"/docs/**", "/docs/", 1},
	    {"/docs/**", "/docs/a/b/c", 1},
	    {"/docs/**", "/docsify", 0},
	    {"/docs/*", "/docs/a", 1},
	    {"/docs/*", "/docs/a/b", 0},
	    {"/*/docs/", "/en/docs/", 1},
	    {"/*/docs/", "/en/us/docs/", 0},
	    {"/**/docs/", "/en/us/docs/", 1},
	    {"/**/docs/", "/docs/", 1},
	    {"/a/**/b", "/a/b", 1},
	    {"/a/**/b", "/a/x/y/b", 1},
	    {"/a/**/b", "/a/xb", 0},
	    {"/a/**/b*c/d", "/a/bc/b/bxc/d", 1},
	    {"/**.html", "/a/b.html", 1},
	    {"*.pdf", "/a/b/c.pdf", 1},
	    {"*.pdf", "/a.pdf/c", 0},
	    {"*", "/", 1},
	    {"*", "/a/b", 1},
	    {"**", "/a/b", 1},
	    {"/**", "/", 1},
	    {"/*", "/", 1},
	    {"/*", "/a/b", 0},
	    {"/b\xc3\xbc"
	     "cher/*",
		"/b%C3%BCcher/x", 1},
	    {"/b%c3%bccher/",
		"/b\xc3\xbc"
		"cher/x",
		1},
	    {"/a%2A", "/a*", 1},
	    {"/a%2A", "/ab", 0},
	    {"/p?id=*", "/p?id=7", 1},
	    {"/p?id=", "/p?id=7&x", 1},
	    {"/p*", "/p?id=7", 1},
	    {"https://x.y/docs/*", "/docs/a", 1},
	    {"https://x.y", "/anything", 1},
	    {"/a*b*c*d", "/aXbXcXbXcXd", 1},
	    {"/a*b*c*d", "/aXbXcXbXcXe", 0},
	    {"", "/a", 1},
	    {"/**/**/b", "/b", 1},
	    {"/**/**/b", "/x/y/b", 1},
	    {"/a/**/**", "/a", 1},
	    {"/a/**/*", "/a", 0},
	    {"/a/**/*", "/a/b", 1},
	    {"/a/**/*/c", "/a/c", 0},
	    {"/a/**/*/c", "/a/b/c", 1},
	    {"/***", "/a/b", 1},
	    {"/***/b", "/a/b", 1},
	    {"/a**", "/a", 1},
	    {"/a**/b", "/a/b", 1},
	    {"/a**/b", "/axx/y/b", 1},
	    {"/a**/b", "/b", 0},
	    {"/a/**b", "/a/x/yb", 1},
	    {"**/b", "/b", 1},
	    {"**/b", "/a/c/b", 1},
	    {"**/b", "/ab", 0},
	    {"*/b", "/a/b", 1},
	    {"*b", "/a/b", 1},
	    {"/*/", "/a/", 1},
	    {"/*/", "/a", 0},
	    {"/a/*", "/a/", 1},
	    {"/a%2Fb", "/a%2fb", 1},
	    {"/a%2fb", "/a%2Fb", 1},
	    {"/a/b", "/a%2Fb", 0},
	    {"/a*c", "/a%2Fc", 1},
	    {"/p*?q=*", "/page?q=a", 1},
	    {"/**?*id=*", "/a/b?x=1&id=2", 1},
	    {"/%7Euser/*", "/~user/x", 1},
	    {"/%zz*", "/%25zz1", 1},
	    {"https://x.y/**", "/", 1},
	};
	uint64_t steps = 0;
	struct url u;

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		if (url_parse(&a, arena_printf(&a, "http://x.y%s", t[i].url),
			&u) != OK)
			abort();
		ok(url_glob_matches(
		       url_glob_new(&a, t[i].pattern), &u, &steps) == t[i].want,
		    "'%s' %s %s", t[i].pattern, t[i].want ? "takes" : "leaves",
		    t[i].url);
	}
}

/*
 * takes_in_steps: whether the pattern takes the path; *ms of processor time
 * and *steps it needed.
 */
static bool
takes_in_steps(const char *pattern, const char *path, double *s, uint64_t *n)
{
	struct url_glob *g = url_glob_new(&a, pattern);
	double t0 = cpu();
	struct url u;
	bool takes;

	if (url_parse(&a, arena_printf(&a, "http://x.y%s", path), &u) != OK)
		BUG("a test's path does not parse");
	*n = 0;
	takes = url_glob_matches(g, &u, n);
	*s = cpu() - t0;
	return takes;
}

static const char *
repeat(const char *first, const char *s, size_t times, const char *last)
{
	size_t n = strlen(s), k = strlen(first);
	char *out = arena_alloc(&a, k + n * times + strlen(last) + 1);

	memcpy(out, first, k);
	for (size_t i = 0; i < times; i++)
		memcpy(out + k + i * n, s, n);
	memcpy(out + k + times * n, last, strlen(last) + 1);
	return out;
}

/* No pattern that an order may have takes long for one address. */
static void
is_quick(void)
{
	static const struct {
		const char *first, *again, *last;
	} patterns[] = {{"/", "a*", "z"}, {"/", "**a*", "z"},
	    {"/", "*a**", "z"}, {"/", "**/a*", "z"}, {"/**/", "a/**/", "z"},
	    {"*", "aa*", "z"}, {"/", "a**b*", "z"}, {"**", "*/a*", "*z"}};
	static const char *const again[] = {"a", "a/", "ab", "/a", "aaab"};
	const size_t n = sizeof(patterns) / sizeof(patterns[0]);
	double s, worst = 0;
	uint64_t steps, most = 0;
	bool any = false;

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < sizeof(again) / sizeof(again[0]); k++) {
			any |= takes_in_steps(
			    repeat(patterns[i].first, patterns[i].again,
				4000 / strlen(patterns[i].again),
				patterns[i].last),
			    repeat("/", again[k], 4000 / strlen(again[k]), ""),
			    &s, &steps);
			worst = s > worst ? s : worst;
			most = steps > most ? steps : most;
		}
	ok(!any, "no hostile pattern takes a path without its end");
	ok(most <= URL_MAX_BYTES * (URL_MAX_BYTES / 64 + 2),
	    "in %llu steps at most", (unsigned long long)most);
	ok(worst < 0.25, "and %.4f s at most", worst);
	ok(takes_in_steps(repeat("/", "a*", 1500, "b"),
	       repeat("/", "ac", 1500, "b"), &s, &steps),
	    "one with its end is taken");
}

/* A quick no must never be said of an address that is on the site. */
static void
tells_what_is_elsewhere(void)
{
	static const char *const here[] = {"http://ex.org/", "HTTP://EX.ORG/a",
	    "https://www.ex.org/a", "http://ex.org./a", "http://x@ex.org/",
	    "http://ex.or%67/", "http:\\\\ex.org/?u=http://b.org/",
	    " http://ex.org", "http://e\nx.org/", "http://ex.org?b.org/",
	    "http://ex.org:80/", "http://ex.org#a"};
	struct url site;
	bool never = true;

	if (url_parse(&a, "http://ex.org/", &site) != OK)
		BUG("a plain URL is refused");
	for (size_t i = 0; i < sizeof(here) / sizeof(*here); i++)
		never &= !url_is_off_host(here[i], &site);
	ok(never, "no spelling of the site's own host is elsewhere");
	ok(url_is_off_host("https://b.org/a?x=http://ex.org/", &site) &&
		url_is_off_host("http://docs.ex.org", &site),
	    "other hosts are");
	if (url_parse(&a, "http://127.0.0.1/", &site) != OK)
		BUG("an address is refused");
	ok(!url_is_off_host("http://2130706433/", &site) &&
		!url_is_off_host("http://0x7f.1/", &site),
	    "a number may be the address");
}

int
main(void)
{
	normalizes();
	refuses();
	has_parts();
	resolves();
	knows_its_site();
	joins_twins();
	globs();
	is_quick();
	tells_what_is_elsewhere();
	arena_release(&a);
	return done();
}
