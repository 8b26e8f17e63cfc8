#include "worker/site/counter.h"

#define FIRST_TEXTS 512

void
counter_add(struct counter *t, const char *text)
{
	if (*text == '\0')
		return;
	if (t->seen.slots == NULL) {
		arena_init(&t->arena);
		strmap_init(&t->seen, &t->arena, FIRST_TEXTS, true);
	}
	strmap_count(&t->seen, text);
}

bool
counter_shared(const struct counter *t, const char *text, unsigned most)
{
	uint32_t times =
	    t->seen.slots == NULL ? STRMAP_NONE : strmap_get(&t->seen, text);

	return times != STRMAP_NONE && times > most;
}

void
counter_free(struct counter *t)
{
	if (t->seen.slots != NULL)
		arena_release(&t->arena);
	*t = (struct counter){0};
}
