/*
 * known: a number for each of many strings, which are not kept.
 *
 * A string is known by 64 bits of hash alone, which saves its bytes.  Two of
 * a site's 200,000 URLs meet in them once in a billion sites; a site that
 * makes its own URLs meet leaves one of them out of its own file.
 */
#ifndef WORKER_CRAWL_HASH_INDEX_H
#define WORKER_CRAWL_HASH_INDEX_H

#include "core/keyed_hash.h"

#include <stddef.h>
#include <stdint.h>

struct known_slot;

struct known {
	struct hash_secret secret; /* so that no site can make URLs collide */
	struct known_slot *slot;   /* owned; n of them, a power of two */
	size_t n, used;
};

/* known_init: empty; release with known_release. */
void known_init(struct known *k);
void known_release(struct known *k);

/* known_find: the number of s, or none. */
uint32_t known_find(const struct known *k, const char *s, uint32_t none);

/* known_add: s has the number from now on, unless it has one already. */
void known_add(struct known *k, const char *s, uint32_t number);

#endif
