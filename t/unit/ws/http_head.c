/* What the sidecar reads in the head of a request. */
#include "t/tap.h"
#include "ws/http_head.h"

static struct arena a;

static int
parse(const char *text, struct http_head *h)
{
	const char *why = NULL;
	int status = http_head_parse(&a, text, strlen(text), h, &why);

	ok((status == 0) == (why == NULL), "a sentence if it is bad");
	return status;
}

static void
ends_at_its_empty_line(void)
{
	static const char text[] = "\r\nGET / HTTP/1.1\r\nA: b\r\n\r\nmore";
	size_t whole = sizeof(text) - 1 - 4;

	for (size_t n = 0; n < whole; n++)
		ok(((long)http_head_length(text, n)) == (0),
		    "not after %zu bytes", n);
	is_int((long)http_head_length(text, sizeof(text) - 1), (long)whole,
	    "and not behind it");
	is_int((long)http_head_length("A\n\nB", 4), 3, "line feeds alone");
	is_int((long)http_head_length("A\n\r\nB", 5), 4, "mixed");
	is_int(
	    (long)http_head_length("\r\n\r\n", 4), 0, "nothing but line ends");
}

static void
reads_an_address(void)
{
	struct http_head h;

	is_int(parse("GET /a%2Fb?x=1+2&y=%C3%BC&&z&x=%2B HTTP/1.1\r\nHost: "
		     "h\r\n\r\n",
		   &h),
	    0, "good");
	is(h.method, "GET", "method");
	is(h.path, "/a/b", "path, decoded");
	is_int(h.nargs, 4, "parameters");
	is(h.args[0].value, "1 2", "a plus is a space");
	is(h.args[1].value, "\xc3\xbc", "UTF-8");
	is(h.args[2].value, "", "none");
	is(h.args[3].value, "+", "a coded plus");
	is_int(h.minor, 1, "version");
	is_int(parse("HEAD https://h/b?c HTTP/1.0\n\n", &h), 0, "absolute");
	is(h.path, "/b", "its path");
	is_int(parse("GET http://h HTTP/1.0\n\n", &h), 0, "without a path");
	is(h.path, "/", "the root");
	is_int(parse("OPTIONS * HTTP/1.0\n\n", &h), 0, "all of it");
}

static void
reads_fields(void)
{
	struct http_head h;

	is_int(parse("GET / HTTP/1.1\r\nHost: h\r\nX-A:b\r\ncookie: c=1\r\n"
		     "X-a: \t d e \t\r\nCookie: f=2\r\nEmpty:\r\n\r\n",
		   &h),
	    0, "good");
	is(http_head_field(&a, &h, "x-a"), "b, d e", "several are a list");
	is(http_head_field(&a, &h, "cookie"), "c=1; f=2",
	    "of cookies another one");
	is(http_head_field(&a, &h, "empty"), "", "an empty one");
	ok(http_head_field(&a, &h, "none") == NULL, "and none");
	ok(http_head_has_token("keep-alive , UPGRADE", "upgrade"),
	    "a word in a list");
	ok(!http_head_has_token("upgrades, x-upgrade", "upgrade"),
	    "not a part of one");
	ok(!http_head_has_token(NULL, "upgrade"), "nor in none");
	is(http_head_first_token(&a, " , a b,\"c\", d.e ,f"), "d.e",
	    "the first token");
	ok(http_head_first_token(&a, " , ,") == NULL, "or none");
}

static void
refuses(void)
{
	static const struct {
		const char *text;
		int status;
	} cases[] = {
	    {"\n\n", 400},
	    {"GET\n\n", 400},
	    {"GET /\n\n", 400},
	    {"GET / HTTP/2.0\n\n", 505},
	    {"GET / HTTP/1.11\n\n", 400},
	    {"GET / HTTP/1.1 \nHost: h\n\n", 400},
	    {"GET / HTTP/1.1\n\n", 400},
	    {"GET x HTTP/1.0\n\n", 400},
	    {"GET /% HTTP/1.0\n\n", 400},
	    {"GET /?a=%0 HTTP/1.0\n\n", 400},
	    {"GET /?%00 HTTP/1.0\n\n", 400},
	    {"GET /\xff HTTP/1.0\n\n", 400},
	    {"GET / HTTP/1.0\n: a\n\n", 400},
	    {"GET / HTTP/1.0\na b: c\n\n", 400},
	    {"GET / HTTP/1.0\na: b\n c\n\n", 400},
	    {"GET / HTTP/1.0\na: b\rc\n\n", 400},
	    {"GET / HTTP/1.0\nHost: a\nhost: b\n\n", 400},
	};
	struct http_head h;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ok((parse(cases[i].text, &h)) == (cases[i].status),
		    "request %zu", i);
	is_int(parse("FOO /events?%0 HTTP/1.1\nX-Request-Id: 7\n\n", &h), 400,
	    "one that is bad");
	is(h.method, "FOO", "still has a method");
	is(http_head_field(&a, &h, "x-request-id"), "7",
	    "and is called by its name");
}

int
main(void)
{
	arena_init(&a);
	ends_at_its_empty_line();
	reads_an_address();
	reads_fields();
	refuses();
	arena_release(&a);
	return done();
}
