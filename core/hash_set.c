#include "core/hash_set.h"

#include "core/arena.h"

#define LEAST_SLOTS 1024

/* hash_set_slot: where h is, or would be. */
static uint64_t *
hash_set_slot(const struct hash_set *s, uint64_t h)
{
	size_t mask = s->nslots - 1, i = (h ^ h >> 29) & mask;

	while (s->slot[i] != 0 && s->slot[i] != h)
		i = (i + 1) & mask;
	return &s->slot[i];
}

void
hash_set_init(struct hash_set *s, struct arena *a, size_t n)
{
	*s = (struct hash_set){.arena = a, .nslots = LEAST_SLOTS};
	while (s->nslots < n)
		s->nslots *= 2;
	s->slot = arena_array(a, s->nslots, sizeof(*s->slot));
}

bool
hash_set_has(const struct hash_set *s, uint64_t h)
{
	return *hash_set_slot(s, h) != 0;
}

bool
hash_set_add(struct hash_set *s, uint64_t h)
{
	uint64_t *slot = hash_set_slot(s, h);
	struct hash_set old = *s;

	if (*slot != 0)
		return false;
	*slot = h;
	if (++s->n <= s->nslots / 2)
		return true;
	s->nslots *= 2;
	s->slot = arena_array(s->arena, s->nslots, sizeof(*s->slot));
	for (size_t i = 0; i < old.nslots; i++)
		if (old.slot[i] != 0)
			*hash_set_slot(s, old.slot[i]) = old.slot[i];
	return true;
}
