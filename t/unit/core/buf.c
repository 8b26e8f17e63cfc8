/* Byte strings: their ceilings are what keeps bad input small. */
#include "core/buf.h"

#include "t/tap.h"

static void
stops_at_its_ceiling(void)
{
	struct buf b;

	buf_init(&b, 4);
	buf_add(&b, "1234", 4);
	ok(buf_ok(&b), "exactly the ceiling fits");
	buf_add(&b, "5", 1);
	ok(!buf_ok(&b), "one byte more is refused");
	buf_add(&b, "", 0);
	ok(!buf_ok(&b), "and the refusal sticks");
	is(b.data, "1234", "and what was there stays");
	buf_clear(&b);
	buf_adds(&b, "ab");
	ok(buf_ok(&b), "a cleared buffer takes again");
	is(b.data, "ab", "from the start");
	buf_release(&b);
	is(b.data, "", "released, it is an empty string");
}

static void
moves_bytes(void)
{
	struct buf b;
	size_t n;
	char *p;

	buf_init(&b, 1000);
	buf_printf(&b, "%s=%d", "answer", 42);
	buf_addc(&b, '!');
	is(b.data, "answer=42!", "text is formatted and appended");
	buf_drop(&b, 7);
	is(b.data, "42!", "the front is dropped");
	buf_cut(&b, 2);
	is(b.data, "42", "the end is cut");
	p = buf_reserve(&b, 10);
	memcpy(p, "xy", 2);
	buf_commit(&b, 2);
	is(b.data, "42xy", "reserved room is written in place");
	p = buf_take(&b, &n);
	is(p, "42xy", "the bytes can be taken");
	is_int((long long)n, 4, "with their length");
	is_int((long long)b.len, 0, "and the buffer is empty");
	free(p);
	p = buf_take(&b, NULL);
	is(p, "", "an empty buffer gives an empty string");
	free(p);
}

static void
prints_exactly_to_the_ceiling(void)
{
	struct buf b;

	buf_init(&b, 5);
	buf_printf(&b, "%d", 12345);
	ok(buf_ok(&b), "five digits fit in five bytes");
	buf_clear(&b);
	buf_printf(&b, "%d", 123456);
	ok(!buf_ok(&b), "six do not");
	is(b.data, "", "and nothing of them is written");
	buf_release(&b);
}

int
main(void)
{
	stops_at_its_ceiling();
	moves_bytes();
	prints_exactly_to_the_ceiling();
	return done();
}
