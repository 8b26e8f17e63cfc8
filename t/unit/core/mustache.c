/* The template language, rule by rule: what a page would show wrong. */
#include "core/buf.h"
#include "core/mustache.h"
#include "t/tap.h"

#include <json-c/json.h>
#include <pthread.h>

struct sample {
	const char *name;
	const char *text;
	const char *model; /* JSON */
	const char *want;
};

struct partial {
	const char *name;
	const char *text;
	struct mustache *m;
};

/* A NULL name ends the list. */
static const struct mustache *
find_partial(void *arg, const char *name)
{
	for (const struct partial *p = arg; p->name != NULL; p++)
		if (strcmp(p->name, name) == 0)
			return p->m;
	return NULL;
}

static struct mustache *
compiled(const char *text)
{
	struct mustache *m;
	struct buf why;

	buf_init(&why, 1000);
	if (mustache_compile(text, strlen(text), &m, &why) != OK)
		printf("# %s: %s\n", text, why.data);
	buf_release(&why);
	return m;
}

/* rendered: adds to out and why; list may be NULL. */
static enum rc
rendered(struct buf *out, struct buf *why, const char *text, const char *model,
    struct partial *list)
{
	struct mustache_partials partials = {find_partial, list};
	struct json_object *data = json_tokener_parse(model);
	struct mustache *m = compiled(text);
	enum rc rc = E_INPUT;

	for (struct partial *p = list; p != NULL && p->name != NULL; p++)
		p->m = compiled(p->text);
	if (m != NULL)
		rc = mustache_render(
		    m, data, list == NULL ? NULL : &partials, out, why);
	for (struct partial *p = list; p != NULL && p->name != NULL; p++)
		mustache_free(p->m);
	mustache_free(m);
	json_object_put(data);
	return rc;
}

static void
shows(const char *name, const char *text, const char *model,
    struct partial *list, const char *want)
{
	struct buf out, why;
	enum rc rc;

	buf_init(&out, 100000);
	buf_init(&why, 1000);
	rc = rendered(&out, &why, text, model, list);
	is(rc == OK ? out.data : why.data, want, name);
	buf_release(&out);
	buf_release(&why);
}

static const struct sample variables[] = {
    {"text without tags stays as it is", "a { b } c\n", "{}", "a { b } c\n"},
    {"an empty template gives nothing", "", "{}", ""},
    {"a variable is filled in", "Hi {{who}}!", "{\"who\":\"Ada\"}", "Hi Ada!"},
    {"white space inside a tag does not count", "{{  who\t}}",
	"{\"who\":\"Ada\"}", "Ada"},
    {"white space around a tag stays", " {{who}} \n", "{\"who\":1}", " 1 \n"},
    {"the five characters of HTML are escaped", "{{x}}",
	"{\"x\":\"<a b='c' d=\\\"e\\\">&amp;\"}",
	"&lt;a b=&#39;c&#39; d=&quot;e&quot;&gt;&amp;amp;"},
    {"three braces do not escape", "{{{x}}}|{{{ x }}}", "{\"x\":\"<&>\"}",
	"<&>|<&>"},
    {"an ampersand does not escape", "{{&x}}|{{& x }}", "{\"x\":\"<'>\"}",
	"<'>|<'>"},
    {"a value is not a template", "{{x}}", "{\"x\":\"{{y}}\",\"y\":1}",
	"{{y}}"},
    {"letters beyond ASCII pass", "{{x}} \xc3\xa9", "{\"x\":\"\xd1\x8f\"}",
	"\xd1\x8f \xc3\xa9"},
    {"null and missing show nothing", "[{{n}}{{m}}{{{n}}}{{&m}}]",
	"{\"n\":null}", "[]"},
    {"true and false show as words", "{{t}} {{f}}", "{\"t\":true,\"f\":false}",
	"true false"},
    {"lists and objects show nothing", "[{{l}}{{o}}]",
	"{\"l\":[1],\"o\":{\"a\":1}}", "[]"},
    {"a dotted name goes down", "{{a.b.c}}", "{\"a\":{\"b\":{\"c\":\"deep\"}}}",
	"deep"},
    {"a dotted name that breaks off shows nothing", "[{{a.b.c}}]",
	"{\"a\":{},\"c\":1}", "[]"},
    {"a dotted name into a string shows nothing", "[{{a.b}}]", "{\"a\":\"s\"}",
	"[]"},
    {"a key with a dot is never found", "[{{a.b}}]", "{\"a.b\":1}", "[]"},
    {"the dot is the model itself", "{{.}}{{{.}}}{{& . }}", "\"<\"", "&lt;<<"},
    {NULL, NULL, NULL, NULL},
};

