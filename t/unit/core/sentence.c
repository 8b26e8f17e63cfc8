/* Sentences that are kept with their arguments, and shown again. */
#include "core/arena.h"
#include "core/sentence.h"
#include "t/tap.h"

static struct arena arena;

__attribute__((format(printf, 1, 2))) static struct sentence
made(const char *fmt, ...)
{
	struct sentence s;
	va_list ap;

	va_start(ap, fmt);
	sentence_format(&s, &arena, fmt, ap);
	va_end(ap);
	return s;
}

static void
formats(void)
{
	struct sentence s = made("%s has %d pages, %ld links (%.1f %%).",
	    "a.test", 12, 345678L, 12.345);

	is(s.text, "a.test has 12 pages, 345678 links (12.3 %).",
	    "a sentence reads as printf makes it");
	is(s.id, "%s has %d pages, %ld links (%.1f %%).",
	    "the id of a sentence is its format");
	is_int(s.n, 4, "a sentence keeps each argument");
	is(s.args[3], "12.3", "an argument is kept as its conversion makes it");
	s = made("%.*s|%5d|%-4s|%zu|%lld|%c", 2, "abc", 7, "x", (size_t)8, -9LL,
	    'z');
	is(s.text, "ab|    7|x   |8|-9|z", "widths, precisions and lengths");
	s = made("100 %% sure");
	is(s.text, "100 % sure", "%% is one sign");
	is_int(s.n, 0, "and no argument");
}

static void
shown_again(void)
{
	struct sentence s = {
	    .id = "%2$s of %1$s%3$s", .n = 2, .args = {"first", "second"}};

	is(sentence_text(&arena, "en", &s), "second of first",
	    "a translation may change the order, and lacks what is not there");
	s.id = "100 %";
	is(sentence_text(&arena, "en", &s), "100 ",
	    "a sign at the end of a sentence does no harm");
}

static void
travels(void)
{
	struct sentence s = made("%s answered %d.", "b.test", 404), t;
	struct json_object *o = sentence_json(&arena, &s);

	is(json_text(o),
	    "{\"id\":\"%s answered %d.\",\"args\":[\"b.test\",\"404\"]}",
	    "a sentence as JSON");
	is_int(sentence_parse(&arena, o, &t), OK, "JSON as a sentence");
	is(t.text, "b.test answered 404.", "which reads as before");
	json_object_object_del(o, "args");
	is_int(sentence_parse(&arena, o, &t), E_INPUT, "no arguments: refused");
	json_put(o, "args", json_object_new_array());
	for (int i = 0; i < 10; i++)
		json_object_array_add(
		    json_sub(o, "args"), json_object_new_string("x"));
	is_int(sentence_parse(&arena, o, &t), E_INPUT,
	    "too many arguments: refused");
}

int
main(void)
{
	arena_init(&arena);
	formats();
	shown_again();
	travels();
	arena_release(&arena);
	return done();
}
