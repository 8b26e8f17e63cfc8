/* Fields of an order: each kind takes what it should, and says why not. */
#include "core/order.h"

#include "t/tap.h"

static const char *const shapes[] = {"square", "wide", NULL};

static const struct order_field fields[] = {
    {.name = "shape", .kind = FIELD_CHOICE, .choices = shapes},
    {.name = "loud", .kind = FIELD_FLAG},
    {.name = "count", .kind = FIELD_NUMBER, .min = 1, .max = 9, .usual = 3},
    {.name = "title",
	.alias = "name",
	.kind = FIELD_LINE,
	.required = true,
	.max = 5,
	.missing = "say what it is called",
	.example = "Fox"},
    {.name = NULL},
};

static struct order_check c;

static bool
take(struct arena *a, const char *field, const char *input)
{
	const char *why;

	c = (struct order_check){
	    .a = a, .at = "#", .fields = fields, .unit = "pieces"};
	c.given = json_parse(a, input, strlen(input), &why);
	c.input = json_new(a);
	return order_field_take(&c, field);
}

static void
takes_what_fits(struct arena *a)
{
	ok(take(a, "shape", "{}"), "a choice may be left out");
	is(json_str(c.input, "shape", ""), "square", "then it is the first");
	ok(take(a, "shape", "{\"shape\":\"wide\"}"), "one of the choices");
	is(json_text(c.input), "{\"shape\":\"wide\"}", "is kept");
	ok(take(a, "loud", "{\"loud\":true}") &&
		json_flag(c.input, "loud", false),
	    "a flag that is set");
	ok(take(a, "loud", "{}") && !json_flag(c.input, "loud", true),
	    "and one that is not");
	ok(take(a, "count", "{}"), "a number may be left out");
	is_int(json_num(c.input, "count", 0), 3, "then it is the usual one");
	ok(take(a, "title", "{\"name\":\" Fox \"}"), "an alias");
	is(json_text(c.input), "{\"title\":\"Fox\"}",
	    "is kept under the field's name, without white space around it");
}

static void
says_what_is_wrong(struct arena *a)
{
	ok(!take(a, "shape", "{\"shape\":\"round\"}"), "no such choice");
	is(c.errors[0].detail, "The shape is one of square and wide.",
	    "names those there are");
	ok(!take(a, "shape", "{\"shape\":7}"), "a number is no choice");
	ok(!take(a, "loud", "{\"loud\":\"yes\"}"), "a text is no flag");
	is(c.errors[0].pointer, "#/loud", "and the field is named");
	ok(!take(a, "count", "{\"count\":10}"), "a number out of range");
	is(c.errors[0].detail,
	    "The count is 10 pieces; from 1 to 9 are possible here.",
	    "says the range and the unit");
	ok(!take(a, "title", "{\"title\":\"a\",\"name\":\"b\"}"),
	    "a field and its alias are one too many");
	ok(!take(a, "title", "{\"title\":\" \"}"), "white space is no title");
	is(c.errors[0].detail,
	    "The title is missing: say what it is called, for example "
	    "\"Fox\".",
	    "and the sentence says what to do");
	ok(!take(a, "title", "{\"title\":\"Foxes!\"}"), "too long");
	ok(!take(a, "title", "{\"title\":\"a\\nb\"}"), "two lines");
}

static void
is_described(void)
{
	struct json_object *o = order_field_json(&fields[2]);

	is(json_text(o),
	    "{\"name\":\"count\",\"kind\":\"number\",\"label\":null,"
	    "\"hint\":null,\"required\":false,\"min\":1,\"max\":9,"
	    "\"default\":3}",
	    "a row for programs");
	json_object_put(o);
}

int
main(void)
{
	struct arena a;

	arena_init(&a);
	takes_what_fits(&a);
	says_what_is_wrong(&a);
	is_described();
	arena_release(&a);
	return done();
}
