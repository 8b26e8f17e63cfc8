/* site_input: what people type as a hostname is understood or explained. */
#include "t/tap.h"

#include "core/site_input.h"

#include <string.h>

static struct arena a;

static void
takes(void)
{
	static const struct {
		const char *in, *scheme, *host, *display;
		int port;
		const char *include;
	} t[] = {
	    {"example.org", NULL, "example.org", "example.org", 0, NULL},
	    {" Example.ORG. ", NULL, "example.org", "example.org", 0, NULL},
	    {"\xe2\x80\x9c"
	     "example.org\xe2\x80\x9d",
		NULL, "example.org", "example.org", 0, NULL},
	    {"\xef\xbb\xbf"
	     "example.org\xe2\x80\x8b",
		NULL, "example.org", "example.org", 0, NULL},
	    {"http://example.org", "http", "example.org", "example.org", 0,
		NULL},
	    {"HTTPS://example.org/", "https", "example.org", "example.org", 0,
		NULL},
	    {"https:example.org", "https", "example.org", "example.org", 0,
		NULL},
	    {"https:\\\\example.org\\docs\\", "https", "example.org",
		"example.org", 0, "/docs/**"},
	    {"http://https://example.org/", "https", "example.org",
		"example.org", 0, NULL},
	    {"//example.org/x/", NULL, "example.org", "example.org", 0,
		"/x/**"},
	    {"example.org:8080", NULL, "example.org", "example.org", 8080,
		NULL},
	    {"example.org:443", "https", "example.org", "example.org", 0, NULL},
	    {"example.org:80/", "http", "example.org", "example.org", 0, NULL},
	    {"example.org:", NULL, "example.org", "example.org", 0, NULL},
	    {"http://example.org:443/", "http", "example.org", "example.org",
		443, NULL},
	    {"https://example.org/docs/", "https", "example.org", "example.org",
		0, "/docs/**"},
	    {"example.org/docs", NULL, "example.org", "example.org", 0,
		"/docs/**"},
	    {"example.org/docs/index.html?x=1#y", NULL, "example.org",
		"example.org", 0, "/docs/**"},
	    {"example.org/about.html", NULL, "example.org", "example.org", 0,
		NULL},
	    {"example.org/a/v1.2", NULL, "example.org", "example.org", 0,
		"/a/v1.2/**"},
	    {"example.org/a/*/b", NULL, "example.org", "example.org", 0,
		"/a/*/b"},
	    {"example.org/\xc3\xbc/", NULL, "example.org", "example.org", 0,
		"/%C3%BC/**"},
	    {"example.org?a=b", NULL, "example.org", "example.org", 0, NULL},
	    {"B\xc3\xbc"
	     "cher.example",
		NULL, "xn--bcher-kva.example",
		"b\xc3\xbc"
		"cher.example",
		0, NULL},
	    {"xn--bcher-kva.example", NULL, "xn--bcher-kva.example",
		"b\xc3\xbc"
		"cher.example",
		0, NULL},
	    {"\xd0\xbf\xd1\x80\xd0\xb8\xd0\xbc\xd0\xb5\xd1\x80."
	     "\xd1\x80\xd1\x84",
		NULL, "xn--e1afmkfd.xn--p1ai",
		"\xd0\xbf\xd1\x80\xd0\xb8\xd0\xbc\xd0\xb5\xd1\x80."
		"\xd1\x80\xd1\x84",
		0, NULL},
	    {"\xe4\xbe\x8b\xe3\x81\x88"
	     "abc\xe3\x80\x82jp",
		NULL, "xn--abc-763b408n.jp",
		"\xe4\xbe\x8b\xe3\x81\x88"
		"abc.jp",
		0, NULL},
	    {"localhost", NULL, "localhost", "localhost", 0, NULL},
	    {"192.0.2.1", NULL, "192.0.2.1", "192.0.2.1", 0, NULL},
	    {"2130706433", NULL, "127.0.0.1", "127.0.0.1", 0, NULL},
	    {"0x7f000001", NULL, "127.0.0.1", "127.0.0.1", 0, NULL},
	    {"0177.1", NULL, "127.0.0.1", "127.0.0.1", 0, NULL},
	    {"[::1]:8080", NULL, "[::1]", "[::1]", 8080, NULL},
	    {"::1", NULL, "[::1]", "[::1]", 0, NULL},
	    {"2001:DB8::1", NULL, "[2001:db8::1]", "[2001:db8::1]", 0, NULL},
	    {"http://[::ffff:127.0.0.1]/", "http", "[::ffff:127.0.0.1]",
		"[::ffff:127.0.0.1]", 0, NULL},
	};
	struct site_input s;
	const char *why;

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		enum rc rc = site_input_parse(&a, t[i].in, &s, &why);

		if (!ok(rc == OK, "'%s' is taken", t[i].in)) {
			printf("# %s\n", why);
			continue;
		}
		is(s.scheme, t[i].scheme, "its scheme");
		is(s.host, t[i].host, "its host");
		is(s.display, t[i].display, "its host for people");
		is_int(s.port, t[i].port, "its port");
		is(s.include, t[i].include, "its path as a filter");
	}
}

