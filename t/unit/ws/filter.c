/* Which generations a client hears of. */
#include "t/tap.h"
#include "ws/filter.h"

static struct uuid
id(int n)
{
	struct uuid u = {{0}};

	u.b[0] = (unsigned char)(n * 37);
	u.b[15] = (unsigned char)n;
	u.b[14] = (unsigned char)(n >> 8);
	return u;
}

#define ID(n) (&(struct uuid[]){id(n)}[0])

static void
listens_to_some(void)
{
	struct filter f = {0};

	ok(!filter_match(&f, ID(1)), "nothing at first");
	for (int i = 0; i < 50; i++)
		ok(filter_add(&f, ID(i)), "adds %d", i);
	ok(filter_add(&f, ID(7)), "twice is once");
	is_int(f.n, 50, "no more than were added");
	for (int i = 0; i < 50; i++)
		ok(filter_match(&f, ID(i)), "hears of %d", i);
	ok(!filter_match(&f, ID(50)), "and of no other");
	ok(filter_remove(&f, ID(7)), "one less");
	ok(!filter_match(&f, ID(7)), "is not heard any more");
	ok(filter_match(&f, ID(8)), "its neighbour is");
	filter_none(&f);
	ok(!filter_match(&f, ID(8)), "none");
	filter_release(&f);
}

static void
listens_to_all(void)
{
	struct filter f = {0};

	filter_add(&f, ID(3));
	filter_all(&f);
	ok(filter_match(&f, ID(1)), "hears of all");
	filter_remove(&f, ID(1));
	ok(!filter_match(&f, ID(1)), "but one");
	ok(filter_match(&f, ID(3)), "and of the others");
	filter_add(&f, ID(1));
	ok(filter_match(&f, ID(1)), "until it is asked for again");
	ok(!filter_all_finished(&f), "all is never over");
	filter_release(&f);
}

static void
knows_its_end(void)
{
	struct filter f = {0};

	ok(filter_all_finished(&f), "nothing is over");
	filter_add(&f, ID(1));
	filter_add(&f, ID(2));
	ok(!filter_all_finished(&f), "two that run are not");
	filter_set_finished(&f, ID(1), true);
	ok(!filter_all_finished(&f), "nor one of them");
	filter_set_finished(&f, ID(2), true);
	ok(filter_all_finished(&f), "both are");
	filter_set_finished(&f, ID(1), false);
	ok(!filter_all_finished(&f), "unless one is tried again");
	filter_set_finished(&f, ID(9), true);
	is_int(f.n, 2, "an unknown one is not added by ending");
	filter_release(&f);
}

static void
has_a_limit(void)
{
	struct filter f = {0};
	int n = 0;

	while (n < 2 * FILTER_MAX && filter_add(&f, ID(n)))
		n++;
	is_int(n, FILTER_MAX, "no more ids than the limit");
	ok(filter_match(&f, ID(n - 1)), "the last that fit is heard");
	ok(filter_add(&f, ID(0)), "one that is there may be named again");
	filter_release(&f);
}

int
main(void)
{
	listens_to_some();
	listens_to_all();
	knows_its_end();
	has_a_limit();
	return done();
}
