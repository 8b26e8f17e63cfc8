#include "core/hash_index.h"

#include "core/log.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_SLOTS 1024

struct hash_index_slot {
	uint64_t hash; /* 0: free */
	uint32_t number;
};

static uint64_t
hash_of(const struct hash_index *k, const char *s)
{
	uint64_t h = keyed_hash(&k->secret, s, strlen(s), false);

	return h == 0 ? 1 : h;
}

static struct hash_index_slot *
hash_index_new_slots(size_t n)
{
	struct hash_index_slot *slot = calloc(n, sizeof(*slot));

	if (slot == NULL)
		fatal("out of memory for the URLs of a site");
	return slot;
}

void
hash_index_init(struct hash_index *k)
{
	k->slot = hash_index_new_slots(FIRST_SLOTS);
	k->n = FIRST_SLOTS;
	k->used = 0;
	hash_secret_make(&k->secret);
}

void
hash_index_release(struct hash_index *k)
{
	free(k->slot);
	k->slot = NULL;
}

/* hash_index_slot_of: where the hash is, or would be. */
static struct hash_index_slot *
hash_index_slot_of(const struct hash_index *k, uint64_t hash)
{
	size_t i = hash & (k->n - 1);

	while (k->slot[i].hash != 0 && k->slot[i].hash != hash)
		i = (i + 1) & (k->n - 1);
	return &k->slot[i];
}

static void
hash_index_grow(struct hash_index *k)
{
	struct hash_index bigger = {.slot = hash_index_new_slots(2 * k->n),
	    .n = 2 * k->n,
	    .used = k->used,
	    .secret = k->secret};

	for (size_t i = 0; i < k->n; i++)
		if (k->slot[i].hash != 0)
			*hash_index_slot_of(&bigger, k->slot[i].hash) =
			    k->slot[i];
	free(k->slot);
	*k = bigger;
}

uint32_t
hash_index_find(const struct hash_index *k, const char *s, uint32_t none)
{
	const struct hash_index_slot *slot =
	    hash_index_slot_of(k, hash_of(k, s));

	return slot->hash == 0 ? none : slot->number;
}

void
hash_index_add(struct hash_index *k, const char *s, uint32_t number)
{
	uint64_t hash = hash_of(k, s);
	struct hash_index_slot *slot;

	if (2 * k->used >= k->n)
		hash_index_grow(k);
	slot = hash_index_slot_of(k, hash);
	if (slot->hash != 0)
		return;
	slot->hash = hash;
	slot->number = number;
	k->used++;
}