static void
explained(const char *in, const char *part, const char *what)
{
	struct site_input s;
	const char *why;
	enum rc rc = site_input_parse(&a, in, &s, &why);

	if (!ok(rc == E_INPUT && strstr(why, part) != NULL, "%s is explained",
		what))
		printf("# rc %d: %s\n", rc, rc ? why : s.name);
}

static void
explains(void)
{
	static const struct {
		const char *in, *part; /* of the sentence */
	} t[] = {
	    {"", "Enter a hostname"},
	    {"  \t ", "Enter a hostname"},
	    {"http://", "contain a hostname"},
	    {".", "dot"},
	    {"..", "dot"},
	    {".example.org", "dot"},
	    {"example..org", "dot"},
	    {"-example.org", "hyphen"},
	    {"example-.org", "hyphen"},
	    {"exa mple.org", "one hostname at a time"},
	    {"a.org, b.org", "one hostname at a time"},
	    {"a.org\nb.org", "line break"},
	    {"user@example.org", "only the hostname: example.org"},
	    {"http://u:p@example.org/", "user name"},
	    {"ftp://example.org/", "an http or https address"},
	    {"javascript:alert(1)", "an http or https address"},
	    {"mailto:a@example.org", "an http or https address"},
	    {"file:///etc/passwd", "an http or https address"},
	    {"example.org:99999", "65535"},
	    {"example.org:0", "65535"},
	    {"example.org:http", "65535"},
	    {"example.org:-1", "65535"},
	    {"1.2.3.4.5", "IP address"},
	    {"256.1.1.1", "IP address"},
	    {"example.123", "IP address"},
	    {"[::1", "IPv6"},
	    {"[::x]", "IPv6"},
	    {"[::1]x", "not a hostname"},
	    {"fe80::1%eth0", "port"},
	    {"[fe80::1%eth0]", "IPv6 zones"},
	    {"exam$ple.org", "character"},
	    {"<script>alert(1)</script>", "character"},
	    {"a_b%00.org", "character"},
	    {"xn--\xc3\xa4.org", "xn--"},
	    {"p\xd0\xb0ypal.com", "mixes Latin and Cyrillic"},
	    {"\xff\xfe.org", "UTF-8"},
	    {"\xe2\x82", "UTF-8"},
	};
	char *big = arena_alloc(&a, 5000);
	struct site_input s;
	const char *why;

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		explained(t[i].in, t[i].part, t[i].in);
	memset(big, 'a', 4999);
	explained(big, "4999 characters", "5 kB");
	big[300] = '\0';
	explained(big, "253", "300 bytes");
	for (int i = 50; i < 300; i += 50)
		big[i] = '.';
	explained(big, "253", "300 bytes with dots");
	big[100] = '\0';
	big[50] = 'a';
	explained(big, "63", "a long label");
	for (int i = 0; i < 140; i += 2)
		memcpy(big + i, "\xc3\xbc", 2);
	big[140] = '\0';
	explained(big, "63", "a long label in Unicode");
	ok(site_input_parse(&a, NULL, &s, &why) == E_INPUT, "nothing at all");
}

static void
makes_a_url(void)
{
	struct site_input s;
	const char *why;

	if (site_input_parse(&a, "example.org:8080/x/", &s, &why) != OK)
		abort();
	is(s.name, "example.org:8080", "its name has the port");
	is(site_input_url(&a, &s, "https"), "https://example.org:8080/",
	    "the home page of what was typed without a scheme");
	if (site_input_parse(&a, "http://[::1]/", &s, &why) != OK)
		abort();
	is(site_input_url(&a, &s, "https"), "http://[::1]/", "and with one");
}

int
main(void)
{
	takes();
	explains();
	makes_a_url();
	arena_release(&a);
	return done();
}