static const struct sample numbers[] = {
    {"a decimal keeps its digits", "{{n}}", "{\"n\":1.21}", "1.21"},
    {"a tenth is not 0.1000000000000000055", "{{n}}", "{\"n\":0.1}", "0.1"},
    {"a third keeps all it has", "{{n}}", "{\"n\":0.3333333333333333}",
	"0.3333333333333333"},
    {"a whole number has no point", "{{a}} {{b}} {{c}}",
	"{\"a\":85,\"b\":85.0,\"c\":-0.0}", "85 85 0"},
    {"large integers are exact", "{{a}} {{b}} {{c}}",
	"{\"a\":9007199254740993,\"b\":-9223372036854775808,"
	"\"c\":18446744073709551615}",
	"9007199254740993 -9223372036854775808 18446744073709551615"},
    {"very large and small ones have an exponent", "{{a}} {{b}}",
	"{\"a\":1e300,\"b\":1.5e-9}", "1e+300 1.5e-09"},
    {NULL, NULL, NULL, NULL},
};

static const struct sample sections[] = {
    {"what is true shows its section once",
	"{{#t}}a{{/t}}{{#n}}b{{/n}}{{#s}}c{{/s}}{{#o}}d{{/o}}",
	"{\"t\":true,\"n\":-1,\"s\":\"0\",\"o\":{}}", "abcd"},
    {"what is false hides its section",
	"[{{#f}}a{{/f}}{{#n}}b{{/n}}{{#z}}c{{/z}}{{#d}}d{{/d}}{{#s}}e{{/s}}"
	"{{#l}}f{{/l}}{{#m}}g{{/m}}]",
	"{\"f\":false,\"n\":null,\"z\":0,\"d\":0.0,\"s\":\"\",\"l\":[]}", "[]"},
    {"an inverted section is the other way round",
	"{{^f}}a{{/f}}{{^n}}b{{/n}}{{^z}}c{{/z}}{{^s}}d{{/s}}{{^l}}e{{/l}}"
	"{{^m}}f{{/m}}{{^t}}g{{/t}}{{^o}}h{{/o}}{{^k}}i{{/k}}",
	"{\"f\":false,\"n\":null,\"z\":0,\"s\":\"\",\"l\":[],\"t\":true,"
	"\"o\":{},\"k\":[0]}",
	"abcdef"},
    {"a list shows its section for each item", "{{#l}}<{{n}}>{{/l}}",
	"{\"l\":[{\"n\":1},{\"n\":2},{}],\"n\":\"up\"}", "<1><2><up>"},
    {"the dot is the item", "{{#l}}{{.}},{{/l}}",
	"{\"l\":[\"a\",2,0,1.5,true,null]}", "a,2,0,1.5,true,,"},
    {"lists in lists", "{{#.}}({{#.}}{{.}}{{/.}}){{/.}}", "[[1,2],[],[3]]",
	"(12)()(3)"},
    {"the dot of a section on a value is that value", "{{#a}}{{.}}{{a}}{{/a}}",
	"{\"a\":\"x\"}", "xx"},
    {"the nearest context wins", "{{#o}}{{a}}{{b}}{{/o}}{{a}}",
	"{\"a\":1,\"b\":2,\"o\":{\"a\":3}}", "321"},
    {"a null in the nearest context hides the outer one", "[{{#o}}{{a}}{{/o}}]",
	"{\"a\":1,\"o\":{\"a\":null}}", "[]"},
    {"only the first part of a dotted name is looked for outside",
	"[{{#o}}{{a.b}}{{/o}}]", "{\"a\":{\"b\":1},\"o\":{\"a\":{}}}", "[]"},
    {"an inverted section adds no context", "{{^o.x}}{{a}}{{/o.x}}",
	"{\"a\":1,\"o\":{\"a\":2}}", "1"},
    {"dotted names of sections", "{{#a.b}}{{c}}{{/a.b}}{{^a.z}}!{{/a.z}}",
	"{\"a\":{\"b\":{\"c\":1}}}", "1!"},
    {"sections of one name nest", "{{#a}}1{{#a}}2{{/a}}3{{/a}}", "{\"a\":true}",
	"123"},
    {"white space in section tags does not count", "{{# a }}x{{/  a\t}}",
	"{\"a\":true}", "x"},
    {NULL, NULL, NULL, NULL},
};

