/*
 * keyed_hash: SipHash-2-4 (Aumasson, Bernstein, 2012), for tables whose keys
 * come from outside.  Without the secret nobody can choose keys that
 * collide.
 */
#ifndef CORE_KEYED_HASH_H
#define CORE_KEYED_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hash_secret {
	uint64_t k[2];
};

/* hash_secret_make: a new one from the system's generator. */
void hash_secret_make(struct hash_secret *s);

/*
 * keyed_hash: of n bytes.  fold: "A" and "a" (ASCII) are one byte.  It differs
 * from one process to the next, so it must not stand in a file.
 */
uint64_t keyed_hash(
    const struct hash_secret *s, const void *bytes, size_t n, bool fold);

#endif
