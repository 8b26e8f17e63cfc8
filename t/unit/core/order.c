/* Orders: every wrong field is named, and what is stored is canonical. */
#include "core/order.h"

#include "t/tap.h"

#include <limits.h>

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
	    "\"limit\":500}",
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
	ok(check(a, "llms_txt", NULL,
	       "{\"hostname\":\"a.example\",\"language\":\" de-AT, de,en \"}",
	       &o) == OK,
	    "languages, the most wanted first");
	is(json_str(o.input, "language", ""), "de-AT,de,en", "without spaces");
	ok(check(a, "llms_txt", NULL,
	       "{\"hostname\":\"a.example\",\"language\":\"\"}", &o) == OK &&
		json_sub(o.input, "language") == NULL,
	    "an empty one is none");
}

static void
is_priced_by_the_configuration(struct arena *a)
{
	struct order o;

	conf.price_llms_txt_builtin = 3;
	ok(check(a, "llms_txt", NULL,
	       "{\"hostname\":\"a.example\",\"limit\":7}", &o) == OK,
	    "an order of seven pages");
	is_int(o.price, 21, "costs price.llms_txt.builtin for each");
	is_int(order_price(&conf, order_type("llms_txt"),
		   order_provider_find("builtin"), LONG_MAX / 2),
	    INT_MAX, "a price does not wrap");
	is_int(order_unit_price(
		   &conf, order_type("story"), order_provider_find("builtin")),
	    0, "a pair without a key is free");
	conf.price_llms_txt_builtin = 0;
}

static void
is_held_against_what_a_provider_can(struct arena *a)
{
	static const struct ordertype film = {
	    .name = "film", .needs = CAN_CHAT | CAN_VIDEO};
	static const struct ordertype copy = {.name = "copy"};
	const struct order_provider *gemini = order_provider_find("gemini");

	(void)a;
	conf.gemini_key = "k";
	ok(order_provider_fits(gemini, order_type("story"), &conf),
	    "a story needs a model that answers");
	ok(!order_provider_fits(gemini, &film, &conf),
	    "one of two capabilities is not enough");
	ok(order_provider_fits(order_provider_find("builtin"), &copy, &conf),
	    "who needs nothing is made by all");
	conf.gemini_key = "";
}

static void
names_what_is_wrong(struct arena *a)
{
	struct order o;

	ok(check(a, NULL, NULL, "{}", &o) == E_INPUT && wrong("#/type"),
	    "no type");
	ok(check(a, "llms_txt", NULL,
	       "{\"hostname\":\"a.example\",\"language\":\"deutsch\"}",
	       &o) == E_INPUT &&
		wrong("#/input/language"),
	    "a language that is no tag");
	ok(check(a, "llms_txt", NULL,
	       "{\"hostname\":\"a.example\",\"language\":7}", &o) == E_INPUT &&
		wrong("#/input/language"),
	    "or no text");
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
	       "{\"hostname\":\"a.example\",\"limit\":20001}", &o) == E_INPUT &&
		strstr(c.errors[0].detail, "20001") != NULL &&
		strstr(c.errors[0].detail, "20000") != NULL,
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

static void
is_a_story(struct arena *a)
{
	struct order o;

	ok(check(a, "story", NULL, "{\"theme\":\"A fox\"}", &o) == E_INPUT &&
		wrong("#/provider") &&
		strstr(c.errors[0].detail, "ollama.model") != NULL,
	    "without any model the operator is told what to set");
	conf.gemini_key = "key";
	ok(check(a, "story", "builtin", "{\"theme\":\"A fox\"}", &o) ==
		    E_INPUT &&
		wrong("#/provider") &&
		strstr(c.errors[0].detail, "gemini") != NULL,
	    "who has no model writes no story");
	ok(check(a, "story", "ollama", "{\"theme\":\"A fox\"}", &o) ==
		    E_INPUT &&
		wrong("#/provider"),
	    "nor does a model that is not set up");
	ok(check(a, "story", NULL, "{\"theme\":\" A fox\\r\\nprints \"}", &o) ==
		OK,
	    "a theme is enough");
	is(o.provider, "gemini", "the first with a model is taken");
	is(o.prompt, "Story: A fox prints", "a line for people");
	ok(o.hostname == NULL, "it has no host");
	is(json_text(o.input),
	    "{\"theme\":\"A fox\\nprints\",\"language\":\"\",\"tone\":\"\","
	    "\"length\":800}",
	    "the input is whole");
	ok(check(a, "story", "gemini",
	       "{\"prompt\":\"Ein Fuchs\",\"language\":\"pt-BR\","
	       "\"tone\":\" dry \",\"length\":50}",
	       &o) == OK,
	    "all there is");
	is(json_text(o.input),
	    "{\"theme\":\"Ein Fuchs\",\"language\":\"pt-BR\","
	    "\"tone\":\"dry\",\"length\":50}",
	    "a prompt is a theme");
}

