/* Orders: every wrong field is named, and what is stored is canonical. */
#include "core/order.h"

#include "t/tap.h"

static struct conf conf;

static struct order_check c;

static enum rc
check(struct arena *a, const char *type, const char *provider,
    const char *input, struct order *out)
{
	const char *why;

	memset(&c, 0, sizeof(c));
	c.a = a;
	c.conf = &conf;
	c.at = "#/input";
	c.given = json_parse(a, input, strlen(input), &why);
	return order_check(&c, type, provider, out);
}

static int
wrong(const char *pointer)
{
	for (int i = 0; i < c.n; i++)
		if (strcmp(c.errors[i].pointer, pointer) == 0)
			return 1;
	return 0;
}

static void
is_canonical(struct arena *a)
{
	struct order o;

	ok(check(a, "llms_txt", NULL, "{\"hostname\":\" Example.ORG \"}", &o) ==
		OK,
	    "a hostname is enough");
	is(o.provider, "builtin", "the first provider is taken");
	is(o.hostname, "example.org", "the host in small letters");
	is(o.prompt, "llms.txt of example.org", "a line for people");
	is(json_text(o.input),
	    "{\"hostname\":\"example.org\",\"include\":[],\"exclude\":[],"
	    "\"limit\":1000}",
	    "the input is whole");
	is_int(o.price, 0, "the built-in provider is free");
	ok(check(a, "llms_txt", "builtin",
	       "{\"hostname\":\"http://B\xc3\xbc"
	       "cher.example:8080/docs/\",\"limit\":7,\"include\":"
	       "[\"/docs/**\",\"/x\"],\"exclude\":[\"*.pdf\"]}",
	       &o) == OK,
	    "a whole address with all there is");
	is(o.hostname, "xn--bcher-kva.example:8080", "its host and port");
	is(o.prompt,
	    "llms.txt of b\xc3\xbc"
	    "cher.example:8080",
	    "people read it in their letters");
	is(json_text(o.input),
	    "{\"hostname\":\"http://xn--bcher-kva.example:8080\",\"include\":"
	    "[\"/docs/**\",\"/x\"],\"exclude\":[\"*.pdf\"],\"limit\":7}",
	    "its path is a filter once, not twice");
}

static void
names_what_is_wrong(struct arena *a)
{
	struct order o;

	ok(check(a, NULL, NULL, "{}", &o) == E_INPUT && wrong("#/type"),
	    "no type");
	ok(check(a, "poem", NULL, "{}", &o) == E_INPUT && wrong("#/type"),
	    "an unknown type");
	ok(check(a, "llms_txt", "oracle", "{\"hostname\":\"a.example\"}", &o) ==
		    E_INPUT &&
		wrong("#/provider"),
	    "an unknown provider");
	ok(check(a, "llms_txt", NULL,
	       "{\"limit\":0,\"hostnam\":\"x\",\"include\":\"/x\","
	       "\"exclude\":[\"\",7,\"a b\"]}",
	       &o) == E_INPUT,
	    "all at once");
	ok(wrong("#/input/hostname") && wrong("#/input/limit") &&
		wrong("#/input/hostnam") && wrong("#/input/include") &&
		wrong("#/input/exclude/0") && wrong("#/input/exclude/1") &&
		wrong("#/input/exclude/2"),
	    "each is named");
	ok(check(a, "llms_txt", NULL,
	       "{\"hostname\":\"a.example\",\"limit\":1001}", &o) == E_INPUT &&
		strstr(c.errors[0].detail, "1001") != NULL &&
		strstr(c.errors[0].detail, "1000") != NULL,
	    "a limit over the limit says both numbers");
	ok(check(a, "llms_txt", NULL,
	       "{\"hostname\":\"a.example\",\"limit\":\"5\"}", &o) == E_INPUT,
	    "a number as a text");
	ok(check(a, "llms_txt", NULL,
	       "{\"hostname\":\"a.example\",\"limit\":2.5}", &o) == E_INPUT,
	    "half a page");
	ok(check(a, "llms_txt", NULL, "{\"hostname\":\"a\\u0000b.example\"}",
	       &o) == E_INPUT,
	    "a NUL in the name");
	ok(check(a, "llms_txt", NULL, "{\"hostname\":[\"a\"]}", &o) == E_INPUT,
	    "a list for a name");
}

static void
stays_small(struct arena *a)
{
	struct json_object *list = json_object_new_array(), *in = json_new(a);
	struct order o;

	for (int i = 0; i <= conf.web_patterns; i++)
		json_object_array_add(list, json_object_new_string("/x"));
	json_put_str(in, "hostname", "a.example");
	json_put(in, "include", list);
	ok(check(a, "llms_txt", NULL, json_text(in), &o) == E_INPUT &&
		wrong("#/input/include"),
	    "one pattern too many");
	in = json_new(a);
	for (int i = 0; i < 100; i++)
		json_put_num(in, arena_printf(a, "f%d", i), i);
	ok(check(a, "llms_txt", NULL, json_text(in), &o) == E_INPUT &&
		c.n == ORDER_ERRORS_MAX,
	    "a hundred wrong fields make a bounded answer");
}

int
main(void)
{
	struct arena a;

	conf_load(&conf);
	arena_init(&a);
	is_canonical(&a);
	names_what_is_wrong(&a);
	stays_small(&a);
	ok(order_type_word("story") && !order_type_word("poem"),
	    "a filter knows all types there are");
	arena_release(&a);
	conf_release(&conf);
	return done();
}
