#include "core/keyed_hash.h"

#include "core/ids.h"

#include <string.h>

/* Rounds for each word, and at the end. */
#define WORD_ROUNDS 2
#define LAST_ROUNDS 4

void
hash_secret_make(struct hash_secret *s)
{
	random_bytes(s->k, sizeof(s->k));
}

static inline uint64_t
rotate_left(uint64_t x, int bits)
{
	return x << bits | x >> (64 - bits);
}

static inline void
siphash_mix(uint64_t v[4], int rounds)
{
	while (rounds-- > 0) {
		v[0] += v[1];
		v[2] += v[3];
		v[1] = rotate_left(v[1], 13) ^ v[0];
		v[3] = rotate_left(v[3], 16) ^ v[2];
		v[0] = rotate_left(v[0], 32);
		v[2] += v[1];
		v[0] += v[3];
		v[1] = rotate_left(v[1], 17) ^ v[2];
		v[3] = rotate_left(v[3], 21) ^ v[0];
		v[2] = rotate_left(v[2], 32);
	}
}

/* word_of: n bytes, at most 8, the first one lowest. */
static inline uint64_t
word_of(const unsigned char *p, size_t n, bool fold)
{
	uint64_t word = 0;

	for (size_t i = n; i-- > 0;) {
		unsigned char c = p[i];

		if (fold && c >= 'A' && c <= 'Z')
			c |= 0x20;
		word = word << 8 | c;
	}
	return word;
}

static inline void
siphash_take(uint64_t v[4], uint64_t word)
{
	v[3] ^= word;
	siphash_mix(v, WORD_ROUNDS);
	v[0] ^= word;
}

uint64_t
keyed_hash(const struct hash_secret *s, const void *bytes, size_t n, bool fold)
{
	const unsigned char *p = bytes;
	uint64_t v[4] = {s->k[0] ^ 0x736f6d6570736575ULL,
	    s->k[1] ^ 0x646f72616e646f6dULL, s->k[0] ^ 0x6c7967656e657261ULL,
	    s->k[1] ^ 0x7465646279746573ULL};
	uint64_t last = (uint64_t)n << 56;

	for (; n >= 8; p += 8, n -= 8)
		siphash_take(v, word_of(p, 8, fold));
	siphash_take(v, last | word_of(p, n, fold));
	v[2] ^= 0xff;
	siphash_mix(v, LAST_ROUNDS);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}
