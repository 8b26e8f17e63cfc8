/*
 * hash_index: a number for each of many strings, which are not kept.
 *
 * Only 64 bits of hash are kept of a string, which saves its bytes.  Two of the
 * 200,000 URLs of a site collide once in a billion sites.  A site that makes
 * its own URLs collide would only lose one of them from its own file.
 */
#ifndef CORE_HASH_INDEX_H
#define CORE_HASH_INDEX_H

#include "core/keyed_hash.h"

#include <stddef.h>
#include <stdint.h>

struct hash_index_slot;

struct hash_index {
	struct hash_secret secret; /* so that no site can make URLs collide */
	struct hash_index_slot *slot; /* owned; n of them, a power of two */
	size_t n, used;
};

/* hash_index_init: empty; release with hash_index_release. */
void hash_index_init(struct hash_index *k);
void hash_index_release(struct hash_index *k);

/* hash_index_find: the number of s, or none. */
uint32_t hash_index_find(
    const struct hash_index *k, const char *s, uint32_t none);

/* hash_index_add: s has the number from now on, unless it has one already. */
void hash_index_add(struct hash_index *k, const char *s, uint32_t number);

#endif
