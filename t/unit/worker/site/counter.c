/* Which texts of a site many pages share, however alike they begin. */
#include "core/arena.h"
#include "t/tap.h"
#include "worker/site/counter.h"

#include <string.h>
#include <time.h>

static struct arena arena;

static void
counts_texts(void)
{
	struct counter t = {0};

	ok(!counter_shared(&t, "a", 0), "nothing is known");
	counter_add(&t, "We sell boats.");
	counter_add(&t, "WE SELL BOATS.");
	counter_add(&t, "We sell boats");
	counter_add(&t, "");
	ok(counter_shared(&t, "we sell Boats.", 1), "upper and lower case");
	ok(!counter_shared(&t, "we sell Boats.", 2), "twice, not more");
	ok(!counter_shared(&t, "We sell boats", 1), "another text");
	ok(!counter_shared(&t, "", 0), "nothing is no text");
	counter_free(&t);
}

/* Texts of a shop: one template, and a number at its end. */
static const char *
offer(unsigned i)
{
	return arena_printf(&arena,
	    "Buy the finest boats and all that belongs to them at the best "
	    "price of the whole coast: No. %u",
	    i);
}

static void
ends_soon(void)
{
	struct counter t = {0};
	unsigned fine = 0;
	clock_t began = clock();

	for (unsigned i = 0; i < 50000; i++)
		counter_add(&t, offer(i));
	for (unsigned i = 0; i < 100000; i++)
		fine += counter_shared(&t, offer(i), 0) == (i < 50000);
	is_int(fine, 100000, "texts that end differently are told apart");
	within((double)(clock() - began) / CLOCKS_PER_SEC, 2,
	    "50,000 texts are counted soon");
	counter_free(&t);
}

int
main(void)
{
	arena_init(&arena);
	counts_texts();
	ends_soon();
	arena_release(&arena);
	return done();
}