static void
story_says(struct arena *a, const char *input, const char *pointer,
    const char *words, const char *name)
{
	struct order o;

	ok(check(a, "story", NULL, input, &o) == E_INPUT && wrong(pointer) &&
		strstr(c.errors[0].detail, words) != NULL,
	    "%s (%s)", name, c.n > 0 ? c.errors[0].detail : "taken");
}

static void
names_what_is_wrong_with_a_story(struct arena *a)
{
	char *much = arena_alloc(a, 2100);

	story_says(a, "{}", "#/input/theme", "missing", "no theme");
	story_says(a, "{\"theme\":\"\\u202e\\ufeff\\u200b\"}", "#/input/theme",
	    "missing", "a theme nobody can see");
	story_says(a, "{\"prompt\":\" \\n\"}", "#/input/prompt", "missing",
	    "an empty prompt");
	story_says(a, "{\"theme\":\"x\",\"prompt\":\"y\"}", "#/input/prompt",
	    "Send only one", "both");
	story_says(a, "{\"theme\":7}", "#/input/theme", "must be a string",
	    "a number");
	story_says(
	    a, "{\"theme\":\"a\\u0000b\"}", "#/input/theme", "null", "a NUL");
	story_says(a, "{\"theme\":\"a\\u0007b\"}", "#/input/theme", "control",
	    "a bell");
	story_says(a, "{\"theme\":\"x\",\"length\":49}", "#/input/length",
	    "from 50 to 5000", "too short");
	story_says(a, "{\"theme\":\"x\",\"length\":5001}", "#/input/length",
	    "5001", "too long");
	story_says(a, "{\"theme\":\"x\",\"length\":\"long\"}", "#/input/length",
	    "whole number", "no number");
	story_says(a, "{\"theme\":\"x\",\"language\":\"<b>\"}",
	    "#/input/language", "English", "a language that is none");
	story_says(a, "{\"theme\":\"x\",\"language\":\"--\"}",
	    "#/input/language", "no letter", "a language without a letter");
	story_says(a, "{\"theme\":\"x\",\"tone\":\"dry\\nLength: 9\"}",
	    "#/input/tone", "one line", "a tone of two lines");
	story_says(a, "{\"theme\":\"x\",\"mood\":\"dry\"}", "#/input/mood",
	    "\"mood\"", "an unknown field is named");
	memset(much, 'x', 2001);
	story_says(a, arena_printf(a, "{\"theme\":\"%s\"}", much),
	    "#/input/theme", "2001 characters long. The maximum is 2000",
	    "a theme over its limit says both numbers");
	conf.gemini_key = "";
}

int
main(void)
{
	struct arena a;

	conf_load(&conf);
	arena_init(&a);
	is_canonical(&a);
	is_priced_by_the_configuration(&a);
	is_held_against_what_a_provider_can(&a);
	names_what_is_wrong(&a);
	stays_small(&a);
	is_a_story(&a);
	names_what_is_wrong_with_a_story(&a);
	ok(order_type_valid("story") && !order_type_valid("poem"),
	    "a filter knows all types there are");
	arena_release(&a);
	conf_release(&conf);
	return done();
}
