/* Queries and forms: what is not text never gets in. */
#include "fcgi/params.h"

#include "t/tap.h"

static enum rc
parse(struct arena *a, const char *s, struct params *p, const char **why)
{
	*why = NULL;
	return params_parse(a, s, strlen(s), p, why);
}

static void
reads_pairs(struct arena *a)
{
	struct params p;
	const char *why;

	ok(parse(a, "hostname=b%C3%BCcher.example&limit=5&x&&y=", &p, &why) ==
		OK,
	    "a usual query is read");
	is_int((long long)p.n, 4, "empty pairs do not count");
	is(params_get(&p, "hostname"),
	    "b\xc3\xbc"
	    "cher.example",
	    "escapes are decoded");
	is(params_get(&p, "x"), "", "a name alone has an empty value");
	is(params_get(&p, "y"), "", "and so has one with nothing after =");
	ok(params_get(&p, "z") == NULL, "what was not sent is not there");
	ok(parse(a, "a=1+2%2B3", &p, &why) == OK, "a plus sign");
	is(params_get(&p, "a"), "1 2+3", "is a space, and %2B is a plus");
	ok(parse(a, "a=b=c&d==", &p, &why) == OK, "more than one =");
	is(params_get(&p, "a"), "b=c", "the first one divides");
	is(params_get(&p, "d"), "=", "and only the first");
	ok(parse(a, "include=%0D%0A%09x", &p, &why) == OK,
	    "line breaks of a text area");
}

static void
names_the_place(struct arena *a)
{
	struct params p;
	const char *why;

	is_int(parse(a, "x=1&text=a%0D%0Ab%0D%0Ac%07", &p, &why), E_INPUT,
	    "a bell in a text area");
	is(why,
	    "the field \"text\" is wrong: it has a control character (U+0007) "
	    "in line 3",
	    "is told with its field and line");
}

static void
readable(struct arena *a, const char *path, const char *want, const char *name)
{
	is(params_readable(a, path, strlen(path)), want, name);
}

static void
shows_paths_as_people_write_them(struct arena *a)
{
	readable(a, "/docs/*", "/docs/*", "a plain path");
	readable(a, "/%D0%BF%d1%80/*", "/\xd0\xbf\xd1\x80/*", "other letters");
	readable(a, "/a%2Fb%20c%3Cd", "/a%2Fb%20c%3Cd",
	    "what ASCII has a reason to be escaped");
	readable(a, "/%FF/x", "/%FF/x", "no UTF-8");
	readable(a, "/%E2%80%AEx", "/%E2%80%AEx", "a change of direction");
	readable(a, "/%C2%A0x", "/%C2%A0x", "a blank that is none");
	readable(a, "/%D", "/%D", "a cut escape");
	is(params_readable(a, "/%D0%BF", 4), "/%D0", "and nothing behind it");
}

static void
finds_what_stands_twice(struct arena *a)
{
	struct params p;
	const char *why;

	ok(parse(a, "a=1&b=2&a=3", &p, &why) == OK, "a name twice is read");
	is(params_twice(&p), "a", "and told");
	is(params_get(&p, "a"), "1", "the first counts");
	ok(parse(a, "a=1&b=2", &p, &why) == OK && params_twice(&p) == NULL,
	    "none twice");
}

static void
refuses_what_is_no_text(struct arena *a)
{
	static const char *const bad[] = {"a=%", "a=%4", "a=%zz", "a=%00",
	    "%00=a", "a=%ff", "a=%c0%af", "a=%ed%a0%80", "a=%f5%80%80%80",
	    "a=%e2%82", "a=\x80", "a=%01", "a=%1b[2J", "a=%7f"};
	struct params p;
	const char *why;
	char many[2 * PARAMS_MAX + 3];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(parse(a, bad[i], &p, &why) == E_INPUT && why != NULL,
		    "refused with a reason: %s", bad[i]);
	for (int i = 0; i <= PARAMS_MAX; i++)
		memcpy(many + 2 * i, "x&", 2);
	many[2 * PARAMS_MAX + 2] = '\0';
	ok(parse(a, many, &p, &why) == E_INPUT, "one field too many");
	many[2 * PARAMS_MAX] = '\0';
	ok(parse(a, many, &p, &why) == OK, "as many as may be");
}

static void
escapes_for_links(struct arena *a)
{
	is(params_escape(a, "a b&c=d/\xc3\xbc?#\"<"),
	    "a%20b%26c%3Dd%2F%C3%BC%3F%23%22%3C",
	    "nothing in a value ends it early");
	is(params_escape(a, "az-AZ.09_~"), "az-AZ.09_~",
	    "what need not be escaped stays");
}

int
main(void)
{
	struct arena a;

	arena_init(&a);
	reads_pairs(&a);
	names_the_place(&a);
	shows_paths_as_people_write_them(&a);
	finds_what_stands_twice(&a);
	refuses_what_is_no_text(&a);
	escapes_for_links(&a);
	arena_release(&a);
	return done();
}
