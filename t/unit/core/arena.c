/* Memory of a request: what goes wrong here shows as garbage on any page. */
#include "core/arena.h"

#include "t/tap.h"

#include <stdint.h>

static int order[4];
static int calls;

static void
note(void *arg)
{
	order[calls++] = (int)(intptr_t)arg;
}

static void
hands_out_zeroed_aligned_memory(void)
{
	struct arena a;
	unsigned char *p;
	int clean = 1, aligned = 1;

	arena_init(&a);
	for (int round = 0; round < 3; round++) {
		for (size_t n = 1; n < 40000; n = n * 3 + 1) {
			p = arena_alloc(&a, n);
			aligned &= (uintptr_t)p % 16 == 0;
			for (size_t i = 0; i < n; i++)
				clean &= p[i] == 0;
			memset(p, 0xff, n);
		}
		arena_reset(&a);
	}
	ok(clean, "every byte is zero, also after a reset");
	ok(aligned, "every piece is aligned for any type");
	is_int((long long)a.used, 0, "a reset arena is empty");
	arena_release(&a);
}

static void
keeps_strings_apart(void)
{
	struct arena a;
	char *s, *t, *big;

	arena_init(&a);
	s = arena_strdup(&a, "one");
	big = arena_alloc(&a, 100000);
	memset(big, 'x', 100000);
	t = arena_printf(&a, "%s-%d", "two", 2);
	is(s, "one", "a big neighbour does not touch a string");
	is(t, "two-2", "text is formatted");
	is(arena_strndup(&a, "abcdef", 3), "abc", "a piece is terminated");
	arena_release(&a);
}

static void
runs_cleanups_last_first_and_once(void)
{
	struct arena a;

	arena_init(&a);
	arena_defer(&a, note, (void *)(intptr_t)1);
	arena_defer(&a, note, (void *)(intptr_t)2);
	arena_reset(&a);
	is_int(calls, 2, "a reset runs the cleanups");
	ok(order[0] == 2 && order[1] == 1, "the last registered runs first");
	arena_release(&a);
	is_int(calls, 2, "and never twice");
}

int
main(void)
{
	hands_out_zeroed_aligned_memory();
	keeps_strings_apart();
	runs_cleanups_last_first_and_once();
	return done();
}
