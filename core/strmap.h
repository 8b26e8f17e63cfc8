/*
 * strmap: numbers by string, in one step however many there are.
 *
 * Keys are borrowed and must live until they are removed; the map lives in the
 * arena and grows only.  The hash has a secret of its own, so nobody can choose
 * keys that collide.
 */
#ifndef CORE_STRMAP_H
#define CORE_STRMAP_H

#include "core/arena.h"
#include "core/keyed_hash.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STRMAP_NONE UINT32_MAX

struct strmap_slot;

struct strmap {
	struct arena *arena;
	struct strmap_slot *slots;
	size_t nslots; /* a power of two */
	size_t n;      /* keys */
	struct hash_secret secret;
	bool fold; /* "A" and "a" (ASCII) are one key */
};

/* strmap_init: an empty map with room for about so many keys. */
void strmap_init(struct strmap *m, struct arena *a, size_t keys, bool fold);

/* strmap_add: false, and nothing changed, when the key is there already. */
bool strmap_add(struct strmap *m, const char *key, uint32_t number);

/* strmap_set: the key's number from now on. */
void strmap_set(struct strmap *m, const char *key, uint32_t number);

/* strmap_remove: false when there is no such key. */
bool strmap_remove(struct strmap *m, const char *key);

/* strmap_count: the key's number is one more; at first it is 1. */
void strmap_count(struct strmap *m, const char *key);

/* strmap_get: the key's number, or STRMAP_NONE. */
uint32_t strmap_get(const struct strmap *m, const char *key);

#endif
