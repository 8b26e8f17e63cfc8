/* Whose pages may listen, and whose cookie counts. */
#include "t/tap.h"
#include "ws/auth.h"
#include "ws/origin.h"

#define TOKEN_A "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define TOKEN_B "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB"

static void
allows(int want, const char *origin, const char *site, const char *host,
    const char *forwarded, const char *public)
{
	struct origin o = {origin, site, host, forwarded, false};

	ok(origin_allowed(&o, public) == (want == 1), "%s from %s / %s at %s",
	    want ? "lets in" : "refuses", origin ? origin : "-",
	    site ? site : "-", host ? host : "-");
}

static void
origins(void)
{
	allows(1, NULL, NULL, "h", NULL, "");
	allows(1, "http://h", NULL, "h", NULL, "");
	allows(1, "http://h:8080", "same-origin", "h:8080", NULL, "");
	allows(1, "HTTP://H:8080", NULL, "h:8080", NULL, "");
	allows(1, "https://h", NULL, "h:443", NULL, "");
	allows(1, "http://h:80", NULL, "h", NULL, "");
	allows(0, "https://h", NULL, "h:80", NULL, "");
	allows(0, "http://h:8081", NULL, "h:8080", NULL, "");
	allows(0, "http://h.evil", NULL, "h", NULL, "");
	allows(0, "http://evil", NULL, "h", NULL, "");
	allows(0, "null", NULL, "h", NULL, "");
	allows(0, "", NULL, "h", NULL, "");
	allows(0, "http://", NULL, "", NULL, "");
	allows(0, "ftp://h", NULL, "h", NULL, "");
	allows(0, "http://h", NULL, NULL, NULL, "");
	allows(1, "https://p", NULL, "h", "p", "");
	allows(1, "https://p", NULL, "h", "evil, p", "");
	allows(0, "https://evil", NULL, "h", "evil, p", "");
	allows(1, "https://p", "cross-site", "h", NULL, "https://p");
	allows(0, "https://q", NULL, "h", NULL, "https://p");
	allows(1, NULL, "same-origin", "h", NULL, "");
	allows(1, NULL, "none", "h", NULL, "");
	allows(0, NULL, "cross-site", "h", NULL, "");
	allows(0, NULL, "same-site", "h", NULL, "");
}

/* A page that came without TLS does not listen to one that came by it. */
static void
origins_over_tls(void)
{
	struct origin o = {"http://h", NULL, "h", "h", true};

	ok(!origin_allowed(&o, ""), "over TLS a page without it is foreign");
	o.origin = "https://h";
	ok(origin_allowed(&o, ""), "and one with it is ours");
	o.https = false;
	ok(origin_allowed(&o, ""), "also where TLS ends before us");
}

static void
cookie(const char *header, const char *want, const char *name)
{
	struct arena a;

	arena_init(&a);
	is(auth_token(&a, header, false), want, name);
	arena_release(&a);
}

static void
over_https(void)
{
	struct arena a;

	arena_init(&a);
	is(auth_token(&a, "sid=" TOKEN_A, true), NULL,
	    "over https the plain one may be planted");
	is(auth_token(&a, "__Host-sid=" TOKEN_A, true), TOKEN_A,
	    "that of the host is not");
	arena_release(&a);
}

static void
cookies(void)
{
	cookie(NULL, NULL, "no cookie at all");
	cookie("", NULL, "an empty one");
	cookie("sid=" TOKEN_A, TOKEN_A, "over http");
	cookie("__Host-sid=" TOKEN_A, TOKEN_A, "over https");
	cookie("sid=" TOKEN_A "; __Host-sid=" TOKEN_B, TOKEN_B,
	    "the one that only we can set counts more");
	cookie("a=b; sid=" TOKEN_A "; c=d", TOKEN_A, "among others");
	cookie("a=b;sid=" TOKEN_A " ;c=d", TOKEN_A, "with odd blanks");
	cookie("xsid=" TOKEN_A, NULL, "another name");
	cookie("sid=short", NULL, "no token");
	cookie("sid=" TOKEN_B "; sid=" TOKEN_A, NULL,
	    "one of two is not ours, and we cannot know which");
	over_https();
	cookie("sid=" TOKEN_A "A", NULL, "too long a token");
	cookie(";;;=;sid", NULL, "nonsense");
}

int
main(void)
{
	origins();
	origins_over_tls();
	cookies();
	return done();
}