static const struct sample lines[] = {
    {"a section's own lines vanish", "1\n{{#a}}\n2\n{{/a}}\n3\n",
	"{\"a\":true}", "1\n2\n3\n"},
    {"indented ones too, with their indentation",
	"1\n  {{#a}}  \n2\n\t{{/a}}\n3", "{\"a\":true}", "1\n2\n3"},
    {"CR LF ends a line too", "1\r\n{{^a}}\r\n2\r\n{{/a}}\r\n3", "{}",
	"1\r\n2\r\n3"},
    {"the first line vanishes", "  {{#a}}\n1{{/a}}", "{\"a\":true}", "1"},
    {"the last line vanishes without its line end", "1{{#a}}\n2\n  {{/a}}",
	"{\"a\":true}", "1\n2\n"},
    {"two tags on a line leave it", " {{#a}} {{/a}}\n", "{\"a\":true}", "  \n"},
    {"a tag beside text leaves the line", "x {{#a}}\n{{/a}} y\n",
	"{\"a\":true}", "x \n y\n"},
    {"a variable's line stays", " {{x}}\n {{{x}}}\n {{&x}}\n", "{}",
	" \n \n \n"},
    {"a comment shows nothing", "a{{! {{ \"x }}b", "{}", "ab"},
    {"a comment's line vanishes", "a\n  {{! note }}\nb\n", "{}", "a\nb\n"},
    {"so do all lines of a long comment", "a\n {{!\n  note\n }} \nb\n", "{}",
	"a\nb\n"},
    {"a comment beside text leaves the line", "a {{!\n}}\nb", "{}", "a \nb"},
    {"new delimiters", "{{=<% %>=}}<%a%>{{a}}<%={{ }}=%>{{a}}", "{\"a\":1}",
	"1{{a}}1"},
    {"delimiters of one character", "{{= | | =}}|#a|x|/a||{a}|", "{\"a\":1}",
	"x1"},
    {"their line vanishes", "a\n {{=[ ]=}}\n[a]\n", "{\"a\":1}", "a\n1\n"},
    {"new delimiters hold to the end of the file, not of the section",
	"{{#a}}{{=| |=}}|/a||a|{{a}}", "{\"a\":1}", "1{{a}}"},
    {"a lone brace is text", "{a} } {\n{", "{}", "{a} } {\n{"},
    {NULL, NULL, NULL, NULL},
};

static void
samples(const struct sample *s)
{
	for (; s->name != NULL; s++)
		shows(s->name, s->text, s->model, NULL, s->want);
}

static void
partials(void)
{
	struct partial list[] = {
	    {"row", "<{{x}}>", NULL},
	    {"two", "a\nb", NULL},
	    {"outer", " {{>two}}\n.", NULL},
	    {"tree", "{{n}}({{#kids}}{{>tree}}{{/kids}})", NULL},
	    {"bars", "{{=| |=}}|x|", NULL},
	    {"dir/a.b", "found", NULL},
	    {NULL, NULL, NULL},
	};

	shows("a partial sees the context", "{{>row}}{{#o}}{{> row }}{{/o}}",
	    "{\"x\":1,\"o\":{\"x\":2}}", list, "<1><2>");
	shows("an unknown partial shows nothing", "[{{>nowhere}}]", "{}", list,
	    "[]");
	shows("no partials at all", "[{{>row}}]", "{}", NULL, "[]");
	shows("a partial's name is not taken apart", "{{>dir/a.b}}", "{}", list,
	    "found");
	shows("a partial's delimiters are its own",
	    "{{>bars}} {{x}} {{=[ ]=}}[>row] [x]", "{\"x\":1}", list,
	    "1 1 <1> 1");
	shows("a partial may include itself for a tree", "{{>tree}}",
	    "{\"n\":1,\"kids\":[{\"n\":2,\"kids\":[]},"
	    "{\"n\":3,\"kids\":[{\"n\":4,\"kids\":[]}]}]}",
	    list, "1(2()3(4()))");
}

