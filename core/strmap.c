#include "core/strmap.h"

#include <string.h>
#include <strings.h>

#define LEAST_SLOTS 16

struct strmap_slot {
	const char *key; /* NULL: free */
	uint32_t hash;
	uint32_t number;
};

static uint32_t
hash_of(const struct strmap *m, const char *s)
{
	return (uint32_t)keyed_hash(&m->secret, s, strlen(s), m->fold);
}

static bool
is_same(const struct strmap *m, const char *a, const char *b)
{
	return m->fold ? strcasecmp(a, b) == 0 : strcmp(a, b) == 0;
}

/* slot_of: where the key is, or would be. */
static struct strmap_slot *
slot_of(const struct strmap *m, const char *key, uint32_t hash)
{
	size_t i = hash & (m->nslots - 1);
	struct strmap_slot *s;

	for (;; i = (i + 1) & (m->nslots - 1)) {
		s = &m->slots[i];
		if (s->key == NULL ||
		    (s->hash == hash && is_same(m, s->key, key)))
			return s;
	}
}

static void
strmap_grow(struct strmap *m)
{
	struct strmap_slot *old = m->slots;
	size_t n = m->nslots;

	m->nslots = 2 * n;
	m->slots = arena_array(m->arena, m->nslots, sizeof(*m->slots));
	for (size_t i = 0; i < n; i++)
		if (old[i].key != NULL)
			*slot_of(m, old[i].key, old[i].hash) = old[i];
}

void
strmap_init(struct strmap *m, struct arena *a, size_t keys, bool fold)
{
	*m = (struct strmap){.arena = a, .nslots = LEAST_SLOTS, .fold = fold};
	while (m->nslots < 2 * keys)
		m->nslots *= 2;
	m->slots = arena_array(a, m->nslots, sizeof(*m->slots));
	hash_secret_make(&m->secret);
}

/* strmap_fill: the free slot s is the key's from now on. */
static void
strmap_fill(struct strmap *m, struct strmap_slot *s, const char *key,
    uint32_t hash, uint32_t number)
{
	*s = (struct strmap_slot){key, hash, number};
	if (++m->n > m->nslots / 4 * 3)
		strmap_grow(m);
}

bool
strmap_add(struct strmap *m, const char *key, uint32_t number)
{
	uint32_t hash = hash_of(m, key);
	struct strmap_slot *s = slot_of(m, key, hash);

	if (s->key != NULL)
		return false;
	strmap_fill(m, s, key, hash, number);
	return true;
}

void
strmap_count(struct strmap *m, const char *key)
{
	uint32_t hash = hash_of(m, key);
	struct strmap_slot *s = slot_of(m, key, hash);

	if (s->key == NULL)
		strmap_fill(m, s, key, hash, 1);
	else
		s->number++;
}

void
strmap_set(struct strmap *m, const char *key, uint32_t number)
{
	if (!strmap_add(m, key, number))
		slot_of(m, key, hash_of(m, key))->number = number;
}

bool
strmap_remove(struct strmap *m, const char *key)
{
	struct strmap_slot *s = slot_of(m, key, hash_of(m, key));
	size_t mask = m->nslots - 1, hole = (size_t)(s - m->slots), home;

	if (s->key == NULL)
		return false;
	/* Later keys of the run move back, unless that is before their home. */
	for (size_t i = (hole + 1) & mask; m->slots[i].key != NULL;
	     i = (i + 1) & mask) {
		home = m->slots[i].hash & mask;
		if (((i - home) & mask) < ((i - hole) & mask))
			continue;
		m->slots[hole] = m->slots[i];
		hole = i;
	}
	m->slots[hole] = (struct strmap_slot){0};
	m->n--;
	return true;
}

uint32_t
strmap_get(const struct strmap *m, const char *key)
{
	const struct strmap_slot *s = slot_of(m, key, hash_of(m, key));

	return s->key == NULL ? STRMAP_NONE : s->number;
}
