/* Cursors: where a client goes on. */
#include "t/tap.h"
#include "ws/cursor.h"

static void
reads(const char *text, const char *want)
{
	char out[CURSOR_MAX], name[128];
	struct cursor c;
	int good = cursor_parse(text, &c);

	snprintf(name, sizeof(name), "\"%.60s\"", text);
	is(good ? cursor_text(&c, out) : "refused", want, name);
	ok(good == cursor_is_set(&c), "... and is set only then");
}

static int
compare(const char *a, const char *b)
{
	struct cursor x, y;

	if (!cursor_parse(a, &x) || !cursor_parse(b, &y))
		return 99;
	return cursor_cmp(&x, &y);
}

int
main(void)
{
	struct cursor a, b;
	char out[CURSOR_MAX];

	reads("k3x9-1700000000000-12", "k3x9-1700000000000-12");
	reads("a-0-0", "a-0-0");
	reads("a-18446744073709551615-18446744073709551615",
	    "a-18446744073709551615-18446744073709551615");
	reads("a-18446744073709551616-0", "refused");
	reads("a-99999999999999999999999-0", "refused");
	reads("", "refused");
	reads("-", "refused");
	reads("--", "refused");
	reads("a--", "refused");
	reads("a-1", "refused");
	reads("a-1-", "refused");
	reads("-1-1", "refused");
	reads("a-1-1-1", "refused");
	reads("a-1-1 ", "refused");
	reads(" a-1-1", "refused");
	reads("a-+1-1", "refused");
	reads("a-01-1", "refused");
	reads("A-1-1", "refused");
	reads("a_b-1-1", "refused");
	reads("abcdefghijklmnop-1-1", "refused");
	reads("abcdefghijklmno-1-1", "abcdefghijklmno-1-1");
	is_int(compare("a-1-1", "a-1-1"), 0, "a cursor is itself");
	is_int(compare("a-1-2", "a-1-10"), -1, "numbers, not letters");
	is_int(compare("a-9-9", "a-10-0"), -1, "time before number");
	is_int(compare("a-2-0", "a-1-99"), 1, "and after");
	ok(cursor_parse("a-1-1", &a) && cursor_parse("b-1-1", &b) &&
		!cursor_same_epoch(&a, &b),
	    "another epoch is told apart");
	ok(cursor_parse_id("ep", "5-6", &a), "a stream's id and an epoch");
	is(cursor_text(&a, out), "ep-5-6", "make a cursor");
	is(cursor_id_text(&a, out), "5-6", "which makes the id again");
	memset(&a, 0, sizeof(a));
	is(cursor_text(&a, out), "", "no cursor is no text");
	return done();
}