static void
indentation(void)
{
	struct partial list[] = {
	    {"two", "a\nb", NULL},
	    {"lines", "1\n\n{{x}}\n{{#l}}\n- {{.}}\n{{/l}}\n", NULL},
	    {"outer", " {{>two}}\n.", NULL},
	    {"inline", "{{x}}{{>two}}\n", NULL},
	    {"tags", "{{!}}a\n{{#t}}b\n{{/t}}c\n", NULL},
	    {NULL, NULL, NULL},
	};

	shows("a partial in a line does not indent", " x {{>two}}\n", "{}",
	    list, " x a\nb\n");
	shows("a partial alone in its line indents each of its lines",
	    "[\n  {{>two}}\n]", "{}", list, "[\n  a\n  b]");
	shows("a tab indents too", "\t{{>two}}", "{}", list, "\ta\n\tb");
	shows("the lines of values are not indented", " {{>lines}}\n",
	    "{\"x\":\"p\\nq\",\"l\":[1,2]}", list,
	    " 1\n \n p\nq\n - 1\n - 2\n");
	shows("indentations add up", "\t{{>outer}}\n", "{}", list,
	    "\t a\n\t b\t.");
	shows("but not through the middle of a line", " {{>inline}}\n",
	    "{\"x\":\"p\"}", list, " pa\nb\n");
	shows("a line that starts with a tag is indented once", "  {{>tags}}\n",
	    "{\"t\":true}", list, "  a\n  b\n  c\n");
	shows("CR LF after a partial goes with its line", "|\r\n {{>two}}\r\n|",
	    "{}", list, "|\r\n a\n b|");
	shows("the line after a partial is as before", "\t{{>two}}\n.\n.", "{}",
	    list, "\ta\n\tb.\n.");
}

static void
refused(const char *name, const char *text, const char *want)
{
	struct mustache *m;
	struct buf why;
	enum rc rc;

	buf_init(&why, 1000);
	rc = mustache_compile(text, strlen(text), &m, &why);
	is_int(rc, E_INPUT, name);
	is(why.data, want, "and says what is wrong");
	ok(m == NULL, "and hands out no template");
	mustache_free(m);
	buf_release(&why);
}

static void
mistakes_of_nesting(void)
{
	refused("a tag without an end", "a\nb {{x\nc",
	    "line 2: the tag opened here is never closed");
	refused("three braces closed by two", "{{{x}}",
	    "line 1: the tag opened here is never closed");
	refused("a section without an end", "\n\n{{#a}}\n{{#b}}{{/b}}\n",
	    "line 3: the section '{{#a}}' is never closed");
	refused("an inverted section without an end", "{{^a.b}}",
	    "line 1: the section '{{^a.b}}' is never closed");
	refused("an end without a section", "x\n{{/a}}",
	    "line 2: '{{/a}}' closes no section");
	refused("sections that cross", "{{#a}}\n{{#b}}\n{{/a}}\n{{/b}}",
	    "line 3: '{{/a}}' comes before the end of the section '{{#b}}'");
}

static void
mistakes_in_tags(void)
{
	refused("a tag without a name", "{{ }}", "line 1: the tag has no name");
	refused("a name of two words", "{{a b}}",
	    "line 1: the name 'a b' holds a space or a control character");
	refused("a sign after a space", "{{ #a}}",
	    "line 1: a name cannot start with '#'");
	refused("another dialect's tag", "{{$block}}",
	    "line 1: a name cannot start with '$'");
	refused("two dots in a row", "{{#a..b}}",
	    "line 1: the name 'a..b' has an empty part");
	refused("a dot at the end", "{{a.}}",
	    "line 1: the name 'a.' has an empty part");
	refused("one delimiter instead of two", "\n{{=<%=}}",
	    "line 2: new delimiters are two words without '=', as in "
	    "'{{=<% %>=}}'");
	refused("three delimiters", "{{=a b c=}}",
	    "line 1: new delimiters are two words without '=', as in "
	    "'{{=<% %>=}}'");
	refused("no delimiters", "{{==}}",
	    "line 1: new delimiters are two words without '=', as in "
	    "'{{=<% %>=}}'");
}

static void
nests(size_t depth, enum rc want, const char *name)
{
	struct mustache *m = NULL;
	struct buf text, why;

	buf_init(&text, 100000);
	buf_init(&why, 1000);
	for (size_t i = 0; i < depth; i++)
		buf_adds(&text, "{{#a}}");
	for (size_t i = 0; i < depth; i++)
		buf_adds(&text, "{{/a}}");
	is_int(mustache_compile(text.data, text.len, &m, &why), want, name);
	is(why.data,
	    want == OK ? "" : "line 1: sections are nested over 64 deep",
	    "with a sentence only when it fails");
	mustache_free(m);
	buf_release(&text);
	buf_release(&why);
}

