/* What is quoted in a sentence is whole letters, whatever was sent. */
#include "core/text.h"

#include "t/tap.h"

static void
valid(void)
{
	static const char *const bad[] = {"\x80", "\xff", "\xc0\xaf",
	    "\xe2\x82", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf0\x80\x80\x80"};

	ok(text_valid("", 0), "nothing is text");
	ok(text_valid("a\xc3\xbc\xe2\x82\xac\xf0\x9f\x98\x80", 10),
	    "letters of one to four bytes");
	ok(!text_valid("a\0b", 3), "a NUL is not");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(!text_valid(bad[i], strlen(bad[i])), "no UTF-8: case %zu",
		    i);
}

static void
bits(struct arena *a)
{
	char longer[200];
	const char *bit;

	is(text_excerpt(a, "short"), "short", "what is short stays");
	is(text_excerpt(a, "a\nb\x1b[2J\xff"), "a?b?[2J?",
	    "what would confuse is a question mark");
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	is_int(
	    (long long)strlen(text_excerpt(a, longer)), 63, "the rest is dots");
	memset(longer, 'x', 59);
	memcpy(longer + 59, "\xe2\x82\xac", 3);
	bit = text_excerpt(a, longer);
	ok(text_valid(bit, strlen(bit)), "no letter is cut in two");
	longer[60 - 3] = '\0';
	is(text_excerpt(a, longer), longer, "as much as fits");
	is(text_pointer(a, "a/b~c"), "a~1b~0c", "a pointer's own signs");
}

static void
lines(struct arena *a)
{
	is(text_line(a, " A fox\r\n\tprints\x07 ", 80), "A fox prints",
	    "many lines on one");
	is(text_line(a, "a\xe2\x80\xaeharmless\xe2\x80\xa8line", 80),
	    "aharmless line", "none that reads backwards");
	is(text_line(
	       a, "\xe2\x80\xae\xef\xbb\xbf \xe2\x80\x8b\xe2\x80\x8d", 80),
	    "", "what nobody can see is no text");
	is(text_line(a, "\xe3\x80\x80\xe2\x9c\x92\xef\xb8\x8f x\xc2\xad", 80),
	    "\xe2\x9c\x92\xef\xb8\x8f x", "but a letter keeps its looks");
	is(text_number(a, 0), "0", "a number of one digit");
	is(text_number(a, 6006), "6,006", "thousands are set apart");
	is(text_number(a, -123), "-123", "a sign is no digit");
	is(text_number(a, -1234567), "-1,234,567", "nor of a long one");
	is(text_line(a, "a fox prints", 12), "a fox prints", "what fits stays");
	is(text_line(a, "a fox prints", 11), "a fox…",
	    "whole words of the rest");
	is(text_line(a, "狐が本を刷っている", 5), "狐が本を…",
	    "or letters, where there are no spaces");
	is_int((long long)text_count("狐が本"), 3, "letters, not bytes");
}

int
main(void)
{
	struct arena a;

	arena_init(&a);
	valid();
	lines(&a);
	bits(&a);
	arena_release(&a);
	return done();
}
