/*
 * hash_set: a set of 64-bit hashes, none of them 0, in an arena.
 *
 * The hashes are of words of one text: who chooses words that collide makes
 * only the reading of that text slower.
 */
#ifndef CORE_HASH_SET_H
#define CORE_HASH_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct hash_set {
	struct arena *arena;
	uint64_t *slot; /* 0: free */
	size_t nslots;  /* a power of two */
	size_t n;
};

#define HASH_FNV 0xcbf29ce484222325u /* what hash_fnv begins with */

/* hash_fnv: h, and then the byte c (FNV-1a, 64 bits). */
static inline uint64_t
hash_fnv(uint64_t h, unsigned char c)
{
	return (h ^ c) * 0x100000001b3u;
}

/* hash_set_init: an empty set with room for about so many. */
void hash_set_init(struct hash_set *s, struct arena *a, size_t n);

bool hash_set_has(const struct hash_set *s, uint64_t h);

/* hash_set_add: false when it was there already. */
bool hash_set_add(struct hash_set *s, uint64_t h);

#endif
