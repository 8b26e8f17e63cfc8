/* Numbers by string: a wrong one shows the events of another account. */
#include "core/strmap.h"

#include "t/tap.h"

static struct arena arena;

static void
one_key_has_one_number(void)
{
	struct strmap m;

	strmap_init(&m, &arena, 0, false);
	ok(strmap_get(&m, "a") == STRMAP_NONE, "an empty map has no key");
	ok(strmap_add(&m, "a", 1), "a key is added");
	ok(!strmap_add(&m, "a", 2), "and not a second time");
	ok(strmap_get(&m, "a") == 1, "it keeps its number");
	strmap_set(&m, "a", 3);
	ok(strmap_get(&m, "a") == 3, "until another one is set");
	ok(strmap_get(&m, "A") == STRMAP_NONE, "case makes another key");
}

static void
case_may_be_folded(void)
{
	struct strmap m;

	strmap_init(&m, &arena, 0, true);
	(void)strmap_add(&m, "Name", 1);
	ok(strmap_get(&m, "nAME") == 1, "both cases are one key");
	ok(strmap_remove(&m, "NAME") && strmap_get(&m, "Name") == STRMAP_NONE,
	    "for removing, too");
}

/* Held against an array: removing must not hide a key that collided. */
static void
removing_leaves_the_others(void)
{
	enum { KEYS = 2000 };
	static char keys[KEYS][8];
	static uint32_t expected[KEYS];
	uint32_t state = 1, wrong = 0;
	struct strmap m;

	strmap_init(&m, &arena, 0, false);
	for (uint32_t i = 0; i < KEYS; i++) {
		snprintf(keys[i], sizeof(keys[i]), "%u", i);
		expected[i] = STRMAP_NONE;
	}
	for (uint32_t step = 0; step < 100000; step++) {
		uint32_t i;

		state = state * 1664525u + 1013904223u;
		i = (state >> 8) % KEYS;
		if (state >> 31 != 0) {
			wrong += strmap_remove(&m, keys[i]) !=
				 (expected[i] != STRMAP_NONE);
			expected[i] = STRMAP_NONE;
		} else {
			strmap_set(&m, keys[i], step);
			expected[i] = step;
		}
	}
	for (uint32_t i = 0; i < KEYS; i++)
		wrong += strmap_get(&m, keys[i]) != expected[i];
	is_int(wrong, 0, "each key is found, or not, after 100,000 steps");
}

int
main(void)
{
	arena_init(&arena);
	one_key_has_one_number();
	case_may_be_folded();
	removing_leaves_the_others();
	arena_release(&arena);
	return done();
}