static void
holds_nul_bytes(void)
{
	struct mustache *m;
	struct buf out, why;

	buf_init(&out, 100);
	buf_init(&why, 100);
	ok(mustache_compile("a\0b", 3, &m, &why) == OK, "a NUL is text");
	ok(mustache_render(m, NULL, NULL, &out, &why) == OK, "and renders");
	ok(out.len == 3 && memcmp(out.data, "a\0b", 3) == 0,
	    "and what follows it is kept");
	mustache_free(m);
	ok(mustache_compile("{{a\0b}}", 7, &m, &why) == E_INPUT,
	    "but it is no part of a name");
	buf_release(&out);
	buf_release(&why);
}

static void
stops_a_cycle(void)
{
	struct partial list[] = {
	    {"a", "a{{>b}}", NULL},
	    {"b", "\n {{>a}}\n{{>a}}{{>b}}", NULL},
	    {NULL, NULL, NULL},
	};
	struct buf out, why;

	buf_init(&out, 1 << 20);
	buf_init(&why, 1000);
	buf_adds(&out, "before");
	is_int(rendered(&out, &why, "x{{>a}}", "{}", list), E_INTERNAL,
	    "partials that include each other are an error, not a crash");
	is(why.data,
	    "sections and partials nest over 256 deep at 'a': does a partial "
	    "include itself?",
	    "and a sentence names one of them");
	is(out.data, "before", "and no half page is left");
	buf_release(&out);
	buf_release(&why);
}

static void
stops_endless_lists(void)
{
	const char *open = "{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}{{#l}}";
	const char *shut = "{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}{{/l}}";
	struct buf text, model, out, why;

	buf_init(&text, 10000);
	buf_init(&model, 10000);
	buf_init(&out, 100);
	buf_init(&why, 1000);
	buf_printf(&text, "%s{{x}}%s", open, shut);
	buf_adds(&model, "{\"l\":[0");
	for (int i = 0; i < 99; i++)
		buf_adds(&model, ",0");
	buf_adds(&model, "]}");
	is_int(rendered(&out, &why, text.data, model.data, NULL), E_INTERNAL,
	    "lists in lists that write nothing do not run for ever");
	is(why.data, "the lists are too long to render", "and it is said why");
	buf_release(&text);
	buf_release(&model);
	buf_release(&out);
	buf_release(&why);
}

static void
stops_at_the_ceiling(void)
{
	struct buf out, why;

	buf_init(&out, 10);
	buf_init(&why, 1000);
	is_int(rendered(&out, &why, "{{#l}}123{{/l}}", "{\"l\":[1,2,3]}", NULL),
	    OK, "a page within its limit is shown");
	is_int(rendered(&out, &why, "12", "{}", NULL), E_INTERNAL,
	    "a page over its limit is an error");
	is(why.data, "the page is over its limit of 10 bytes", "with a reason");
	is(out.data, "123123123", "and leaves what was there before");
	buf_release(&out);
	buf_release(&why);
}

/* render_often: the number of wrong pages. */
static void *
render_often(void *arg)
{
	const char *want = "<p>1.5&lt;2</p>0123456789";
	struct json_object *model;
	struct buf out, why;
	long wrong = 0;

	model = json_tokener_parse(
	    "{\"a\":{\"b\":1.5},\"l\":[0,1,2,3,4,5,6,7,8,9]}");
	buf_init(&out, 1000);
	buf_init(&why, 1000);
	for (int i = 0; i < 2000; i++) {
		buf_clear(&out);
		if (mustache_render(arg, model, NULL, &out, &why) != OK ||
		    strcmp(out.data, want) != 0)
			wrong++;
	}
	buf_release(&out);
	buf_release(&why);
	json_object_put(model);
	return (void *)wrong;
}

static void
serves_threads(void)
{
	struct mustache *m =
	    compiled("<p>{{#a}}{{b}}{{/a}}&lt;2</p>{{#l}}{{.}}{{/l}}");
	pthread_t thread[4];
	void *result;
	long wrong = 0;

	for (int i = 0; i < 4; i++)
		pthread_create(&thread[i], NULL, render_often, m);
	for (int i = 0; i < 4; i++) {
		pthread_join(thread[i], &result);
		wrong += (long)result;
	}
	is_int(wrong, 0, "four threads render one template at once");
	mustache_free(m);
}

int
main(void)
{
	samples(variables);
	samples(numbers);
	samples(sections);
	samples(lines);
	partials();
	indentation();
	mistakes_of_nesting();
	mistakes_in_tags();
	nests(64, OK, "64 sections nest");
	nests(65, E_INPUT, "65 sections do not");
	holds_nul_bytes();
	stops_a_cycle();
	stops_endless_lists();
	stops_at_the_ceiling();
	serves_threads();
	return done();
}
