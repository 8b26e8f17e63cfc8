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
	struct tally t = {0};

	ok(!tally_shared(&t, "a", 0), "nothing is known");
	tally_add(&t, "We sell boats.");
	tally_add(&t, "WE SELL BOATS.");
	tally_add(&t, "We sell boats");
	tally_add(&t, "");
	ok(tally_shared(&t, "we sell Boats.", 1), "upper and lower case");
	ok(!tally_shared(&t, "we sell Boats.", 2), "twice, not more");
	ok(!tally_shared(&t, "We sell boats", 1), "another text");
	ok(!tally_shared(&t, "", 0), "nothing is no text");
	tally_free(&t);
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
	struct tally t = {0};
	unsigned fine = 0;
	clock_t began = clock();

	for (unsigned i = 0; i < 50000; i++)
		tally_add(&t, offer(i));
	for (unsigned i = 0; i < 100000; i++)
		fine += tally_shared(&t, offer(i), 0) == (i < 50000);
	is_int(fine, 100000, "texts that end differently are told apart");
	within((double)(clock() - began) / CLOCKS_PER_SEC, 2,
	    "50,000 texts are counted soon");
	tally_free(&t);
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
