#include "worker/crawl/hash_index.h"

#include "core/log.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_SLOTS 1024

struct known_slot {
	uint64_t hash; /* 0: free */
	uint32_t number;
};

static uint64_t
hash_of(const struct known *k, const char *s)
{
	uint64_t h = keyed_hash(&k->secret, s, strlen(s), false);

	return h == 0 ? 1 : h;
}

static struct known_slot *
new_slots(size_t n)
{
	struct known_slot *slot = calloc(n, sizeof(*slot));

	if (slot == NULL)
		fatal("out of memory for the URLs of a site");
	return slot;
}

void
known_init(struct known *k)
{
	k->slot = new_slots(FIRST_SLOTS);
	k->n = FIRST_SLOTS;
	k->used = 0;
	hash_secret_make(&k->secret);
}

void
known_release(struct known *k)
{
	free(k->slot);
	k->slot = NULL;
}

/* slot_of: where the hash is, or would be. */
static struct known_slot *
slot_of(const struct known *k, uint64_t hash)
{
	size_t i = hash & (k->n - 1);

	while (k->slot[i].hash != 0 && k->slot[i].hash != hash)
		i = (i + 1) & (k->n - 1);
	return &k->slot[i];
}

static void
grow(struct known *k)
{
	struct known bigger = {.slot = new_slots(2 * k->n),
	    .n = 2 * k->n,
	    .used = k->used,
	    .secret = k->secret};

	for (size_t i = 0; i < k->n; i++)
		if (k->slot[i].hash != 0)
			*slot_of(&bigger, k->slot[i].hash) = k->slot[i];
	free(k->slot);
	*k = bigger;
}

uint32_t
known_find(const struct known *k, const char *s, uint32_t none)
{
	const struct known_slot *slot = slot_of(k, hash_of(k, s));

	return slot->hash == 0 ? none : slot->number;
}

void
known_add(struct known *k, const char *s, uint32_t number)
{
	uint64_t hash = hash_of(k, s);
	struct known_slot *slot;

	if (2 * k->used >= k->n)
		grow(k);
	slot = slot_of(k, hash);
	if (slot->hash != 0)
		return;
	slot->hash = hash;
	slot->number = number;
	k->used++;
}
