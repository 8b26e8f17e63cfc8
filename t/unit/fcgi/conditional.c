/* ETags and ranges: a download goes on where it broke off. */
#include "fcgi/conditional.h"

#include "t/tap.h"

static void
part(const char *header, size_t size, size_t first, size_t last)
{
	size_t f = 999, l = 999;

	ok(range_parse(header, size, &f, &l) == RANGE_PART && f == first &&
		l == last,
	    "%s of %zu is %zu-%zu", header, size, first, last);
}

static void
verdict(const char *header, size_t size, enum byte_range want, const char *name)
{
	size_t f, l;

	is_int(range_parse(header, size, &f, &l), want, name);
}

static void
ranges(void)
{
	part("bytes=0-0", 10, 0, 0);
	part("bytes=0-", 10, 0, 9);
	part("bytes=3-5", 10, 3, 5);
	part("bytes=3-99", 10, 3, 9);
	part("bytes=9-9", 10, 9, 9);
	part("bytes=-1", 10, 9, 9);
	part("bytes=-99", 10, 0, 9);
	part("Bytes= 1-2 ", 10, 1, 2);
	part("bytes=0-18446744073709551616", 10, 0, 9);
	verdict("bytes=10-", 10, RANGE_NONE, "one past the end");
	verdict("bytes=99999999999999999999999-", 10, RANGE_NONE, "far past");
	verdict("bytes=-0", 10, RANGE_NONE, "the last nothing");
	verdict("bytes=0-", 0, RANGE_NONE, "of an empty file");
	verdict(NULL, 10, RANGE_WHOLE, "none asked for");
	verdict("", 10, RANGE_WHOLE, "an empty header");
	verdict("bytes=", 10, RANGE_WHOLE, "no range in it");
	verdict("bytes=-", 10, RANGE_WHOLE, "only a dash");
	verdict("bytes=5-3", 10, RANGE_WHOLE, "backwards");
	verdict("bytes=1-2,4-5", 10, RANGE_WHOLE, "two ranges");
	verdict("lines=1-2", 10, RANGE_WHOLE, "another unit");
	verdict("bytes=a-b", 10, RANGE_WHOLE, "letters");
	verdict("bytes=1-2x", 10, RANGE_WHOLE, "something after it");
}

static void
etags(void)
{
	ok(etag_listed("\"abc\"", "\"abc\"", true), "the tag itself");
	ok(etag_listed("\"x\", \"abc\"", "\"abc\"", true), "one of a list");
	ok(etag_listed("*", "\"abc\"", true), "any");
	ok(etag_listed("W/\"abc\"", "\"abc\"", true),
	    "weak where that will do");
	ok(!etag_listed("W/\"abc\"", "\"abc\"", false), "and not where not");
	ok(!etag_listed("\"abcd\"", "\"abc\"", true), "a longer one");
	ok(!etag_listed("abc", "\"abc\"", true), "without its quotes");
	ok(!etag_listed("", "\"abc\"", true), "an empty header");
	ok(!etag_listed("\"abc", "\"abc\"", true), "not closed");
	ok(!etag_listed(",,W/", "\"abc\"", true), "a broken list");
}

int
main(void)
{
	ranges();
	etags();
	return done();
}
