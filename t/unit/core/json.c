/* JSON from outside: only whole, strict texts get in. */
#include "core/json.h"

#include "t/tap.h"

static struct json_object *
parse(struct arena *a, const char *s, const char **why)
{
	*why = NULL;
	return json_parse(a, s, strlen(s), why);
}

static void
takes_whole_texts(struct arena *a)
{
	struct json_object *o;
	const char *why;

	o = parse(
	    a, " {\"a\":\"x\",\"n\":7,\"t\":true,\"o\":{\"b\":1}}\r\n", &why);
	ok(o != NULL, "an object with white space around it");
	is(json_str(o, "a", "-"), "x", "a string is read");
	is(json_str(o, "n", "-"), "-", "a number is no string");
	is_int(json_num(o, "n", -1), 7, "a number is read");
	is_int(json_num(o, "a", -1), -1, "a string is no number");
	ok(json_flag(o, "t", false), "a flag is read");
	is_int(
	    json_num(json_sub(o, "o"), "b", -1), 1, "an object inside is read");
	o = parse(a,
	    "{\"k\xc3\xbc\":\"\xe2\x82\xac "
	    "\xf0\x9f\xa6\x8a\\\\\xc3\xbc\\u00fc\"}",
	    &why);
	is(json_str(o, "k\xc3\xbc", "-"),
	    "\xe2\x82\xac \xf0\x9f\xa6\x8a\\\xc3\xbc\xc3\xbc",
	    "letters of any length, plain and escaped");
	ok(parse(a, "[1,2]", &why) != NULL, "an array");
	ok(parse(a, "12", &why) != NULL, "a lone number");
}

static void
refuses_the_rest(struct arena *a)
{
	static const char *const bad[] = {"", " ", "{", "{\"a\":1", "{'a':1}",
	    "{\"a\":1,}", "{\"a\":1} x", "{}{}", "null", "nul", "[1,]",
	    "\"\xff\"", "\"\xc1\xbc\"", "\"\xed\xa0\x80\"",
	    "\"\xf4\x90\x80\x80\"", "{\"a\":01}", "\xef\xbb\xbf{}", "NaN",
	    "[Infinity]", "// c\n{}", "\"a\nb\"", "\"\x1f\"", "\"\\\xc3\xbc\"",
	    "\xc3\xbc", "[\xe2\x82\xac]"};
	char deep[101];
	const char *why;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ok(parse(a, bad[i], &why) == NULL && why != NULL,
		    "refused with a reason: %s", bad[i]);
	}
	memset(deep, '[', 50);
	memset(deep + 50, ']', 50);
	deep[100] = '\0';
	ok(parse(a, deep, &why) == NULL, "fifty levels are too deep");
	ok(json_parse(a, "{}\0", 3, &why) == NULL, "a NUL byte after it");
	(void)parse(a, "[\n \"\xf0\x9f\xa6\x8a\xc3\xbc\" x]", &why);
	ok(why != NULL && strstr(why, "line 2, column 11") != NULL,
	    "the place is counted in bytes of what was sent");
}

static void
writes_null_for_nothing(struct arena *a)
{
	struct json_object *o = json_new(a);

	json_put_str(o, "s", NULL);
	json_put_str(o, "p", "a/b");
	json_put_num(o, "n", 5);
	json_put_flag(o, "f", false);
	is(json_text(o), "{\"s\":null,\"p\":\"a/b\",\"n\":5,\"f\":false}",
	    "compact, slashes plain, null for no string");
}

int
main(void)
{
	struct arena a;

	arena_init(&a);
	takes_whole_texts(&a);
	refuses_the_rest(&a);
	writes_null_for_nothing(&a);
	arena_release(&a);
	return done();
}
